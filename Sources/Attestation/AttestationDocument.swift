// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What an attestation document says: decoded, NOT VERIFIED. Anybody can write one that says anything.
///
/// ``AttestationVerifier`` decides whether to believe it. Without that it is good for showing, and for finding out why
/// one was refused.
public struct AttestationDocument: Sendable {
    /// The most bytes that a document has, its signature included.
    public static let maximumByteCount = 16_384

    /// Names the Nitro Security Module: the instance and the enclave; never empty.
    public let moduleID: String
    /// The hash of the registers: always `SHA384`.
    public let digest: String
    /// When it was made, in milliseconds since 1970 by the clock of the module's host; never 0.
    public let timestamp: UInt64
    /// The locked registers (PCR) by index, 0 to 31: 1 to 32 of them, each of 32, 48 or 64 bytes. Those of AWS have 48.
    public let registers: [Int: [UInt8]]
    /// The X.509 certificate of the key that signed it, DER, 1 to 1024 bytes.
    public let certificate: [UInt8]
    /// The certificates that lead to it, root first: 1 to 8, each DER of 1 to 1024 bytes.
    public let certificateBundle: [[UInt8]]
    /// A key for its reader to use, 1 to 1024 bytes in whatever form the enclave chose; `nil` for none.
    public let publicKey: [UInt8]?
    /// Whatever the enclave chose to say, at most 512 bytes; `nil` for none.
    public let userData: [UInt8]?
    /// What the reader asked to be repeated, at most 512 bytes; `nil` for none.
    public let nonce: [UInt8]?

    /// Decodes a document, with or without the CBOR tag of COSE_Sign1.
    ///
    /// Its form and all limits are checked; its signature and its certificates are not looked into.
    ///
    /// - Parameter bytes: the whole document, COSE_Sign1 in CBOR, at most ``maximumByteCount`` bytes.
    /// - Throws: ``AttestationError/malformed(_:)``, with what of it is.
    public init(parsing bytes: [UInt8]) throws(AttestationError) {
        self = try SignedDocument(parsing: bytes).document
    }

    /// Decodes the payload of a document.
    init(payload: [UInt8]) throws(AttestationError) {
        let fields = try DocumentFields(payload)
        moduleID = try DocumentFields.required(fields.moduleID, .moduleID)
        digest = try DocumentFields.required(fields.digest, .digest)
        timestamp = try DocumentFields.required(fields.timestamp, .timestamp)
        registers = try DocumentFields.required(fields.registers, .registers)
        certificate = try DocumentFields.required(fields.certificate, .certificate)
        certificateBundle = try DocumentFields.required(fields.certificateBundle, .certificateBundle)
        publicKey = fields.publicKey
        userData = fields.userData
        nonce = fields.nonce
    }
}

extension AttestationDocument: Equatable {
    /// Whether both say the same, byte for byte.
    public static func == (left: Self, right: Self) -> Bool {
        left.moduleID.utf8.elementsEqual(right.moduleID.utf8) && left.digest.utf8.elementsEqual(right.digest.utf8)
            && left.timestamp == right.timestamp && left.registers == right.registers
            && left.certificate == right.certificate && left.certificateBundle == right.certificateBundle
            && left.publicKey == right.publicKey && left.userData == right.userData && left.nonce == right.nonce
    }
}
