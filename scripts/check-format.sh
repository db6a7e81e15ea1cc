#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Rules for all text of the project that swift-format does not know: licence lines, lengths, words that must not stay.
#
#   scripts/check-format.sh [files, by default all that belong to the project]
set -uo pipefail
export LC_ALL=C.UTF-8 # columns are characters, not bytes

cd "$(dirname "$0")/.." || exit 1
failures=0
columns=120
lines=400

if [[ $# -gt 0 ]]; then
    files=("$@")
elif git rev-parse --git-dir >/dev/null 2>&1; then
    mapfile -t files < <(git ls-files --cached --others --exclude-standard)
else
    mapfile -t files < <(find . -path ./.build -prune -o -type f -printf '%P\n')
fi

# report <rule> [lines of what breaks it]
report() {
    [[ -n ${2:-} ]] || return 0
    failures=$((failures + 1))
    printf 'FAIL %s\n' "$1"
    head -n 20 <<<"$2" | sed 's/^/     /'
}

# Source files, by name; published and generated tables are data.
is_source() {
    case $1 in
        Tests/Vectors/*) return 1 ;;
        *.swift | *.[ch] | *.sh | *.py | *.mjs | *.lua | *.modulemap | .ci/* | Makefile | *Dockerfile*) return 0 ;;
    esac
    return 1
}

sources=() texts=() short=() spaced=() swift=()
for file in "${files[@]}"; do
    [[ -f $file ]] || continue # listed, but deleted
    if is_source "$file"; then
        sources+=("$file")
        case $file in
            Package.swift | */Wordlists/*Words.swift) ;;
            *) short+=("$file") ;;
        esac
        [[ $file == Makefile ]] || spaced+=("$file")
    fi
    case $file in
        Sources/*.swift) swift+=("$file") ;;
    esac
    case $file in
        Tests/Vectors/* | Package.resolved) ;;
        *) texts+=("$file") ;;
    esac
done

without_licence() {
    local file
    for file in "${sources[@]}"; do
        # The two lines stand at the very start, or below the one line that has to come first.
        head -n 3 "$file" | sed -E 's,^(//|#|--|/\*|;) ?,,' | paste -sd '|' |
            grep -qE '^([^|]*\|)?SPDX-License-Identifier: MIT\|Copyright \(c\) the renclave authors' ||
            printf '%s\n' "$file"
    done
}

too_long() {
    local file count
    for file in "${short[@]}"; do
        count=$(wc -l <"$file")
        ((count <= lines)) || printf '%s: %d lines\n' "$file" "$count"
    done
}

# found <pattern> <files...>: file, line number and text of each match.
found() {
    local pattern=$1
    shift
    [[ $# -eq 0 ]] || grep -nHIE -e "$pattern" -- "$@" | cut -c 1-160
}

unfinished='\b(TO''DO|FIX''ME|X''XX)\b'
registries='npmjs[.](org|com)|yarnpkg[.]com|pypi[.]org|pythonhosted[.]org|crates[.]io|rubygems[.]org|golang[.]org'
registries+='|maven[.]org|maven[.]apache[.]org|nuget[.]org|packagist[.]org|hex[.]pm|hackage[.]haskell[.]org'
foundation='^[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*([a-z]+[[:space:]]+)?import[[:space:]]+([a-z]+[[:space:]]+)?'
foundation+='Foundation([.]|[[:space:]]|$)'

report "the two licence lines are not at the top" "$(without_licence)"
report "lines of more than $columns columns" "$(found "^.{$((columns + 1))}" "${sources[@]}")"
report "files of more than $lines lines" "$(too_long)"
report "Foundation is imported; FoundationEssentials is what may be" "$(found "$foundation" "${swift[@]}")"
report "unfinished work is marked in the text" "$(found "$unfinished" "${texts[@]}")"
report "the host name of a package registry" "$(found "$registries" "${texts[@]}")"
report "tabs, or spaces at the end of a line" "$(found "[[:blank:]]$|"$'^ *\t' "${spaced[@]}")"
if [[ $failures -gt 0 || ${#sources[@]} -eq 0 ]]; then
    printf 'check-format: %d rules broken in %d source files\n' "$failures" "${#sources[@]}"
    exit 1
fi
printf 'check-format: ok, %d source files\n' "${#sources[@]}"
