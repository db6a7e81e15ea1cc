// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Why the file of a private development root cannot be used.
package enum RootFileError: Error, Equatable, Sendable {
    /// It cannot be opened or read; with the system's error number.
    case unreadable(Int32)
    /// There is none, and it cannot be made; with the system's error number.
    case unwritable(Int32)
    /// It is no regular file: a link, a directory, a pipe or a device.
    case notAFile
    /// It belongs neither to the user of this process nor to root.
    case foreignOwner
    /// The group or everybody has a right to it.
    case openToOthers
    /// It is longer than any such file.
    case tooLarge
    /// It is not PEM of one certificate and one private key.
    case malformed
    /// The certificate is no X.509, or longer than documents can carry.
    case badCertificate
    /// The private key is not on P-384, or the certificate is not signed with ecdsa-with-SHA384.
    case notP384
    /// The certificate is not the self-signed one of an authority that may have three more below it.
    case notARoot
    /// The private key is not that of the certificate.
    case keyMismatch
    /// A new root could not be made.
    case failed
}

extension RootFileError {
    /// What is wrong, for a person: the rest of a sentence that begins with the file's name.
    package var words: String {
        switch self {
        case .unreadable(let code): "cannot be read: \(Self.text(of: code))"
        case .unwritable(let code): "cannot be made: \(Self.text(of: code))"
        case .notAFile: "is not a regular file"
        case .foreignOwner: "belongs to another user"
        case .openToOthers: "is open to other users; chmod 600 keeps it to its owner"
        case .tooLarge: "is too large for a root"
        case .malformed: "is not one certificate and one private key in PEM"
        case .badCertificate: "holds no certificate that documents can carry"
        case .notP384: "holds a key or a signature other than of P-384"
        case .notARoot: "does not hold the certificate of a root"
        case .keyMismatch: "holds a private key that is not that of its certificate"
        case .failed: "cannot be made: no key or signature"
        }
    }

    private static func text(of code: Int32) -> String {
        // A constant string of the C library, or its own buffer, copied at once.
        unsafe String(cString: strerror(code))
    }
}
