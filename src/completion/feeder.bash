# Completion of feeder's command line for bash.  It reads the commands from 'feeder --help', and
# the options of one from 'feeder help COMMAND'.
# shellcheck shell=bash

_feeder() {
    local feeder=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' i choices
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -d | --database) i=$((i + 1)) ;;
        -*) ;;
        *) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $before in
    -d | --database) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --user) mapfile -t COMPREPLY < <(compgen -u -- "$word"); return ;;
    esac
    if [[ $word == -* ]]; then
        # shellcheck disable=SC2086 # no command, no word
        choices=$("$feeder" help $command 2>/dev/null | sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p')
    elif [[ -z $command || $command == help ]]; then
        choices="$("$feeder" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p') help"
    elif [[ $before == --format || $before == -f ]]; then
        choices=$("$feeder" load --format list 2>/dev/null | sed 's/[ :].*//')
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word"; compgen -f -- "$word")
        return
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _feeder feeder
