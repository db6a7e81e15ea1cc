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
        /// A public key that is not two different points on the curve.
        case badPublicKey = 11
        /// A member that is in a set twice.
        case duplicateMember = 12
        /// The shares are for another namespace, or another nonce of it.
        case namespaceMismatch = 13
        /// The manifest cannot be read, or contradicts itself.
        case badManifest = 14
        /// The manifest is for another executable.
        case pivotMismatch = 15
        /// The manifest is for other measurements, or another root.
        case measurementMismatch = 16
        /// Too few members of the manifest set approved the manifest.
        case notEnoughApprovals = 17
        /// The share commitments do not hold, or are required and absent.
        case badCommitments = 18
        /// Shares are not taken before the manifest set has approved.
        case manifestNotApproved = 19
        /// Another manifest is held and cannot be replaced while shares are.
        case sharesHeld = 20
        /// Another manifest is held and cannot be replaced at all; the enclave has to be started anew.
        case manifestFixed = 21
        /// No manifest is held.
        case noManifest = 22
        /// There is no genesis answer to repeat.
        case noGenesis = 23
        /// A derived seed is answered only sealed.
        case sealedSeedRequired = 24
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

    /// A refusal of one element of a list, such as `share_members[3].pub_key`.
    package init(_ reason: Reason, field list: StaticString, index: Int, _ member: StaticString) {
        self.reason = reason
        self.field = "\(list)[\(index)].\(member)"
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
