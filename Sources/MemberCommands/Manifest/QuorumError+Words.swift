// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

extension QuorumError {
    /// What is wrong, as the end of a sentence.
    var words: String {
        switch self {
        case .malformedBorsh: "it is not well-formed Borsh"
        case .malformedJSON: "it is not strict JSON with integers only"
        case .malformedHex: "it is not hexadecimal of the right length"
        case .malformedManifest: "a field is missing, unknown or of another kind"
        case .ambiguousManifest: "it can be read as two versions of a manifest"
        case .badPivotEnvironment: "a name or value of the pivot's environment is not allowed"
        case .badSecret: "it is no master seed"
        case .publicKeyTooLong: "a public key is longer than 130 bytes"
        case .publicKeyTooShort: "a public key is shorter than 130 bytes"
        case .badPublicKey: "a public key is not two points on P-256"
        case .malformedSignature: "a signature is not 64 bytes of two numbers in range"
        case .wrongSignature: "a signature is by another key or of something else"
        case .malformedEnvelope: "it is no envelope"
        case .badEnvelopePoint: "the sender's point is not on the curve"
        case .cannotDecrypt: "it is sealed to another key, or was changed"
        case .tooManyShares: "there are more than 255 shares"
        case .emptySecret: "there is no secret"
        case .thresholdAboveCount: "the threshold is above the number of shares"
        case .thresholdBelowTwo: "fewer than two shares give nothing"
        case .badShare: "a share is not of the right form"
        case .zeroIdentifier: "a share has no number"
        case .duplicateIdentifier: "two shares have the same number"
        case .badThreshold: "a threshold is not within what its set allows"
        case .duplicateMember: "an alias or a key occurs twice in a set"
        case .badApproval: "an approval's signature does not hold"
        case .notAMember: "an approval is by somebody who is not in the set"
        case .duplicateApproval: "a member approves twice"
        case .notEnoughApprovals: "the approvals do not reach the threshold"
        case .badCommitments: "the share commitments do not hold"
        case .memory: "locked memory cannot be had"
        case .primitive: "the system's cryptography or randomness failed"
        }
    }
}
