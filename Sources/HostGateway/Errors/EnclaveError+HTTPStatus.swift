// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Protocol

/// The only place where a reason of the enclave becomes a status and a sentence. No `default`: a new reason does not
/// compile until it has both.
extension Refusal {
    init(_ error: EnclaveError) {
        switch error.reason {
        case .wrongState:
            let state = error.state ?? .unrecoverableError
            self.init(
                .conflict, "wrong_state", "The enclave is in the state \(state.rawValue), which does not permit this.")
            self.state = state
            allowedStates = error.allowedStates
        case .outOfRange:
            self.init(
                .badRequest, "out_of_range",
                "The field \"\(error.field ?? "unknown")\" has a value that is not allowed.")
            field = error.field
        case .tooLarge:
            self.init(.contentTooLarge, "body_too_large", "The request is larger than the enclave takes.")
        case .busy:
            self.init(.serviceUnavailable, "busy", "The enclave has as much to do as it takes on; try again soon.")
            retryAfter = 1
        case .entropyFailed:
            self.init(
                .serviceUnavailable,
                "entropy_failed",
                "The random source failed its test, so nothing was made; the next request tests it anew."
            )
        case .outOfSecureMemory:
            self.init(
                .serviceUnavailable, "out_of_secure_memory", "The enclave has no locked memory free; try again soon.")
            retryAfter = 1
        case .deadlineExceeded:
            self.init(.gatewayTimeout, "enclave_timeout", "The enclave did not come to this request in time.")
        case .unknownOperation, .malformedMessage, .internalFailure:
            self.init(.internalServerError, "internal", "The enclave could not serve this request.")
        }
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
