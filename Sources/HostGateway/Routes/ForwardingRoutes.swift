// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// The *Attestation and key forwarding* part of the contract: its answers are wrapped, its errors are as everywhere.
struct ForwardingRoutes: Sendable {
    let timeout: TimeAmount

    var routes: [Route] {
        [
            .post("/enclave/share-manifest", data: "@manifest.json") { try shareManifest($0) },
            .post("/enclave/generate-attestation", body: .optional, data: #"'{"nonce":"00ff"}'"#) {
                try generateAttestation($0)
            },
            .post("/enclave/export-challenge", body: .optional, data: nil) { try exportChallenge($0) },
            .post("/enclave/export-key", data: "@export.json") { try exportKey($0) },
            .post("/enclave/inject-key", data: "@key.json") { try injectKey($0) },
        ]
    }

    private func shareManifest(_ call: Call) throws -> Step {
        .ask(.shareManifest(try ShareManifestRequest(call.body)), within: timeout) { reply in
            guard case .manifestShared(let result) = reply else { return nil }
            return .manifestShared(result, requestIdentifier: call.requestIdentifier)
        }
    }

    private func generateAttestation(_ call: Call) throws -> Step {
        .call(
            EnclaveCall(operation: .generateAttestation(try AttestationRequest(call.body)), timeout: timeout) {
                outcome in
                do {
                    guard case .attestation(let result) = try outcome.get().reply else {
                        throw EnclaveCallError.wrongAnswer
                    }
                    return .attestation(result, requestIdentifier: call.requestIdentifier)
                } catch let error as EnclaveError {
                    guard let field = error.field else { throw error }
                    throw Refusal(error, field: AttestationRequest.name(of: field, in: call.body))
                }
            }
        )
    }

    private func exportChallenge(_ call: Call) throws -> Step {
        _ = try JSONBody(call.body, allowing: [])
        return .ask(.exportChallenge, within: timeout) { reply in
            guard case .challenge(let challenge) = reply else { return nil }
            return .challenge(challenge, requestIdentifier: call.requestIdentifier)
        }
    }

    private func exportKey(_ call: Call) throws -> Step {
        .ask(.exportKey(try ExportKeyRequest(call.body)), within: timeout) { reply in
            guard case .exportedKey(let key) = reply else { return nil }
            return .exportedKey(key, requestIdentifier: call.requestIdentifier)
        }
    }

    private func injectKey(_ call: Call) throws -> Step {
        .ask(.injectKey(try InjectKeyRequest(call.body)), within: timeout) { reply in
            guard case .keyInjected(let result) = reply else { return nil }
            return .keyInjected(result, requestIdentifier: call.requestIdentifier)
        }
    }
}
