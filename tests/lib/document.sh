# document.sh - the blocks of code in the documents, for the tests that run them.  Sourced after lib.sh; documents.t
# looks for a test that runs each of them.
# shellcheck shell=bash disable=SC2154 # lib.sh has $scratch

# block DOCUMENT LANGUAGE N - the Nth block of that language, a path from the top of the tree
block() {
    awk -v language="$2" -v wanted="$3" '
        !/^```/ { if (inside && taken) print; next }
        inside  { inside = 0; next }
                { inside = 1; taken = $0 == "```" language && ++n == wanted }' "$1"
}

# copied DOCUMENT LANGUAGE N [SED-EXPRESSION...] - runs that block as root, with what is installed; up to the first
# command that fails
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
