// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

@testable import Protocol

// MARK: Requests

extension MessageSamples {
    mutating func shareManifest() -> ShareManifestRequest {
        ShareManifestRequest(
            manifestEnvelope: bytes(element([0, 1, 300])),
            commitments: maybe { $0.commitments() },
            expectedKey: maybe { $0.bytes(32) }
        )
    }

    mutating func attestationRequest() -> AttestationRequest {
        AttestationRequest(
            manifestHash: maybe { $0.bytes(32) },
            registers: (0..<element([0, 4])).map { _ in bytes(element([0, 48])) },
            nonce: maybe { $0.bytes($0.element([0, 1, 512])) }
        )
    }

    mutating func exportKey() -> ExportKeyRequest {
        ExportKeyRequest(manifestEnvelope: bytes(element([0, 1, 300])), document: bytes(element([1, 400])))
    }

    mutating func injectKey() -> InjectKeyRequest {
        InjectKeyRequest(ciphertext: bytes(element([1, 129])), signature: bytes(element([1, 64])))
    }
}

// MARK: Results

extension MessageSamples {
    mutating func shareManifestResult() -> ShareManifestResult {
        ShareManifestResult(manifestHash: bytes(32), ephemeralKey: bytes(130))
    }

    mutating func attestationResult() -> AttestationResult {
        AttestationResult(document: bytes(element([0, 1, 400])))
    }

    mutating func challenge() -> ExportChallenge {
        ExportChallenge(nonce: bytes(32), expiresAt: integer())
    }

    mutating func exportedKey() -> ExportedKey {
        ExportedKey(ciphertext: bytes(129), signature: bytes(64))
    }

    mutating func injectKeyResult() -> InjectKeyResult {
        InjectKeyResult(phase: element(Phase.allCases))
    }
}
