// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A refusal that crosses the socket: a closed reason with the facts that help, and nothing that came from a secret.
package struct EnclaveError: Error, Codable, Equatable, Sendable {
    /// Why; the gateway alone knows which HTTP status that is.
    package enum Reason: UInt8, Codable, CaseIterable, Sendable {
        /// The operation's tag is not known to this enclave.
        case unknownOperation = 1
        /// The message could not be read.
        case malformedMessage = 2
        /// The operation is not permitted in the present state.
        case wrongState = 3
        /// A field's value, length or encoding is not allowed.
        case outOfRange = 4
        /// The operation does not fit in the enclave's locked buffer.
        case tooLarge = 5
        /// Too much is waiting already.
        case busy = 6
        /// The random source failed its test; the next draw is tested anew.
        case entropyFailed = 7
        /// No locked memory is free.
        case outOfSecureMemory = 8
        /// The deadline passed, or the caller left, before the work began.
        case deadlineExceeded = 9
        /// An invariant of the enclave does not hold.
        case internalFailure = 10
    }

    package let reason: Reason
    /// The field at fault, by its name in the REST contract.
    package let field: String?
    /// The state that refused, for ``Reason/wrongState``.
    package let state: Phase?
    /// The states that permit the operation, for ``Reason/wrongState``.
    package let allowedStates: [Phase]

    package init(_ reason: Reason, field: StaticString? = nil) {
        self.reason = reason
        self.field = field.map { "\($0)" }
        self.state = nil
        self.allowedStates = []
    }

    /// A refusal for the state that the enclave is in.
    package init(wrongState state: Phase, allowed: [Phase]) {
        self.reason = .wrongState
        self.field = nil
        self.state = state
        self.allowedStates = allowed
    }
}
