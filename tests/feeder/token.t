#!/bin/bash
# feeder token: the file that livescore --token-file reads.
# tags: once
. tests/lib/lib.sh

file=$scratch/tokens
token() { feeder token "$1" --file "$file" "${@:2}" 2>&1; }

first=$(token new --name desk)
like "$first" '^[0-9a-f]{40}$' 'a new token has 160 bits'
is "$(cat "$file")" "$first name=desk" 'a new token stands in the file, with its name'
is "$(stat -c %a "$file")" 640 'other users cannot read a new token file'
second=$(token new --name wall --match '7,8*' --type goal --until 2027-01-01T00:00:00Z)
[ "$first" != "$second" ]; ok $? 'two tokens differ'
is "$(tail -1 "$file")" "$second name=wall match=7,8* type=goal until=2027-01-01T00:00:00Z" 'a token may be limited'
is "$(token list)" "${first:0:8}... name=desk
${second:0:8}... name=wall match=7,8* type=goal until=2027-01-01T00:00:00Z" 'list shows all but the tokens'
like "$(token new --name desk; echo "exit $?")" $'is taken\nexit 64' 'a name cannot be used twice'
for wrong in '--name a/b' '--name new --match ,' '--name new --until tomorrow' '--name new --until 2027-02-30T00:00:00Z' '--name new --type GOAL'; do
    # shellcheck disable=SC2086 # words
    like "$(token new $wrong; echo "exit $?")" 'expected (name|match|type|until)=.*exit 64' "new $wrong is refused, and feeder says what was expected"
done
like "$(token new --name new --type $'goal\n0123456789abcdef'; echo "exit $?")" 'exit 64' 'an option cannot add a second token'
like "$(token new; echo "exit $?")" 'exit 64' 'a token must have a name'

# By hand: an old file's lines, and comments.
chmod 600 "$file"
printf '# by hand\n0123456789abcdef-bare\n' >>"$file"
token revoke --name desk
is "$(token revoke --name 01234567; tail -1 "$file")" '# by hand' 'a token without a name is revoked by what list shows of it'
is "$(grep -c "$first" "$file")" 0 'a token that was revoked is not in the file'
is "$(grep -c "$second" "$file")" 1 'the other tokens stay'
is "$(stat -c %a "$file")" 600 'the file keeps its mode'
like "$(token revoke --name desk; echo "exit $?")" $'no such token\nexit 64' 'only a token of the file can be revoked'
if [ "$(id -u)" -eq 0 ]; then
    chown 1:2 "$file"
    token new --name third >/dev/null
    is "$(stat -c %u:%g "$file")" 1:2 'the file keeps its owner and group'
fi
for i in 1 2 3 4 5 6 7 8; do token new --name "n$i" >/dev/null & done
wait
is "$(token list | grep -c 'name=n[1-8]$')" 8 'processes that add tokens at the same time lose none'
file=$scratch/none
like "$(token new --name desk --type GOAL; token revoke --name desk)" $'expected type= and .*lower case.*\n.*no such token' 'a refused command says what is wrong'
is "$(ls "$scratch")" tokens 'no other file is left, and none of a command that was refused'
file=$scratch/tokens
cp "$file" "$scratch/kept"
printf 'short\n' >>"$file"
like "$(token list; token new --name late; echo "exit $?")" "tokens: line $(wc -l <"$file"): expected a token of 16 .*exit 65" 'a wrong line is named with its number'
mv "$scratch/kept" "$file"
chmod 644 "$file"
like "$(token list; echo "exit $?")" $'chmod o=\nexit 66' 'a file that other users can read is reported'
done_testing
