// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum

/// What the document of an enclave that waits for a quorum key, or holds it, must say, whoever signed it.
struct KeyClaim: Sendable {
    /// Which key the document must bind to the manifest.
    let commitment: ManifestCommitment
    let manifest: CheckedManifest
    /// What it must carry; nil where that is not compared.
    let nonce: [UInt8]?

    /// Holds a document against it.
    ///
    /// - Returns: the key that the document binds to the manifest.
    func key(in document: AttestationDocument) throws(CommandFailure) -> QuorumPublicKey {
        guard nonce == nil || document.nonce == nonce else {
            throw .failed("The attestation document does not carry the nonce, so it may be an old one.")
        }
        guard let userData = document.userData, let publicKey = document.publicKey else {
            throw noKey
        }
        guard userData == manifest.hash else {
            throw .failed(
                "The attested enclave has another manifest than yours: \(Self.hex(userData)).",
                hint: "Yours is \(Self.hex(manifest.hash)).")
        }
        try Self.checkMeasurements(of: document, manifest.manifest.enclave)
        let key: QuorumPublicKey
        do {
            key = try QuorumPublicKey(publicKey)
        } catch {
            throw .failed("The attested key is none: \(error.words).")
        }
        let committed = commitment.registerValue(manifestHash: manifest.hash, ephemeralKey: publicKey)
        guard document.registers[commitment.register] == committed else {
            throw .failed(
                "PCR\(commitment.register) of the attested enclave does not bind this key to this manifest: the "
                    + "enclave \(otherStanding), or its program is another.")
        }
        return key
    }

    private var noKey: CommandFailure {
        let sentence = "The attestation document binds no key to a manifest: the enclave"
        return switch commitment {
        case .setup:
            .failed(
                "\(sentence) does not wait for a quorum key.", hint: "Boot it first, or give it the manifest.")
        case .live: .failed("\(sentence) \(otherStanding).")
        }
    }

    /// What an enclave is like that attests the other key.
    private var otherStanding: String {
        switch commitment {
        case .setup: "has the quorum key already"
        case .live: "does not hold the quorum key"
        }
    }

    /// Holds PCR0 to PCR3 against those of a manifest.
    static func checkMeasurements(
        of document: AttestationDocument,
        _ enclave: NitroConfig
    ) throws(CommandFailure) {
        let expected = [enclave.pcr0, enclave.pcr1, enclave.pcr2, enclave.pcr3]
        for (index, value) in expected.enumerated() where document.registers[index] != value {
            throw .failed(
                "The attested enclave has another PCR\(index) than the manifest: "
                    + "\(document.registers[index].map(hex) ?? "none").",
                hint: "The manifest's is \(hex(value)).")
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "none" : Hex.encode(bytes)
    }
}
