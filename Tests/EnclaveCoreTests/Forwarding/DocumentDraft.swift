// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Quorum

@testable import EmulatedAttestation

/// A document as a test wants it: signed in earnest, whatever it says.
struct DocumentDraft: Sendable {
    /// When documents are made unless a test says otherwise: milliseconds since 1970, in the year 2026.
    static let moment: Int64 = 1_790_000_000_000

    /// How long the certificates of a document are good after ``moment``, in milliseconds.
    static let lifetime = DocumentSigner.lifetime * 1000

    var timestamp = moment
    /// From PCR0 on.
    var registers: [[UInt8]]
    var publicKey: [UInt8]?
    var userData: [UInt8]?
    var nonce: [UInt8]?
    var signer = SharedSigner.development

    /// Signs it.
    func signed() throws -> [UInt8] {
        let document = EmulatedDocument(
            moduleID: "i-test-enc0",
            timestamp: timestamp,
            registers: registers[...],
            signer: try signer.get(),
            publicKey: publicKey,
            userData: userData,
            nonce: nonce
        )
        return try document.signed()
    }

    /// Names a manifest and a key, and commits to them as an enclave that waits for the quorum key does.
    ///
    /// - Parameter liveKey: 130 bytes.
    mutating func bind(_ manifestHash: [UInt8], to key: [UInt8], liveKey: [UInt8] = [UInt8](repeating: 5, count: 130)) {
        userData = manifestHash
        publicKey = key
        registers[16] = ManifestCommitment.setup.registerValue(manifestHash: manifestHash, ephemeralKey: key)
        registers[17] = ManifestCommitment.live.registerValue(manifestHash: manifestHash, ephemeralKey: liveKey)
    }

    /// 32 registers of which four were measured.
    static func registers(_ measured: [[UInt8]] = Samples.measurements.registers) -> [[UInt8]] {
        measured + Array(repeating: [UInt8](repeating: 0, count: PCR.byteCount), count: 32 - measured.count)
    }
}

/// The keys and certificates that the documents of all tests have in common, since making them takes a while.
enum SharedSigner {
    static let development = Result { try signer(under: .development) }

    /// Under a root that nobody trusts.
    static let otherRoot = Result {
        try signer(under: AttestationRoot(reading: AttestationRoot.newFileText()))
    }

    private static func signer(under root: AttestationRoot) throws -> DocumentSigner {
        try DocumentSigner(under: root, of: ModuleName(), at: DocumentDraft.moment)
    }
}
