#!/bin/bash
# bin/demo for a newcomer: from one command to moving scores, and from Ctrl-C to
# nothing.  And what bin/test says on a machine without a compiler.
# tags: once
. tests/lib/lib.sh
need curl sqlite3 pgrep

mkdir "$scratch/tmp"
export TMPDIR=$scratch/tmp

# A free port: that of a service that has ended.
sqlite3 "$db" <sql/schema.sql >/dev/null
serve || exit
out=$(bin/demo "$port" 2>&1)
like "$?/$out" "^1/.*port $port is taken .* bin/demo $((port + 1))" 'a demo on a port that is taken says how to choose another'
is "$(ls "$TMPDIR")" '' 'a demo on a port in use leaves nothing behind'
kill "$service"
wait "$service"

for bad in x -1 80x 123456; do
    out=$(bin/demo $bad 2>&1)
    like "$?/$out" '^64/.*bin/demo \[PORT\]' "a demo on the invalid port '$bad' shows its usage"
done
out=$(bin/demo 65536 2>&1)
like "$?/$out" '^1/.*from 1 to 65535' 'a demo on port 65536 says which ports there are'

# The shell tests run with SIGINT ignored in the background; Ctrl-C must work here.
demo_start() {
    start env --default-signal=INT,HUP,TERM bin/demo "$port" >"$scratch/demo.log" 2>&1
    demo=$!
    eventually grep -q 'Ctrl-C ends' "$scratch/demo.log" || diag "$(cat "$scratch/demo.log")"
}

# All processes that the demo has started, with theirs.
family() {
    local pid
    for pid in $(pgrep -P "$1"); do echo "$pid"; family "$pid"; done
}

gone() {
    local pid
    for pid; do [ ! -e "/proc/$pid" ] || return 1; done
}

scores() { curl -fsS "$url/matches"; }
moved() { [ "$(scores)" != "$1" ]; }
shows() { scores | grep -q "$1"; }

demo_start
url=http://127.0.0.1:$port
like "$(cat "$scratch/demo.log")" "$url/" 'the demo prints where the board is'
like "$(curl -fsS "$url/")" '<title>livescore</title>' 'the board of the demo is served'
eventually shows Argentina
ok $? 'the board of the demo has matches'
was=$(scores)
eventually moved "$was"
ok $? 'the scores of the demo move'

watching=$(grep -o 'curl -N .*' "$scratch/demo.log")
is "$watching" "curl -N $url/livescore" 'the demo prints how to watch the stream'
start $watching -sS >"$scratch/stream" 2>&1
eventually grep -q '^data: .*"score"' "$scratch/stream"
ok $? 'the command that watches the stream works as printed'
bash -c "$(grep '^sqlite3 ' "$scratch/demo.log")"
eventually grep -q '^data: .*The World' "$scratch/stream"
ok $? 'the sqlite3 command that the demo prints, run as printed, makes a goal appear'
like "$(scores)" '"home_team":"You"' 'the goal of the sqlite3 command is on the scoreboard'

for signal in INT TERM HUP; do
    [ $signal = INT ] || demo_start
    mapfile -t family < <(family "$demo")
    [ ${#family[@]} -ge 2 ]
    ok $? "the demo has processes before SIG$signal"
    kill -$signal "$demo"
    eventually ended "$demo"
    wait "$demo"
    is $? $((128 + $(kill -l $signal))) "SIG$signal ends the demo"
    eventually gone "${family[@]}"
    ok $? "a demo that SIG$signal ended leaves no process" || diag "$(ps -o pid,args -p "$(IFS=,; echo "${family[*]}")")"
    is "$(ls "$TMPDIR")" '' "a demo that SIG$signal ended leaves no file"
done

demo_start
kill "$(pgrep -P "$demo" feeder)"
eventually ended "$demo"
wait "$demo"
is $? 1 'the demo ends when one of its programs does'
like "$(cat "$scratch/demo.log")" 'feeder has ended' 'a demo says which of its programs has ended'
is "$(ls "$TMPDIR")" '' 'a demo one of whose programs has ended leaves no file'

# A machine without a compiler, with and without a way to install one.
mkdir "$scratch/few"
for tool in bash cat dirname env grep id mkdir mktemp nproc rm sed sh sort tail tr true; do
    ln -s "$(type -P $tool)" "$scratch/few/$tool"
done
out=$(PATH=$scratch/few bash bin/demo "$port" 2>&1)
like "$?/$out" '^1/.*missing.*: gcc libc6-dev libsqlite3-dev make sqlite3 curl\.' \
    'without a compiler and without apt-get the demo says what to install'
out=$(env -u CI PATH="$scratch/few" bash bin/test stop 2>&1)
like "$?/$out" '^1/.*at least these: as root, apt-get install gcc make perl $' \
    'without a compiler and without apt-get bin/test says what it needs at least'
printf '#!/bin/sh\necho "$*" >>%s\n' "$scratch/apt.log" >"$scratch/few/apt-get"
printf '#!/bin/sh\nshift\nexec "$@"\n' >"$scratch/few/sudo"
chmod +x "$scratch/few/apt-get" "$scratch/few/sudo"
PATH=$scratch/few bash bin/demo "$port" >"$scratch/demo.log" 2>&1
like "$(cat "$scratch/apt.log")" 'update.*install gcc libc6-dev libsqlite3-dev make sqlite3 curl' \
    'with apt-get, and permission to use it, the demo installs exactly what is missing'
done_testing
