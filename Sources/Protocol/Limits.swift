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

    /// Characters of a request identifier.
    package static let requestIdentifierBytes = 1...128
}
