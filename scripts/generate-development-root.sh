#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Makes a new root for development attestation and writes the Swift file that holds it to standard output:
#
#   scripts/generate-development-root.sh >Sources/EmulatedAttestation/DevelopmentRoot.swift
#
# Each run makes another key. Instances under different roots do not trust each other, and the tests state the root in
# use, so the file in the tree is replaced only with both in mind. Needs openssl 3.
set -euo pipefail
export LC_ALL=C

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >root.cnf <<'CONFIGURATION'
[req]
distinguished_name = subject
prompt = no
[subject]
CN = renclave INSECURE development root - its key is public
O = renclave
[ca]
default_ca = root
[root]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
default_md = sha384
x509_extensions = extensions
[any]
commonName = supplied
organizationName = supplied
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CONFIGURATION
: >index.txt

# Of the commands that make certificates only `ca` takes a first day in every version 3.
openssl ecparam -name secp384r1 -genkey -noout -out key.pem
openssl req -new -config root.cnf -key key.pem -out request.pem
openssl ca -config root.cnf -batch -notext -selfsign -keyfile key.pem -in request.pem -out root.pem -preserveDN \
    -rand_serial -startdate 20260101000000Z -enddate 20560101000000Z 2>ca.log || {
    cat ca.log >&2
    exit 1
}

# lines: bytes as hexadecimal digits, 48 bytes a line, as the inside of a Swift literal that stays one line.
lines() {
    od -An -v -tx1 | tr -d ' \n' | fold -w 96 | sed 's/.*/        &\\/; $s/\\$//'
    printf '\n'
}

cat <<'SWIFT'
// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

// Made by scripts/generate-development-root.sh.

/// The root of development attestation: INSECURE, for its private key is below, for everyone to read.
///
/// Without hardware nothing can keep a key from whoever runs the enclave. So this one is no secret by design: anyone
/// can sign a document under it that says anything, and all that such a document shows is that the path which makes
/// and verifies documents works. The subject of the certificate says so, and the production enclave contains neither
/// the certificate nor the key.
package enum DevelopmentRoot {
    /// The self-signed X.509 certificate in DER: P-384, ecdsa-with-SHA384, valid through the years 2026 to 2055.
    package static let certificate: [UInt8] = bytes(
        """
SWIFT
openssl x509 -in root.pem -outform DER | lines
cat <<'SWIFT'
        """
    )

    /// The private key of `certificate`: 48 bytes, a big-endian scalar of P-384. Public knowledge, and to stay so.
    package static let privateKeyScalar: [UInt8] = bytes(
        """
SWIFT
# RFC 5915, section 3: behind 8 bytes of headers and version stands the scalar.
openssl ec -in key.pem -outform DER 2>/dev/null | tail -c +9 | head -c 48 | lines
cat <<'SWIFT'
        """
    )

    /// The literals above are whole bytes, which a test of their digests holds; empty is what nothing would accept.
    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        Hex.decode(hexadecimal) ?? []
    }
}
SWIFT
