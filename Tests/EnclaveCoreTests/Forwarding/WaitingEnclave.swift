// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// An enclave to which a manifest was given, and which waits for the known key.
struct WaitingEnclave: Sendable {
    let enclave: TestEnclave
    let quorum: KnownQuorum
    let setupKey: QuorumPublicKey

    init(_ enclave: TestEnclave? = nil, quorum: KnownQuorum? = nil) throws {
        self.enclave = try enclave ?? TestEnclave()
        self.quorum = try quorum ?? KnownQuorum()
        let result = try self.enclave.enclave.shareManifest(try self.quorum.shareRequest(approvals: 2))
        setupKey = try QuorumPublicKey(result.ephemeralKey)
    }

    /// A seed, sealed and signed as an enclave that has the key does it.
    ///
    /// - Parameters:
    ///   - seed: the known one where none is given.
    ///   - key: what it is sealed to: the setup key where none is given.
    func forwarded(_ seed: [UInt8]? = nil, to key: QuorumPublicKey? = nil) throws -> InjectKeyRequest {
        let seed = try seed ?? Samples.hex(KnownQuorum.seedText)
        return try signed(try sealed(seed, to: key ?? setupKey))
    }

    /// Bytes that the quorum key signed.
    func signed(_ ciphertext: [UInt8]) throws -> InjectKeyRequest {
        InjectKeyRequest(ciphertext: ciphertext, signature: try quorum.key.sign(ciphertext))
    }

    func expect(
        _ reason: EnclaveError.Reason, _ field: StaticString, _ request: InjectKeyRequest, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        enclave.expect(EnclaveError(reason, field: field), comment, sourceLocation: sourceLocation) {
            try enclave.enclave.injectKey(request)
        }
    }

    /// Brings what gives the key, and expects that it is then there.
    func expectReady(_ request: InjectKeyRequest? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let result = try enclave.enclave.injectKey(try request ?? forwarded())
        #expect(result == InjectKeyResult(phase: .applicationReady), sourceLocation: sourceLocation)
        #expect(enclave.phase == .applicationReady, sourceLocation: sourceLocation)
        #expect(enclave.arena.slotsLent == 0, sourceLocation: sourceLocation)
    }
}
