// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("a connection and large frames")
struct ConnectionTests {
    private static let unknownTag: UInt8 = 200
    /// Bytes of a message whose frame just fills the receive buffer, and of one at the limit.
    private static let fitting = Limits.receiveBufferBytes - FrameHeader.byteCount
    private static let largest = Peer.frameLimit - 4
    /// Bytes of a request before its payload.
    private static let headBytes = 19

    private static func expectInfo(_ peer: Peer, _ identifier: UInt64) throws {
        try peer.send(Peer.frame(try Peer.request(identifier, tag: OperationKind.info.rawValue, count: 0)))
        guard case .reply(identifier, .info) = try peer.next() else {
            Issue.record("information was expected")
            return
        }
    }

    @Test(
        "a message without secrets is handled like any other, however large within the limit",
        arguments: [fitting, fitting + 1, fitting + 8, 2 * fitting, 1_000_000, largest])
    func large(plainCount: Int) throws {
        let peer = try Peer.greeted()
        // More of them than malformed messages would be borne.
        for identifier in UInt64(1)...10 {
            let request = try Peer.request(identifier, tag: Self.unknownTag, count: plainCount - Self.headBytes)
            try #require(request.count == plainCount)
            try peer.send(Peer.frame(request))
            #expect(try peer.next() == peer.refusal(identifier, .unknownOperation))
        }
        try Self.expectInfo(peer, 11)
    }

    @Test("a large message that is malformed is answered, and eight of them end the connection")
    func malformed() throws {
        let peer = try Peer.greeted()
        for identifier in 1...UInt64(Limits.malformedFrames) {
            // Information takes nothing.
            let request = try Peer.request(identifier, tag: OperationKind.info.rawValue, count: 200_000)
            try peer.send(Peer.frame(request))
            #expect(try peer.next() == peer.refusal(identifier, .malformedMessage))
        }
        #expect(try peer.next() == nil)
        #expect(peer.causesOfEnd == ["too many malformed messages"])
    }

    @Test(
        "a large frame with secrets, were it a single byte, is too large, and the connection goes on",
        arguments: [(fitting, 1), (200, fitting), (1_000_000, 1), (200, 1_000_000)])
    func secrets(plainCount: Int, secretCount: Int) throws {
        let peer = try Peer.greeted()
        let request = try Peer.request(1, tag: Self.unknownTag, count: plainCount - Self.headBytes)
        try peer.send(Peer.frame(request, secrets: [UInt8](repeating: 0x55, count: secretCount)))
        #expect(try peer.next() == peer.refusal(1, .tooLarge))
        try Self.expectInfo(peer, 2)
    }

    @Test("large and small frames, with secrets and without, are answered in their order")
    func mixed() throws {
        let peer = try Peer.greeted()
        let large = try Peer.request(1, tag: Self.unknownTag, count: 300_000)
        let small = try Peer.request(2, tag: Self.unknownTag, count: 3)
        let secret = try Peer.request(3, tag: Self.unknownTag, count: 3)
        try peer.send(
            Peer.frame(large) + Peer.frame(small) + Peer.frame(secret, secrets: [UInt8](repeating: 1, count: 200_000))
                + Peer.frame(large) + Peer.frame(small))
        for (identifier, reason) in [
            (1, .unknownOperation), (2, .unknownOperation), (3, .tooLarge), (1, .unknownOperation),
            (2, .unknownOperation),
        ] as [(UInt64, EnclaveError.Reason)] {
            #expect(try peer.next() == peer.refusal(identifier, reason))
        }
        try Self.expectInfo(peer, 4)
    }

    @Test("before the greeting no large frame is gathered: its header ends the connection")
    func notGreeted() throws {
        let peer = try Peer(first: FrameHeader(plainCount: Self.largest, secretCount: 0).bytes)
        #expect(try peer.next() == nil)
        #expect(peer.causesOfEnd == ["a large frame that is no greeting"])
    }
}
