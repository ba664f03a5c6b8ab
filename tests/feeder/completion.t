#!/bin/bash
# Completion of feeder's command line, in bash, and in zsh through a terminal.
# tags: once
. tests/lib/lib.sh

# shellcheck disable=SC1091
. src/completion/feeder.bash
compopt() { :; } # for readline only
# completes WORD... - what bash offers for the last word
completes() {
    COMP_WORDS=(feeder "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _feeder
    printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}

commands=$(feeder --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for command in init load add void prune status check backup upgrade; do
    like "$(completes '')" "(^| )$command( |\$)" "bash offers the command $command"
done
is "$(completes '' | wc -w)" "$(($(wc -w <<<"$commands") + 1))" 'bash offers no other command, but help'
is "$(completes pru)" 'prune ' 'bash completes a command'
is "$(completes -d live.db sta)" 'status ' 'bash completes a command after -d'
is "$(completes help che)" 'check ' 'bash completes a command after help'
is "$(completes prune --o)" '--older-than ' "bash completes a command's option"
is "$(completes prune --older-than 7d --k)" '--keep-last ' 'bash completes an option after another'
is "$(completes status --ol)" ' ' 'bash offers no option of another command'
for command in $commands; do
    is "$(completes "$command" -- | wc -w)" "$(feeder help "$command" | sed '1,/^Options:/d' | grep -c -- --)" "all options of $command are offered"
done
is "$(completes check --user roo)" 'root ' 'bash completes a user'
mkdir "$scratch/in"
: >"$scratch/in/one.json"
is "$(completes load "$scratch/in/")" "$scratch/in/one.json " 'bash completes a file'
is "$(completes -d "$scratch/in/o")" "$scratch/in/one.json " 'bash completes a database'

if ! command -v zsh >/dev/null; then
    [ -z "${CI:-}" ]
    ok $? 'zsh # SKIP missing: zsh'
    done_testing
fi
# zsh completes only in a terminal.  Its screen is in $scratch/screen.
cat >"$scratch/type.py" <<'PYTHON'
import os, pty, select, sys, time
functions, bin_, typed, wanted = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm', PATH=bin_ + ':' + os.environ['PATH'], COLUMNS='200', LINES='50')
    os.execlp('zsh', 'zsh', '-f', '-i')
seen = b''
def until(text, seconds=float(os.environ['PATIENCE'])):
    global seen
    end = time.time() + seconds
    while text not in seen and time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
    return text in seen
os.write(fd, b"PS1='> '; fpath=(%s $fpath); autoload -U compinit; compinit -u -D; print rea''dy\n" % functions.encode())
until(b'ready')
seen = b''
os.write(fd, typed.encode() + b'\t')
found = until(wanted.encode())
os.write(fd, b'\x15exit\n')
time.sleep(0.1)
os.close(fd)
os.waitpid(pid, 0)
print('found' if found else seen)
PYTHON
zsh_shows() { is "$(python3 "$scratch/type.py" "$PWD/src/completion" "$bin" "$1" "$2")" found "$3"; }
zsh_shows 'feeder pru' 'feeder prune' 'zsh completes a command'
zsh_shows 'feeder prune --old' '--older-than' "zsh completes a command's option"
zsh_shows 'feeder check --' 'check the permissions' 'zsh says what an option means'
zsh_shows "feeder load $scratch/in/on" 'one.json' 'zsh completes a file'
done_testing
