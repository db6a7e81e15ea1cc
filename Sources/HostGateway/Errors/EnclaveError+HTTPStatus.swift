// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Protocol

/// The only place where a reason of the enclave becomes a status and a word. No `default`: a new reason does not
/// compile until it has both.
extension EnclaveError.Reason {
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .outOfRange, .badPublicKey, .duplicateMember: .badRequest
        case .noManifest, .noGenesis: .notFound
        case .wrongState, .sharesHeld, .manifestFixed, .manifestNotApproved: .conflict
        case .tooLarge: .contentTooLarge
        case .namespaceMismatch, .badManifest, .pivotMismatch, .measurementMismatch, .notEnoughApprovals,
            .badCommitments, .sealedSeedRequired, .manifestMismatch, .lowerNonce, .otherQuorumKey, .otherNamespace,
            .otherManifestSet, .shareSetChanged, .badAttestation, .untrustedAttestation, .expiredAttestation,
            .staleAttestation, .badNonce, .notASetupDocument, .debugEnclave, .badSignature, .badCiphertext,
            .keyMismatch:
            .unprocessableContent
        case .unknownOperation, .malformedMessage, .internalFailure: .internalServerError
        case .busy, .entropyFailed, .outOfSecureMemory: .serviceUnavailable
        case .deadlineExceeded: .gatewayTimeout
        }
    }

    /// The word in the answer's `reason`.
    var word: String {
        switch self {
        case .wrongState, .sharesHeld, .manifestFixed: "wrong_state"
        case .outOfRange: "out_of_range"
        case .tooLarge: "body_too_large"
        case .busy: "busy"
        case .entropyFailed: "entropy_failed"
        case .outOfSecureMemory: "out_of_secure_memory"
        case .deadlineExceeded: "enclave_timeout"
        case .badPublicKey: "bad_public_key"
        case .duplicateMember: "duplicate_member"
        case .namespaceMismatch: "namespace_mismatch"
        case .badManifest: "bad_manifest"
        case .pivotMismatch: "pivot_mismatch"
        case .measurementMismatch: "measurement_mismatch"
        case .notEnoughApprovals: "not_enough_approvals"
        case .badCommitments: "bad_commitments"
        case .manifestNotApproved: "manifest_not_approved"
        case .noManifest: "no_manifest"
        case .noGenesis: "no_genesis"
        case .sealedSeedRequired: "sealed_seed_required"
        case .manifestMismatch: "manifest_mismatch"
        case .lowerNonce: "lower_nonce"
        case .otherQuorumKey: "other_quorum_key"
        case .otherNamespace: "other_namespace"
        case .otherManifestSet: "other_manifest_set"
        case .shareSetChanged: "share_set_changed"
        case .badAttestation: "bad_attestation"
        case .untrustedAttestation: "untrusted_attestation"
        case .expiredAttestation: "expired_attestation"
        case .staleAttestation: "stale_attestation"
        case .badNonce: "bad_nonce"
        case .notASetupDocument: "not_a_setup_document"
        case .debugEnclave: "debug_enclave"
        case .badSignature: "bad_signature"
        case .badCiphertext: "bad_ciphertext"
        case .keyMismatch: "key_mismatch"
        case .unknownOperation, .malformedMessage, .internalFailure: "internal"
        }
    }
}

extension Refusal {
    init(_ error: EnclaveError) {
        self.init(error, field: error.field)
    }

    /// - Parameter field: the client's name for the field at fault, where it is not the enclave's.
    init(_ error: EnclaveError, field: String?) {
        self.init(error.reason.status, error.reason.word, error.sentence(aboutField: field))
        self.field = field
        switch error.reason {
        case .wrongState:
            state = error.state ?? .unrecoverableError
            allowedStates = error.allowedStates
        case .sharesHeld, .manifestFixed:
            // Unless the enclave says another: shares are held in this one alone.
            state = error.state ?? .waitingForQuorumShards
            allowedStates = error.allowedStates.isEmpty ? [.waitingForBootInstruction] : error.allowedStates
        case .busy, .outOfSecureMemory:
            retryAfter = 1
        default:
            break
        }
        hint = error.reason.hint
    }

    init(_ error: EnclaveCallError) {
        switch error {
        case .unavailable:
            self.init(.serviceUnavailable, "enclave_unavailable", "The enclave cannot be reached.")
            hint = "is the enclave process running, and may this gateway open its socket?"
        case .timedOut:
            self.init(.gatewayTimeout, "enclave_timeout", "The enclave did not answer in time.")
        case .busy:
            self.init(.serviceUnavailable, "busy", "Too much is waiting for the enclave; try again soon.")
            retryAfter = 1
        case .tooLarge:
            self.init(.contentTooLarge, "body_too_large", "The request is larger than the enclave takes.")
        case .wrongAnswer:
            self.init(
                .internalServerError, "internal", "The enclave answered with what does not belong to the request.")
        }
    }
}
