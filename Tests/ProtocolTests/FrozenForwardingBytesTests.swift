// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("bytes on the socket, of attestation and key forwarding")
struct FrozenForwardingBytesTests {
    /// What each request with identifier 1, deadline 2 and name `r` begins with.
    private static let head: [UInt8] = [3, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0x72]
    /// What each reply to identifier 1 begins with.
    private static let reply: [UInt8] = [5, 1, 0, 0, 0, 0, 0, 0, 0]

    private static let commitments = CommitmentsRecord(
        namespaceName: "n", namespaceNonce: 1, manifestHash: [2], quorumPublicKey: [3], threshold: 4, epoch: 5,
        shares: [.init(identifier: 6, member: MemberRecord(alias: "a", publicKey: [7]), shareHash: [8])],
        signature: [9])

    private static let requests: [(Protocol.Operation, [UInt8])] = [
        (
            .shareManifest(ShareManifestRequest(manifestEnvelope: [0x7B, 0x7D], commitments: nil)),
            [10, 2, 0, 0, 0, 0x7B, 0x7D, 0, 0]
        ),
        (
            .shareManifest(
                ShareManifestRequest(manifestEnvelope: [], commitments: commitments, expectedKey: [1, 2])),
            [10, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0x6E, 1, 0, 0, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 3, 4, 0, 0, 0, 5, 0, 0, 0]
                + [1, 0, 0, 0, 6, 1, 0, 0, 0, 0x61, 1, 0, 0, 0, 7, 1, 0, 0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 0, 0, 0, 1, 2]
        ),
        (
            .generateAttestation(AttestationRequest(manifestHash: nil, registers: [], nonce: nil)),
            [11, 0, 0, 0, 0, 0, 0]
        ),
        (
            .generateAttestation(
                AttestationRequest(manifestHash: [1, 2], registers: [[], [3], [], [4, 5]], nonce: [])),
            [11, 1, 2, 0, 0, 0, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 4, 5]
                + [1, 0, 0, 0, 0]
        ),
        (.exportChallenge, [12]),
        (
            .exportKey(ExportKeyRequest(manifestEnvelope: [0x7B], document: [1, 2])),
            [13, 1, 0, 0, 0, 0x7B, 2, 0, 0, 0, 1, 2]
        ),
        (.injectKey(InjectKeyRequest(ciphertext: [1], signature: [2, 3])), [14, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2, 3]),
    ]

    @Test("each request has its bytes")
    func request() throws {
        let head = RequestHead(identifier: 1, deadlineMilliseconds: 2, requestIdentifier: "r")
        for (operation, bytes) in Self.requests {
            let message = Message.request(head, operation)
            #expect(try message.encoded() == Self.head + bytes)
            #expect(try Message(plain: Self.head + bytes, secretCount: 0) == message)
        }
    }

    private static let replies: [(Reply, [UInt8])] = [
        (
            .manifestShared(ShareManifestResult(manifestHash: [1], ephemeralKey: [2, 3])),
            [10, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2, 3]
        ),
        (.attestation(AttestationResult(document: [0xD2, 0x84])), [11, 2, 0, 0, 0, 0xD2, 0x84]),
        (
            .challenge(ExportChallenge(nonce: [1, 2], expiresAt: 0x0102_0304_0506)),
            [12, 2, 0, 0, 0, 1, 2, 6, 5, 4, 3, 2, 1, 0, 0]
        ),
        (.exportedKey(ExportedKey(ciphertext: [1], signature: [2, 3])), [13, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2, 3]),
        (.keyInjected(InjectKeyResult(phase: .applicationReady)), [14, 16, 0, 0, 0] + Array("ApplicationReady".utf8)),
    ]

    @Test("each reply has its bytes")
    func replyBytes() throws {
        for (reply, bytes) in Self.replies {
            let message = Message.reply(identifier: 1, reply)
            #expect(try message.encoded() == Self.reply + bytes)
            #expect(try Message(plain: Self.reply + bytes, secretCount: 0) == message)
        }
    }

    @Test("what is fixed in a state names the state and no other")
    func refusal() throws {
        let error = EnclaveError(.manifestFixed, state: .waitingForForwardedKey)
        let bytes: [UInt8] =
            [0, 21, 0, 1, 22, 0, 0, 0] + Array("WaitingForForwardedKey".utf8) + [0, 0, 0, 0]
        #expect(try Message.reply(identifier: 1, .refused(error)).encoded() == Self.reply + bytes)
        #expect(error.allowedStates.isEmpty)
        #expect(error.field == nil)
    }

    @Test("each reason has its byte", arguments: EnclaveError.Reason.allCases)
    func reason(reason: EnclaveError.Reason) throws {
        let message = Message.reply(identifier: 1, .refused(EnclaveError(reason)))
        let bytes = Self.reply + [0, reason.rawValue, 0, 0, 0, 0, 0, 0]
        #expect(try message.encoded() == bytes)
        #expect(try Message(plain: bytes, secretCount: 0) == message)
    }

    @Test("a reason beyond the last is none", arguments: [0, 41, 255] as [UInt8])
    func unknownReason(byte: UInt8) {
        let bytes = Self.reply + [0, byte, 0, 0, 0, 0, 0, 0]
        #expect(throws: FrameError.malformed) { try Message(plain: bytes, secretCount: 0) }
    }
}
