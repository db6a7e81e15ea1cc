// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The root that a development enclave attests under: its certificate, and the key that signs what is below it.
///
/// The key is in ordinary memory: the built-in one is known to everybody, and that of a private trial only tells the
/// instances of the trial from others that no hardware vouches for either.
package struct AttestationRoot: Sendable {
    /// The self-signed X.509 certificate in DER: P-384, ecdsa-with-SHA384.
    package let certificate: [UInt8]
    /// The private key of `certificate`: 48 bytes, a big-endian scalar of P-384.
    let privateKeyScalar: [UInt8]

    /// The root that is built in, whose key is public.
    package static let development = AttestationRoot(
        certificate: DevelopmentRoot.certificate,
        privateKeyScalar: DevelopmentRoot.privateKeyScalar
    )

    /// The root of a private trial, from a file that is made where there is none.
    ///
    /// Of several processes that find no file at once, one makes it, and all read the same.
    ///
    /// - Parameter path: in a directory that exists.
    /// - Throws: what is wrong with the file, or kept it from being made; the error does not name the path.
    package init(file path: String) throws(RootFileError) {
        if let root = try RootFile.read(path) {
            self = root
            return
        }
        try RootFile.make(path)
        guard let root = try RootFile.read(path) else { throw .unreadable(ENOENT) }
        self = root
    }

    init(certificate: [UInt8], privateKeyScalar: [UInt8]) {
        self.certificate = certificate
        self.privateKeyScalar = privateKeyScalar
    }
}
