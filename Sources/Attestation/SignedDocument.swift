// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto

/// A document with what its signature is over, the signature not being checked.
struct SignedDocument: Equatable, Sendable {
    /// What it says.
    let document: AttestationDocument
    private let message: COSESign1.Message

    /// Decodes a document.
    ///
    /// - Throws: `malformed`, with what of it is.
    init(parsing bytes: [UInt8]) throws(AttestationError) {
        guard bytes.count <= AttestationDocument.maximumByteCount else { throw .malformed(.size) }
        message = try COSESign1.decode(bytes)
        document = try AttestationDocument(payload: message.payload)
    }

    /// Whether the signature is by that key over the payload as it was received.
    func isSigned(by key: P384.Signing.PublicKey) -> Bool {
        guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: message.signature) else {
            return false
        }
        let signed = COSESign1.signedBytes(payload: message.payload)
        return key.isValidSignature(signature, for: SHA384.hash(data: signed))
    }
}
