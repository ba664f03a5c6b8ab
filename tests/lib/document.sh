# document.sh - the code blocks of the documents, for the tests that run them; documents.t checks that a test
# runs each of them.  Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154 # lib.sh has $scratch

# block DOCUMENT LANGUAGE N - the Nth block of that language; DOCUMENT is a path from the top of the tree
block() {
    awk -v language="$2" -v wanted="$3" '
        !/^```/ { if (inside && taken) print; next }
        inside  { inside = 0; next }
                { inside = 1; taken = $0 == "```" language && ++n == wanted }' "$1"
}

# copied DOCUMENT LANGUAGE N [SED-EXPRESSION...] - runs that block as root, with the installed programs; stops at
# the first failure
copied() {
    local lines
    lines=$(block "$1" "$2" "$3" | sed -e '' "${@:4}")
    (
        sudo() { if [ "$1" = -u ]; then runuser -u "$2" -- "${@:3}"; else "$@"; fi; }
        PATH=/usr/local/bin:$PATH
        set -e
        eval "$lines"
    ) >"$scratch/copied" 2>&1
}
