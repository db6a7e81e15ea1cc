// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Every size limit and deadline that both processes must agree on, with its unit and its reason.
package enum Limits {
    /// Bytes of a request body unless `MAX_BODY_BYTES` says otherwise.
    package static let defaultBodyBytes = 1_048_576

    /// Bytes that a frame may need beyond the body that it carries: head, field lengths, request identifier.
    package static let frameOverheadBytes = 65_536

    /// Bytes of one frame's payload, for a given limit on bodies.
    package static func frameBytes(bodyBytes: Int) -> Int {
        bodyBytes + frameOverheadBytes
    }

    /// Bytes of the locked buffer into which the enclave reads a connection; an operation that carries secrets
    /// must fit in it whole.
    package static let receiveBufferBytes = 131_072

    /// Connections that the enclave serves at a time; a gateway needs one for each of its event loops.
    package static let connections = 16

    /// Costly requests that wait for a worker in the enclave; one more is `busy`.
    package static let queuedCostlyRequests = 256

    /// Requests of the ceremony that wait for their turn in the enclave, each of them up to a frame; one more is
    /// `busy`.
    package static let queuedCeremonyRequests = 8

    /// Milliseconds that a peer has to finish the handshake.
    package static let handshakeMilliseconds = 1000

    /// Milliseconds after which a frame that has begun and not ended closes its connection.
    package static let halfFrameMilliseconds = 5000

    /// Milliseconds that a process which is told to stop gives to what is in flight.
    package static let stopMilliseconds = 5000

    /// Malformed frames after which the enclave closes a connection.
    package static let malformedFrames = 8

    /// Bytes of a BIP39 passphrase, UTF-8, before normalisation.
    package static let passphraseBytes = 1024

    /// Bytes of `seed_type`, UTF-8.
    package static let seedTypeBytes = 1...128

    /// Bytes of `seed_data`, UTF-8.
    package static let seedDataBytes = 0...4096

    /// Members of a set: a share's x is one byte and not zero.
    package static let members = 255

    /// Bytes of a member's alias, UTF-8.
    package static let aliasBytes = 1...64

    /// Bytes of a namespace's name, UTF-8.
    package static let namespaceNameBytes = 1...256

    /// Bytes of a caller's nonce in an attestation document.
    package static let attestationNonceBytes = 0...512

    /// Bytes of an attestation document; a Nitro Security Module answers with at most 12,288.
    package static let attestationDocumentBytes = 1...16_384

    /// Bytes of a register of the attesting hardware.
    package static let registerBytes = 48

    /// Challenges that wait for the document that answers them; one more displaces the oldest.
    package static let exportChallenges = 64

    /// Milliseconds that a challenge is good for.
    package static let exportChallengeMilliseconds: Int64 = 60_000

    /// Milliseconds that a document without a challenge may be old, in development.
    package static let attestationAgeMilliseconds: Int64 = 300_000

    /// Milliseconds that the clock of another machine may be ahead.
    package static let clockSkewMilliseconds: Int64 = 60_000

    /// Bytes of a forwarded key, or of the signature over it: more than any form of one.
    package static let forwardedKeyBytes = 1...1024

    /// Bytes of a public key: two uncompressed points on P-256.
    package static let publicKeyBytes = 130

    /// Bytes of a share that is offered: more than any form of one, so that a wrong one is named rather than cut.
    package static let offeredShareBytes = 1...1024

    /// Bytes of one answer of the enclave: a genesis for 255 members takes half of it.
    package static let replyBytes = 2_097_152

    /// Characters of a request identifier.
    package static let requestIdentifierBytes = 1...128
}
