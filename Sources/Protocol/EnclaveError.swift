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
        /// The manifest is not the one that the enclave holds, or that its document names.
        case manifestMismatch = 25
        /// A manifest that is no later than the one that is held.
        case lowerNonce = 26
        /// The manifest is of another quorum key.
        case otherQuorumKey = 27
        /// The manifest is of a namespace of another name.
        case otherNamespace = 28
        /// Others would approve manifests, or another number of them.
        case otherManifestSet = 29
        /// Others would hold shares, or another number of them would do.
        case shareSetChanged = 30
        /// The attestation document is malformed, or its signature is wrong.
        case badAttestation = 31
        /// Its certificates do not lead to a trusted root.
        case untrustedAttestation = 32
        /// Its certificates are not valid at its time, or are no more.
        case expiredAttestation = 33
        /// It is too old, or of the future, and no challenge proves that it is fresh.
        case staleAttestation = 34
        /// Its nonce is no challenge of this enclave that is still open, or it has none and needs one.
        case badNonce = 35
        /// It does not bind a key that waits for the quorum key to a manifest.
        case notASetupDocument = 36
        /// It is of an enclave in debug mode, whose memory can be read.
        case debugEnclave = 37
        /// The signature over the forwarded key is not the quorum key's.
        case badSignature = 38
        /// The forwarded key cannot be opened, or is no key.
        case badCiphertext = 39
        /// The forwarded key is not the manifest's.
        case keyMismatch = 40
    }

    package let reason: Reason
    /// The field at fault, by its name in the REST contract.
    package let field: String?
    /// The state that refused, for ``Reason/wrongState``, ``Reason/sharesHeld`` and ``Reason/manifestFixed``.
    package let state: Phase?
    /// The states that permit the operation, for ``Reason/wrongState``.
    package let allowedStates: [Phase]

    package init(_ reason: Reason, field: StaticString? = nil) {
        self.reason = reason
        self.field = field.map { "\($0)" }
        self.state = nil
        self.allowedStates = []
    }

    /// A refusal that is for the state, although the operation is permitted in it.
    package init(_ reason: Reason, state: Phase) {
        self.reason = reason
        self.field = nil
        self.state = state
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
