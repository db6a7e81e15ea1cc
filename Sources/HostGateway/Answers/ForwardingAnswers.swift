// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

extension Answer {
    /// A manifest has been taken, and the key is awaited.
    static func manifestShared(_ result: ShareManifestResult, requestIdentifier: String) -> Answer {
        .result("ShareManifestResponse", requestIdentifier) { object in
            object.bool("success", true)
            object.byteArray("manifest_hash", result.manifestHash)
            object.byteArray("ephemeral_key", result.ephemeralKey)
        }
    }

    /// An attestation document.
    static func attestation(_ result: AttestationResult, requestIdentifier: String) -> Answer {
        .result("GenerateAttestationResponse", requestIdentifier, capacity: 256 + 4 * result.document.count) { object in
            object.byteArray("attestation_doc", result.document)
        }
    }

    /// A nonce by which a document is proved fresh.
    static func challenge(_ challenge: ExportChallenge, requestIdentifier: String) -> Answer {
        .result("ExportChallengeResponse", requestIdentifier) { object in
            object.byteArray("nonce", challenge.nonce)
            object.string("expires_at", Timestamp.rfc3339(milliseconds: challenge.expiresAt))
        }
    }

    /// The quorum key, encrypted to one enclave.
    static func exportedKey(_ key: ExportedKey, requestIdentifier: String) -> Answer {
        .result("ExportKeyResponse", requestIdentifier, capacity: 1024) { object in
            object.byteArray("encrypted_quorum_key", key.ciphertext)
            object.byteArray("signature", key.signature)
        }
    }

    /// The key is held.
    static func keyInjected(_ result: InjectKeyResult, requestIdentifier: String) -> Answer {
        .result("InjectKeyResponse", requestIdentifier) { object in
            object.bool("success", true)
            object.string("state", result.phase.rawValue)
        }
    }

    /// The wrapped form: one result, under its name, beside the identifier of the request that it is for.
    private static func result(
        _ name: StaticString,
        _ requestIdentifier: String,
        capacity: Int = 512,
        _ members: (inout JSONObject) -> Void
    ) -> Answer {
        .json(capacity: capacity) { object in
            object.string("id", requestIdentifier)
            object.object("result") { $0.object(name, members) }
        }
    }
}
