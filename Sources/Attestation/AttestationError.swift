// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why a document, a policy file or a root's file was refused: the closed list of this library. No case carries a value
/// that was read.
public enum AttestationError: Error, Equatable, Sendable {
    // MARK: The document

    /// It is not of the form that a Nitro Security Module gives a document.
    case malformed(Part)
    /// Its signature is not by the key of its certificate over its payload.
    case badSignature
    /// Its certificates do not lead to a root that the policy names, or not in the way that AWS prescribes.
    case untrusted(Flaw)
    /// A certificate was no longer valid at the instant.
    case expired
    /// A certificate was not valid yet at the instant.
    case notYetValid

    // MARK: The policy

    /// It is older than the policy allows.
    case stale
    /// It was made after the instant, by more than clocks may differ.
    case future
    /// Its nonce is not the policy's, or it has none.
    case wrongNonce
    /// It has none of the accepted sets of measurements; with the first register, 0 to 3, up to which none fits.
    case otherMeasurements(register: Int)

    // MARK: Files

    /// A policy file is not what one must be.
    case badPolicy
    /// A root's file does not hold one certificate, and nothing else, in PEM or DER.
    case badRootFile

    /// What of a document is malformed.
    public enum Part: Hashable, Sendable, CaseIterable {
        /// More bytes than a document may have.
        case size
        /// Not an array of four values in CBOR, one is of another kind, or bytes follow.
        case envelope
        /// Not just the algorithm ES384, in its one form.
        case protectedHeader
        /// Not an empty map.
        case unprotectedHeader
        /// Not a map in CBOR, a key occurs twice, or bytes follow.
        case payload
        /// Missing, no text, or empty.
        case moduleID
        /// Missing, or not `SHA384`.
        case digest
        /// Missing, not an unsigned integer, or zero.
        case timestamp
        /// Missing, not a map of 1 to 32 registers, one that occurs twice, or a value of another length.
        case registers
        /// Missing, or not 1 to 1024 bytes.
        case certificate
        /// Missing, not an array of 1 to 8 certificates, or one that is not 1 to 1024 bytes.
        case certificateBundle
        /// Neither `null` nor 1 to 1024 bytes.
        case publicKey
        /// Neither `null` nor at most 512 bytes.
        case userData
        /// Neither `null` nor at most 512 bytes.
        case nonce
        /// A field that no document has.
        case unknownField
    }

    /// What keeps certificates from being trusted.
    public enum Flaw: Hashable, Sendable, CaseIterable {
        /// The first of the bundle is none of the policy's roots.
        case otherRoot
        /// One has not signed the next, the order is another, one is missing or one is too much.
        case badChain
        /// The document's certificate is not for signatures, or another is not for certificates.
        case keyUsage
        /// A key is not on P-384, or a signature is not ECDSA with SHA-384.
        case algorithm
        /// One is an authority that must not be or is none and must be, a path is too long, or an extension that must
        /// be understood is not.
        case constraints
        /// One is not a certificate of X.509 version 3 in DER.
        case certificateForm
    }
}
