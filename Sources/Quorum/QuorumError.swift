// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

/// Why something of the quorum was refused: the closed list of this library. No case carries a value that was read.
package enum QuorumError: Error, Equatable, Sendable {
    // MARK: Encodings

    /// Borsh that ends early, goes on too long, or has a value that its type does not.
    case malformedBorsh
    /// Text that is not strict JSON, is nested too deep, or has a number that is no 64-bit integer.
    case malformedJSON
    /// Text that is not hexadecimal, or not of the length that is asked for.
    case malformedHex
    /// A manifest, envelope, approval or genesis output whose fields are not what they must be.
    case malformedManifest
    /// A manifest that reads as two versions.
    case ambiguousManifest
    /// The names or values of a pivot's environment are not allowed.
    case badPivotEnvironment

    // MARK: Keys and envelopes

    /// A master seed that is not 32 bytes, or of which a scalar is zero or not below the order of the curve.
    case badSecret
    /// More than 130 bytes.
    case publicKeyTooLong
    /// Fewer than 130 bytes.
    case publicKeyTooShort
    /// 130 bytes that are not two uncompressed points on P-256.
    case badPublicKey
    /// Not 64 bytes, or r or s is not within 1 to n − 1.
    case malformedSignature
    /// A signature by another key or over another message.
    case wrongSignature
    /// Bytes that are no envelope.
    case malformedEnvelope
    /// The sender's point of an envelope is not on the curve.
    case badEnvelopePoint
    /// The envelope is for another key, or was changed.
    case cannotDecrypt

    // MARK: Sharing

    /// More than 255 shares.
    case tooManyShares
    /// A secret of no bytes.
    case emptySecret
    /// A threshold above the number of shares.
    case thresholdAboveCount
    /// A threshold, or a number of shares to combine, below two.
    case thresholdBelowTwo
    /// Shares of fewer than two bytes or of different lengths.
    case badShare
    /// A share whose x is zero.
    case zeroIdentifier
    /// Two shares of one x.
    case duplicateIdentifier

    // MARK: Members and approvals

    /// A threshold that is not within what the set's size allows.
    case badThreshold
    /// An alias, an encryption point or a signing point that occurs twice in a set.
    case duplicateMember
    /// A signature that is not the approval of the member that it names.
    case badApproval
    /// An approval by somebody who is not in the set.
    case notAMember
    /// A second approval by one member.
    case duplicateApproval
    /// Fewer approvals than the threshold.
    case notEnoughApprovals
    /// Commitments whose signature, epoch or content does not hold.
    case badCommitments

    // MARK: Below

    case memory(SecretMemoryError)
    case primitive(PrimitiveError)
}
