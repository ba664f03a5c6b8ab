#!/bin/bash
# tags: once
# The rooms of both programs, as their READMEs list them from the top down: no header includes one of a
# higher room, and neither program includes the other's.

. tests/lib/lib.sh

# rooms PROGRAM - the rooms in its README's table, from the top down
rooms() { sed -n 's/^| `\([a-z]*\)\/` |.*/\1/p' "src/$1/README.md"; }

# includes FOLDER - what its headers include: FILE:INCLUDED
includes() { find "src/$1" -name "*.h" -exec grep -Ho "#include \"[^\"]*\"" {} + | sed "s/#include \"\(.*\)\"/\1/"; }

# upward PROGRAM - includes of a higher room
upward() {
    local room above=''
    for room in $(rooms "$1"); do
        [ -z "$above" ] || includes "$1/$room" | grep -E ":$1/($above)/"
        above=${above:+$above|}$room
    done
    includes "$1" | grep -E ":$1/[a-z_]*\.h" | grep -vE ":$1/(config|options)\.h$" | grep -v '^src/[a-z]*/commands/'
}

for program in service feeder; do
    is "$(rooms $program | sort)" "$(cd src/$program && ls -d */ | tr -d /)" "the README of $program lists each of its rooms"
    is "$(upward $program)" '' "no header of $program includes one of a room above"
done
is "$(grep -rn '#include "feeder/' src/service src/base src/web)" '' 'the service includes nothing of feeder'
is "$(grep -rn '#include "service/' src/feeder src/base src/web)" '' 'feeder includes nothing of the service'
is "$(grep -rnE '"(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|COMMIT) ' src --include='*.[ch]')" '' 'there is no SQL text in C'
is "$(grep -rln '#include <sqlite3.h>' src)" 'src/base/sqlite/db_sqlite.h' 'SQLite has one door'
done_testing
