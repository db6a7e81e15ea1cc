#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Holds the wall between the two processes: what each module may import, what each executable really contains, and
# that docs/security.md names exactly the dependencies that are inside the enclave.
#
#   scripts/check-imports.sh               all of it; needs the debug build
#   scripts/check-imports.sh --sources     the sources only, needs no build
#   scripts/check-imports.sh --release     the executables of the release build only
#   scripts/check-imports.sh --self-check  shows that planted violations are found
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
failures=0

# The arrows: a module, and all that it may import; * stands for any text. A module without a row is refused.
arrows='
Protocol: FoundationEssentials Glibc
Settings: Configuration FoundationEssentials Glibc Swift Synchronization
ProcessStart: ArgumentParser FoundationEssentials Glibc Swift Synchronization
StructuredLog: Logging FoundationEssentials Glibc Swift Synchronization
SecretMemory: CConstantTime CLinux CSodium FoundationEssentials Glibc Swift Synchronization
Primitives: COpenSSL CPrimitives CSodium SecretMemory Glibc Swift Synchronization
Quorum: CConstantTime Primitives SecretMemory
Attestation: Crypto FoundationEssentials Swift SwiftASN1 Synchronization X509
NitroAttestation: Attestation CLinux Primitives Glibc Swift Synchronization
EmulatedAttestation: Attestation CLinux Crypto FoundationEssentials Primitives SwiftASN1 X509
EmulatedAttestation: Glibc Swift Synchronization
EnclaveCore: Attestation CLinux CUTF8Proc Logging Primitives Protocol Quorum SecretMemory
EnclaveCore: FoundationEssentials Glibc Swift Synchronization
EnclaveCommand: ArgumentParser Attestation CLinux EnclaveCore Logging Primitives ProcessStart Protocol
EnclaveCommand: Quorum SecretMemory Settings StructuredLog
EnclaveCommand: FoundationEssentials Glibc Swift Synchronization
renclave-enclave: Attestation EnclaveCommand EnclaveCore NitroAttestation ProcessStart Glibc Swift
renclave-enclave-dev: Attestation EmulatedAttestation EnclaveCommand EnclaveCore ProcessStart Protocol Glibc
renclave-enclave-dev: Swift
HostGateway: AsyncHTTPClient CLinux CoreMetrics HTTPTypes HummingbirdCore Logging Metrics NIO* ProcessStart Protocol
HostGateway: ServiceLifecycle Settings
HostGateway: Dispatch FoundationEssentials Glibc Swift Synchronization
renclave-host: ArgumentParser HostGateway Logging NIOCore NIOPosix ProcessStart Protocol
renclave-host: ServiceLifecycle Settings StructuredLog UnixSignals
renclave-host: Dispatch FoundationEssentials Glibc Swift Synchronization
MemberCommands: ArgumentParser AsyncHTTPClient Attestation CLinux NIO* Primitives Protocol Quorum SecretMemory
MemberCommands: SwiftASN1 X509
MemberCommands: Dispatch FoundationEssentials Glibc Swift Synchronization
renclave: MemberCommands Glibc Swift
genesis_key_generator: MemberCommands Glibc Swift
CConstantTime:
CLinux:
COpenSSL:
CPrimitives:
CSodium:
CUTF8Proc:
'

# What an executable may load at run time: the system's own, then the Swift runtime of a debug build.
base_needed='^(libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libstdc\+\+\.so\.6|ld-linux-(x86-64\.so\.2|aarch64\.so\.1))$'
swift_needed='^(libswift(Core|Glibc|SwiftOnoneSupport|Synchronization|_Concurrency|_RegexParser|_StringProcessing)'
swift_needed+='|libFoundationEssentials)\.so$'
dispatch_needed='^lib(dispatch|swiftDispatch|BlocksRuntime)\.so$'
crypto_needed='^lib(sodium|crypto|utf8proc)\.so\.[0-9]+$'

enclave_executables=(renclave-enclave renclave-enclave-dev)
executables=(renclave-host "${enclave_executables[@]}" renclave genesis_key_generator)

development_root=Sources/EmulatedAttestation/DevelopmentRoot.swift

# --- judging: each reads text and prints only what is wrong with it -----------------------------------------------

# imported: the modules that Swift source text imports.
imported() {
    local attributes='(@[A-Za-z_]+(\([^)]*\))?[[:space:]]+)*'
    local access='((public|package|internal|fileprivate|private)[[:space:]]+)?'
    local kind='((struct|class|enum|protocol|func|var|let|typealias)[[:space:]]+)?'
    sed -nE "s/^[[:space:]]*$attributes${access}import[[:space:]]+$kind([A-Za-z_][A-Za-z0-9_]*).*/\\7/p" | sort -u
}

# foreign_imports <module>: those that its row does not allow.
foreign_imports() {
    local allowed module pattern found
    read -r -d '' -a allowed < <(sed -n "s/^$1: *//p" <<<"$arrows")
    while read -r module; do
        found=false
        for pattern in "${allowed[@]}"; do
            # shellcheck disable=SC2053 # the right side is a pattern
            [[ $module != $pattern ]] || found=true
        done
        $found || printf '%s\n' "$module"
    done
}

# foreign_includes <module or header>: headers that only their own system library modules may include. CPrimitives is
# written against libcrypto, and shows none of it in its own header.
foreign_includes() {
    local libraries='sodium|openssl|utf8proc'
    [[ $1 != CPrimitives ]] || libraries='sodium|utf8proc'
    grep -E "^[[:space:]]*#[[:space:]]*(include|import)[[:space:]]*[<\"]($libraries)"
}

# Symbols that have no business in the gateway: secrets' libraries and enclave modules. BoringSSL's are prefixed, but
# for three hooks.
gateway_symbols() {
    local modules='11EnclaveCore|14EnclaveCommand|12SecretMemory|6Quorum|11Attestation|16NitroAttestation'
    modules+='|19EmulatedAttestation'
    modules+='|7CSodium|8COpenSSL|9CUTF8Proc|13CConstantTime|10Primitives|11CPrimitives'
    grep -E "^(sodium_|crypto_|EVP_|OPENSSL_|utf8proc_|renclave_(p256|aes256gcm)_)|^\\\$s($modules)" |
        grep -vE '^OPENSSL_memory_(alloc|free|get_size)$'
}

# Symbols that have no business in an enclave: anything that speaks to a network.
enclave_symbols() { grep -E '^\$s[0-9]+_?(NIO|Hummingbird|AsyncHTTPClient|HostGateway)|^_?(CNIO|c_nio_|catmc_)'; }

# Symbols that have no business in the production enclave.
development_symbols() { grep -E '^\$s19EmulatedAttestation'; }

# root_digits: the lines of hexadecimal digits in the Swift source of the development root.
root_digits() { sed -nE 's/^ +([0-9a-f]{64,96})\\?$/\1/p'; }

# root_traces: what an executable contains of the development root: the words of its subject, or certificate or key, as
# the digits of its source or the bytes they stand for. Line feeds are replaced on both sides, since grep stops there.
root_traces() {
    local pattern
    pattern=$(root_digits <"$development_root" | sed -E 'p; s/../\\x&/g; s/\\x0a/\\x0b/g' | paste -sd '|')
    tr '\n' '\v' | LC_ALL=C grep -oaP "INSECURE development root${pattern:+|$pattern}" | cat -v
}

# zlib comes with the HTTP client, which is told to decompress nothing.
gateway_needed() {
    grep -vE "$base_needed" | grep -vE "$swift_needed" | grep -vE "$dispatch_needed" | grep -vxF libz.so.1
}
# The concurrency library of a debug build needs dispatch, whose threads the enclave never starts.
enclave_needed() {
    grep -vE "$base_needed" | grep -vE "$swift_needed" | grep -vE "$crypto_needed" | grep -vE "$dispatch_needed"
}

# Foundation without "Essentials", and what comes with it.
foundation_needed() { grep -E '^lib(Foundation|Foundation(Networking|XML|Internationalization)|_FoundationICU)\.so'; }

# named_dependencies: the names in the table of docs/security.md.
named_dependencies() {
    sed -n '/<!-- enclave-dependencies -->/,/<!-- \/enclave-dependencies -->/p' |
        sed -n 's/^|[^`]*`\([^`]*\)`.*/\1/p' | sort -u
}

# --- reading ------------------------------------------------------------------------------------------------------

needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'; }
symbols() { nm "$1" 2>/dev/null | awk '{ print $NF }'; }
# Statically linked Foundation shows in its Unicode data, even where the symbols are stripped.
contains_icu() { LC_ALL=C grep -qaE 'icudt[0-9]{2}' "$1"; }

# linked_packages <executable>: the packages whose modules are linked into it, from the list the linker was given.
linked_packages() {
    local module own package
    sed -n 's|.*/\([^/]*\)\.build/.*|\1|p' "$bin_dir/$1.product/Objects.LinkFileList" | sort -u |
        while read -r module; do
            own=${module//_/-}
            [[ ! -d Sources/$module && ! -d Sources/$own ]] || continue
            package=$({
                cat "$bin_dir/$module.build/sources" 2>/dev/null
                find "$bin_dir/$module.build" -name '*.d' -exec cat {} + 2>/dev/null
            } |
                sed -n 's|.*/checkouts/\([^/]*\)/.*|\1|p' | awk 'NR == 1')
            printf '%s\n' "${package:-unknown:$module}"
        done | sort -u
}

# --- reporting ----------------------------------------------------------------------------------------------------

# refuse <sentence> [lines of what was found]: counts a failure if there is anything, or if it is only a sentence.
refuse() {
    [[ $# -eq 1 || -n $2 ]] || return 0
    failures=$((failures + 1))
    printf 'FAIL %s\n' "$1"
    [[ $# -eq 1 ]] || head -n 10 <<<"$2" | sed 's/^/     /'
}

# All executables must be there: what is not built cannot pass.
find_executables() {
    local name all=true
    bin_dir=$(swift build "$@" --show-bin-path) || exit 1
    for name in "${executables[@]}"; do
        if [[ ! -x $bin_dir/$name ]]; then
            refuse "$bin_dir/$name is not built"
            all=false
        fi
    done
    $all
}

check_sources() {
    local folder module
    for folder in Sources/*/; do
        module=$(basename "$folder")
        grep -q "^$module:" <<<"$arrows" || refuse "$module has no row in the table of arrows"
        refuse "$module imports what it may not" \
            "$(find "$folder" -name '*.swift' -exec cat {} + | imported | foreign_imports "$module")"
        [[ $module =~ ^(COpenSSL|CSodium|CUTF8Proc)$ ]] ||
            refuse "$module includes a header of a library behind the wall" "$(find "$folder" -name '*.[ch]' \
                -exec cat {} + | foreign_includes "$module")"
    done
    refuse "the header of CPrimitives includes one of a library behind the wall" \
        "$(cat Sources/CPrimitives/include/*.h | foreign_includes CPrimitives.h)"
    while read -r module; do
        [[ -d Sources/$module ]] || refuse "the table of arrows has a row for $module, which is not there"
    done < <(sed -n 's/^\([^:]*\):.*/\1/p' <<<"$arrows" | sort -u)
}

check_loading() {
    local name
    for name in "${executables[@]}"; do
        refuse "$name loads Foundation" "$(needed "$bin_dir/$name" | foundation_needed)"
        ! contains_icu "$bin_dir/$name" || refuse "$name contains the Unicode data of Foundation"
    done
    refuse "the gateway loads libraries it may not" "$(needed "$bin_dir/renclave-host" | gateway_needed)"
    for name in "${enclave_executables[@]}"; do
        refuse "$name loads libraries it may not" "$(needed "$bin_dir/$name" | enclave_needed)"
    done
}

check_symbols() {
    local name
    for name in "${executables[@]}"; do
        [[ $(symbols "$bin_dir/$name" | wc -l) -gt 1000 ]] || refuse "$name has no symbols to read: is it stripped?"
    done
    refuse "the gateway contains what only the enclave may" "$(symbols "$bin_dir/renclave-host" | gateway_symbols)"
    for name in "${enclave_executables[@]}"; do
        refuse "$name contains network code" "$(symbols "$bin_dir/$name" | enclave_symbols)"
    done
}

# The production enclave cannot sign under the development root; the other shows that the check sees one that can.
check_development_root() {
    local production=$bin_dir/renclave-enclave development=$bin_dir/renclave-enclave-dev
    refuse "the production enclave contains the development root" "$(root_traces <"$production")"
    [[ -n $(root_traces <"$development") ]] || refuse "the development enclave does not contain the development root"
    [[ ${1:-} == --symbols ]] || return 0
    refuse "the production enclave contains development attestation" "$(symbols "$production" | development_symbols)"
    [[ -n $(symbols "$development" | development_symbols) ]] ||
        refuse "the development enclave does not contain development attestation"
}

check_dependency_table() {
    local name linked table
    linked=$(for name in "${enclave_executables[@]}"; do
        linked_packages "$name"
        needed "$bin_dir/$name" | grep -E "$crypto_needed" | sed 's/\.so.*//'
    done | sort -u)
    [[ -f docs/security.md ]] || refuse "docs/security.md is not there"
    table=$(cat docs/security.md 2>/dev/null | named_dependencies)
    [[ $(wc -l <<<"$linked") -ge 4 ]] || refuse "the enclave's dependencies could not be read" "$linked"
    refuse "in the enclave, but not in the table of docs/security.md" "$(comm -23 <(echo "$linked") <(echo "$table"))"
    refuse "in the table of docs/security.md, but not in the enclave" "$(comm -13 <(echo "$linked") <(echo "$table"))"
}

# --- the check of the check ---------------------------------------------------------------------------------------

# plant <expected output> <text> <function...>: the function must print exactly that for the text.
plant() {
    local wanted=$1 text=$2 got
    shift 2
    got=$(printf '%b\n' "$text" | "$@")
    [[ $got == "$wanted" ]] || refuse "self-check: $* on '$text' gave '$got', expected '$wanted'"
}

# Every line of the root, planted in the middle of other bytes in both its forms.
self_check_root() {
    local digits bytes count=0
    while read -r digits; do
        count=$((count + 1))
        bytes=$(sed 's/../\\x&/g' <<<"$digits")
        plant "$digits" "\\x7fELF\\x00\n\\xff${digits}\\x00\n" root_traces
        plant "$(printf '%b' "$bytes" | tr '\n' '\v' | cat -v)" "\\x7fELF\\x00\n\\xff${bytes}\\x00\n" root_traces
    done < <(root_digits <"$development_root")
    [[ $count -ge 2 ]] || refuse "self-check: the development root could not be read"
    plant 'INSECURE development root' '\x00\n\x0c6renclave INSECURE development root - \x00' root_traces
    # What the certificate shares with every other on its curve.
    plant '' '\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22' root_traces
}

self_check() {
    local line symbol library
    for line in 'import Foundation' 'internal import Foundation' '@preconcurrency import Foundation' \
        'import struct Foundation.URL' '  @_spi(Some) package import Foundation // why'; do
        plant Foundation "$line" imported
    done
    plant '' '// import Foundation\nlet important = 1\nimportant Foundation' imported
    plant FoundationEssentials 'import FoundationEssentials' imported
    plant Foundation 'Foundation\nGlibc' foreign_imports Protocol
    plant $'NIOCore\nCSodium' 'Protocol\nNIOCore\nCSodium' foreign_imports EnclaveCore
    plant EnclaveCore 'Protocol\nNIOCore\nEnclaveCore' foreign_imports HostGateway
    plant Anything 'Anything' foreign_imports NoSuchModule
    plant '#include <openssl/evp.h>' '#include <stdint.h>\n#include <openssl/evp.h>' foreign_includes CLinux
    plant '#include <openssl/evp.h>' '#include <openssl/evp.h>' foreign_includes CPrimitives.h
    plant '#include <sodium.h>' '#include <openssl/evp.h>\n#include <sodium.h>' foreign_includes CPrimitives
    plant NIOCore 'CPrimitives\nCSodium\nNIOCore' foreign_imports Primitives
    for symbol in sodium_malloc crypto_auth EVP_DigestInit_ex OPENSSL_cleanse '$s11EnclaveCore8MnemonicV' \
        '$s12SecretMemory0A5ArenaC' '$s6Quorum5ShareV' '$s11Attestation8DocumentV' '$s19EmulatedAttestation4RootV' \
        '$s7CSodiumMXM' '$s8COpenSSLMXM' \
        '$s10Primitives4P256O' '$s11CPrimitivesMXM' renclave_p256_sign; do
        plant "$symbol" "$symbol" gateway_symbols
    done
    plant OPENSSL_memory_allocate 'OPENSSL_memory_alloc\nOPENSSL_memory_allocate' gateway_symbols
    plant '' 'CNIOBoringSSL_EVP_DigestInit\n$s8Protocol11AttestationV\n$s7NIOCore\nmain' gateway_symbols
    for symbol in '$s7NIOCore10ByteBufferV' '$s8NIOPosixMXM' '$s15HummingbirdCore6ServerV' CNIOLinux_mmsg \
        '$s15AsyncHTTPClient0B0C' '$s11HostGateway5RouteV'; do
        plant "$symbol" "$symbol" enclave_symbols
    done
    plant '' '$s7Logging6LoggerV\nsodium_malloc\n$s11EnclaveCore8MnemonicV' enclave_symbols
    plant '$s19EmulatedAttestation4RootV' '$s11EnclaveCore8MnemonicV\n$s19EmulatedAttestation4RootV' development_symbols
    self_check_root
    for library in libsodium.so.23 libcrypto.so.3 libFoundation.so libssl.so.3; do
        plant "$library" "libc.so.6\nlibswiftCore.so\n$library" gateway_needed
    done
    for library in libcurl.so.4 libFoundation.so libz.so.1 libssl.so.3; do
        plant "$library" "libc.so.6\nlibdispatch.so\nlibsodium.so.23\nlibcrypto.so.3\n$library" enclave_needed
    done
    plant libFoundation.so 'libFoundationEssentials.so\nlibFoundation.so' foundation_needed
    plant lib_FoundationICU.so 'lib_FoundationICU.so\nlibc.so.6' foundation_needed
    plant $'liba\nlibb' '| `no` |\n<!-- enclave-dependencies -->\n| x |\n| `libb` | `y` |\n| `liba` |
<!-- /enclave-dependencies -->\n| `no` |' named_dependencies
}

# --- the whole ----------------------------------------------------------------------------------------------------

case ${1:-} in
    --self-check) self_check ;;
    --sources) check_sources ;;
    --release)
        find_executables -c release && check_loading && check_development_root
        ;;
    '')
        check_sources
        find_executables && check_loading && check_symbols && check_development_root --symbols && check_dependency_table
        ;;
    *)
        printf 'usage: scripts/check-imports.sh [--sources | --release | --self-check]\n' >&2
        exit 2
        ;;
esac
if ((failures > 0)); then
    printf 'check-imports%s: %d failed\n' "${1:+ $1}" "$failures"
    exit 1
fi
printf 'check-imports%s: ok\n' "${1:+ $1}"
