# browser.sh - a browser for the shell tests, rows for it to show, and functions to query
# what it shows.  Sourced after tests/lib/lib.sh:
#
#     browser_start
#     visit "$url/"
#     eventually sees 'document.title' 'livescore'
#
# browser.py describes the commands.  It uses two FIFOs, one command at a time, and ends with
# the test.
# shellcheck shell=bash disable=SC2034,SC2154 # scratch and db come from tests/lib/lib.sh; some variables are only used by tests

browser_start() {
    need chromium python3
    mkfifo "$scratch/to-browser" "$scratch/from-browser"
    exec 8<>"$scratch/to-browser" 9<>"$scratch/from-browser"    # opening one end would block
    # shellcheck disable=SC2016
    start env TMPDIR="$scratch" sh -c 'exec python3 tests/lib/browser.py <"$0" >"$1" 8>&- 9>&-' \
        "$scratch/to-browser" "$scratch/from-browser" 2>"$scratch/browser.log"
    local answer=''
    read -r -t "$PATIENCE" answer <&9 || :
    [ "$answer" = ready ] || missing_here "chromium does not start: $(tail -n 1 "$scratch/browser.log")"
    exec 8>"$scratch/to-browser" 9<"$scratch/from-browser"      # to notice its end
}

# browser COMMAND ARGUMENT... - prints the answer
browser() {
    local answer='error: no answer'
    printf '%s\n' "$*" >&8
    read -r -t "$((2 * PATIENCE))" answer <&9 # browser.py's own limit is for each message from the browser
    printf '%s\n' "$answer"
}

visit() { browser visit "$1" >/dev/null; }
# visit_live URL - until the page has a stream, and so learns of each row from now on
visit_live() { visit "$1"; eventually sees '/ago/.test(document.getElementById("connection-age").textContent)' true; }
worker() { browser worker "$1"; }
js() { browser js "$1"; }

# sees EXPRESSION VALUE - whether the page's JavaScript has that value now
sees() { [ "$(js "$1")" = "$2" ]; }

# row MATCH TYPE JSON - appends a row; prints its id
row() {
    printf '%s\n' "$3" >"$scratch/data"
    sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" "INSERT INTO match_events(match_id, type, data)
                   VALUES('${1//\'/\'\'}', '$2', trim(readfile('$scratch/data'), char(10)));
                   SELECT last_insert_rowid()"
}

# message MATCH HOME AWAY GOALS GOALS TIME STATUS - the state of a match
message() {
    row "$1" message "$(printf '{"match_id":"%s","home_team":"%s","away_team":"%s","score":{"home":%d,"away":%d},"time":"%s","status":"%s","events":[]}' "$@")"
}

# event MATCH TYPE TIME TEAM PLAYER [MORE] - an event of a match
event() {
    row "$1" "$2" "$(printf '{"match_id":"%s","time":"%s","team":"%s","player":"%s"%s}' "$1" "$3" "$4" "$5" "${6:-}")"
}

# of MATCH SELECTOR - an expression: the text of an element in a match's row, or on its page
of() { printf 'document.querySelector("[data-match=\\"%s\\"] %s")?.textContent' "$1" "$2"; }

# open_row MATCH - shows its events, as soon as there is the row
open_row() {
    eventually sees "document.querySelector('[data-match=\"$1\"] .row') !== null" true
    js "document.querySelector('[data-match=\"$1\"] .row').click()" >/dev/null
}

# players MATCH - an expression: the players of its events, in order, if its row is open
players() { printf '[...document.querySelectorAll("[data-match=\\"%s\\"] .who")].map((who) => who.textContent).join(" ")' "$1"; }

# state_of MATCH - an expression: live, upcoming, finished or off; null if it is not on the page
state_of() { printf 'document.querySelector("[data-match=\\"%s\\"]")?.dataset.state' "$1"; }

# connections - how many the service has.  A browser opens some that it may never use: these end
# with --head-timeout.
connections() { awk -v port="$(printf ':%04X' "$port")" '$4 == "01" && substr($2, 9) == port' /proc/net/tcp | wc -l; }
has_connections() { [ "$(connections)" -eq "$1" ]; }

# full OPTION... - replaces the service by one for a single client (as OPTION says), whose place is
# taken by a stream from the start
full() {
    for _ in 1 2 3 4 5 6 7 8; do
        rm -f "$scratch/ports.held"
        PORT=$serve_port given taken livescore -d "$db" "$@" || return
        holder=$port2
        started+=("$holder")
        eventually test -s "$scratch/ports.held"
        [ "$(cat "$scratch/ports.held")" != 200 ] || return 0
        stop_service # the page, which comes again all the time, was the first
    done
    return 1
}

free_place() { signal TERM "$holder"; }

# watch_requests - from now on `worker asked` has the feed's JSON requests: times, URLs and answers;
# $patient is an expression: whether it never asked earlier than allowed
watch_requests() {
    worker 'globalThis.asked = [], globalThis.fetch = ((real) => async (...what) => { const one = { at: performance.now(), url: String(what[0]) }, answer = await real(...what); if (!String(what[0]).includes("match=")) asked.push(one); one.status = answer.status; one.after = answer.headers.get("Retry-After"); return answer; })(fetch), 0' >/dev/null
}
patient='asked.filter(({ after }) => after > 0).length > 0 && asked.every(({ at }, n) => n === 0 || at - asked[n - 1].at >= 1000 * asked[n - 1].after)'
