#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Every package or public type, function, subscript and static member in Sources has a documentation comment directly
# above it; so has every public declaration. Stored properties and memberwise initializers may speak for themselves.
# (swift-format's own rule looks at public ones only.)
#
#   scripts/check-docs.sh [files, by default all Swift files in Sources]
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1

if [[ $# -gt 0 ]]; then
    files=("$@")
else
    mapfile -t files < <(find Sources -name '*.swift' | sort)
fi
if [[ ${#files[@]} -eq 0 ]]; then
    printf 'check-docs: there is nothing in Sources\n'
    exit 1
fi

undocumented=$(awk '
    BEGIN {
        keywords = " struct enum class actor protocol func var let init subscript typealias case macro associatedtype "
        modifiers = " static class final mutating nonmutating consuming borrowing convenience required override "
        modifiers = modifiers "private internal fileprivate indirect nonisolated isolated async lazy weak unowned "
        modifiers = modifiers "dynamic prefix postfix infix set unsafe package public "
    }
    # Whether a line declares something with package or public access. Imports and extensions carry no comment.
    function declares(line,    words, count, i, open, plain) {
        gsub(/@[A-Za-z_]+(\([^)]*\))?/, "", line)
        count = split(line, words, /[^A-Za-z_]+/)
        open = 0
        plain = line ~ /package (private\(set\) )?(let|var) / || line ~ /package init\(/
        if (plain && line !~ /static/) return 0
        for (i = 1; i <= count; i++) {
            if (words[i] == "") continue
            if (words[i] == "package" || words[i] == "public") open = 1
            if (words[i] == "class" && words[i + 1] ~ /^(func|var|subscript)$/) continue
            if (index(keywords, " " words[i] " ")) return open
            if (!index(modifiers, " " words[i] " ")) return 0
        }
        return 0
    }
    FNR == 1 { documented = 0 }
    /^[ \t]*\/\/\// { documented = 1; next }
    # Attributes on lines of their own stand between the comment and the declaration.
    /^[ \t]*@[A-Za-z_]+(\([^)]*\))?[ \t]*$/ { next }
    {
        if (!documented && declares($0)) {
            text = $0
            sub(/^[ \t]+/, "", text)
            printf "%s:%d: %s\n", FILENAME, FNR, text
        }
        documented = 0
    }
' "${files[@]}")

if [[ -n $undocumented ]]; then
    printf 'FAIL no documentation comment above\n%s\n' "$undocumented"
    printf 'check-docs: %d declarations\n' "$(wc -l <<<"$undocumented")"
    exit 1
fi
printf 'check-docs: ok, %d files\n' "${#files[@]}"
