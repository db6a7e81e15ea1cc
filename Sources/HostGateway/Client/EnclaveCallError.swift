// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why a call to the enclave has no answer.
package enum EnclaveCallError: Error, Equatable, Sendable {
    /// There is no connection, or it broke before the answer came.
    case unavailable
    /// The enclave did not answer within the call's deadline.
    case timedOut
    /// More is waiting for the enclave than the gateway will hold.
    case busy
    /// The request is larger than the enclave takes.
    case tooLarge
    /// The enclave answered with what does not belong to the call.
    case wrongAnswer
}
