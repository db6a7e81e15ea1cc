// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Gives a fresh enclave the manifest under which another one may forward the quorum key to it.
package struct ShareManifestRequest: Codable, Equatable, Sendable {
    /// JSON text as the client sent it; only the enclave reads it.
    package let manifestEnvelope: [UInt8]
    package let commitments: CommitmentsRecord?
    /// SHA-256 of the quorum public key that the manifest must name, 32 bytes; absent for any. What names another is
    /// not taken on, which in production could not be undone.
    package let expectedKey: [UInt8]?

    package init(manifestEnvelope: [UInt8], commitments: CommitmentsRecord?, expectedKey: [UInt8]? = nil) {
        self.manifestEnvelope = manifestEnvelope
        self.commitments = commitments
        self.expectedKey = expectedKey
    }
}

/// The manifest is held, and the key is awaited.
package struct ShareManifestResult: Codable, Equatable, Sendable {
    /// 32 bytes.
    package let manifestHash: [UInt8]
    /// 130 bytes; the quorum key is encrypted to it.
    package let ephemeralKey: [UInt8]

    package init(manifestHash: [UInt8], ephemeralKey: [UInt8]) {
        self.manifestHash = manifestHash
        self.ephemeralKey = ephemeralKey
    }
}

/// Asks for an attestation document; what is expected of the enclave is compared and changes nothing in it.
package struct AttestationRequest: Codable, Equatable, Sendable {
    /// 32 bytes; absent for whichever manifest is held.
    package let manifestHash: [UInt8]?
    /// PCR0 to PCR3, 48 bytes each; empty for whatever they are. Four, or none.
    package let registers: [[UInt8]]
    /// At most ``Limits/attestationNonceBytes`` bytes.
    package let nonce: [UInt8]?

    package init(manifestHash: [UInt8]?, registers: [[UInt8]], nonce: [UInt8]?) {
        self.manifestHash = manifestHash
        self.registers = registers
        self.nonce = nonce
    }
}

/// An attestation document.
package struct AttestationResult: Codable, Equatable, Sendable {
    /// COSE_Sign1 in CBOR.
    package let document: [UInt8]

    package init(document: [UInt8]) {
        self.document = document
    }
}

/// A nonce that proves a document fresh.
package struct ExportChallenge: Codable, Equatable, Sendable {
    /// 32 bytes.
    package let nonce: [UInt8]
    /// Milliseconds since 1970, UTC.
    package let expiresAt: Int64

    package init(nonce: [UInt8], expiresAt: Int64) {
        self.nonce = nonce
        self.expiresAt = expiresAt
    }
}

/// Asks for the quorum key, encrypted to the enclave that a document attests.
package struct ExportKeyRequest: Codable, Equatable, Sendable {
    /// JSON text of the manifest that the other enclave holds.
    package let manifestEnvelope: [UInt8]
    /// ``Limits/attestationDocumentBytes`` bytes.
    package let document: [UInt8]

    package init(manifestEnvelope: [UInt8], document: [UInt8]) {
        self.manifestEnvelope = manifestEnvelope
        self.document = document
    }
}

/// The quorum key on its way: of use to the attested enclave alone.
package struct ExportedKey: Codable, Equatable, Sendable {
    /// An envelope of 129 bytes around the master seed.
    package let ciphertext: [UInt8]
    /// r ‖ s, 64 bytes, by the quorum key over `ciphertext`.
    package let signature: [UInt8]

    package init(ciphertext: [UInt8], signature: [UInt8]) {
        self.ciphertext = ciphertext
        self.signature = signature
    }
}

/// Brings the quorum key.
package struct InjectKeyRequest: Codable, Equatable, Sendable {
    /// ``Limits/forwardedKeyBytes`` bytes.
    package let ciphertext: [UInt8]
    /// ``Limits/forwardedKeyBytes`` bytes.
    package let signature: [UInt8]

    package init(ciphertext: [UInt8], signature: [UInt8]) {
        self.ciphertext = ciphertext
        self.signature = signature
    }
}

/// The key is held.
package struct InjectKeyResult: Codable, Equatable, Sendable {
    package let phase: Phase

    package init(phase: Phase) {
        self.phase = phase
    }
}
