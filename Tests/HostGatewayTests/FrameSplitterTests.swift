// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

@Suite("frames from the enclave")
struct FrameSplitterTests {
    private static let limit = 200

    private static let seed = SeedResult(
        strength: .bits128,
        language: .english,
        phrase: SecretField(count: 5),
        entropy: SecretField(count: 16),
        seed: nil
    )

    /// A greeting, a reply with 21 bytes of secrets, a refusal, and a reply without secrets.
    private static func stream() throws -> [UInt8] {
        let reply = try Message.reply(identifier: 7, .seed(seed)).encoded(secretCount: 21)
        let secrets = Array("words".utf8) + [UInt8](repeating: 0xEE, count: 16)
        return try Message.welcome(
            Welcome(version: 1, spoken: 1...1, product: "p", frameLimit: 9)
        ).frame() + FrameHeader(plainCount: reply.count, secretCount: 21).bytes + reply + secrets
            + Message.reply(identifier: 8, .refused(EnclaveError(.busy))).frame()
            + Message.reply(identifier: 9, .verdict(SeedVerdict(wordCount: 1, language: nil, flaw: .badWordCount)))
            .frame()
    }

    private func take(_ parts: [ArraySlice<UInt8>]) throws -> [String] {
        var splitter = FrameSplitter(limit: Self.limit)
        var found: [String] = []
        for part in parts {
            splitter.append(ByteBuffer(bytes: part))
            while let frame = try splitter.next() {
                found.append("\(describe(frame.message)) \(String(buffer: frame.secrets).prefix(5))")
                if case .reply(7, .seed(let result)) = frame.message {
                    let answer = EnclaveAnswer(reply: .seed(result), secrets: frame.secrets)
                    #expect(answer.bytes(of: result.phrase) == ByteBuffer(string: "words"))
                    #expect(answer.bytes(of: result.entropy) == ByteBuffer(repeating: 0xEE, count: 16))
                }
            }
        }
        return found
    }

    private func describe(_ message: Message) -> String {
        switch message {
        case .welcome: "welcome"
        case .reply(let identifier, .seed): "seed \(identifier)"
        case .reply(let identifier, .refused(let error)): "\(error.reason) \(identifier)"
        case .reply(let identifier, .verdict): "verdict \(identifier)"
        default: "another"
        }
    }

    private static let expected = ["welcome ", "seed 7 words", "busy 8 ", "verdict 9 "]

    @Test("a stream gives the same messages, whatever the parts are in which it comes")
    func parts() throws {
        let stream = try Self.stream()
        for size in 1...stream.count {
            let parts = stride(from: 0, to: stream.count, by: size).map { start in
                stream[start..<min(start + size, stream.count)]
            }
            #expect(try take(parts) == Self.expected, "in parts of \(size)")
        }
    }

    @Test("a stream gives the same messages, wherever it is cut once")
    func cuts() throws {
        let stream = try Self.stream()
        for cut in 0...stream.count {
            #expect(try take([stream[..<cut], stream[cut...]]) == Self.expected, "cut at \(cut)")
        }
    }

    @Test("the largest reply is taken whatever the gateway's limit on bodies is, in parts of a socket's size")
    func largestReply() throws {
        #expect(EnclaveHandler.frameLimit >= Limits.frameBytes(bodyBytes: Limits.replyBytes))
        let envelope = [UInt8](repeating: UInt8(ascii: " "), count: Limits.replyBytes - 64)
        let held = HeldManifest(manifestEnvelope: envelope, manifestHash: [1], commitments: nil)
        let frame = try Message.reply(identifier: 3, .manifest(held)).frame()
        var splitter = FrameSplitter(limit: EnclaveHandler.frameLimit)
        var found: [Message] = []
        for start in stride(from: 0, to: 2 * frame.count, by: 65_536) {
            let part = start..<min(start + 65_536, 2 * frame.count)
            splitter.append(ByteBuffer(bytes: part.map { frame[$0 % frame.count] }))
            while let next = try splitter.next() { found.append(next.message) }
        }
        #expect(found == [.reply(identifier: 3, .manifest(held)), .reply(identifier: 3, .manifest(held))])
    }

    @Test("a stream of which no part ends a frame is cut all the same")
    func neverEmpty() throws {
        let frame = try Message.reply(identifier: 8, .refused(EnclaveError(.busy))).frame()
        var splitter = FrameSplitter(limit: Self.limit)
        splitter.append(ByteBuffer(bytes: frame.prefix(5)))
        for _ in 0..<1000 {
            splitter.append(ByteBuffer(bytes: frame.dropFirst(5) + frame.prefix(5)))
            #expect(try splitter.next() != nil)
            #expect(try splitter.next() == nil)
        }
    }

    @Test("a frame over the limit is refused from its first four bytes", arguments: [201, UInt32.max])
    func tooLarge(length: UInt32) {
        var splitter = FrameSplitter(limit: Self.limit)
        var buffer = ByteBuffer()
        buffer.writeInteger(length)
        splitter.append(buffer)
        #expect(throws: FrameError.tooLarge) { try splitter.next() }
    }

    @Test(
        "what is no message is malformed",
        arguments: [
            [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 4, 1, 0, 0, 0], [0, 0, 0, 5, 1, 0, 0, 0, 9],
            // A cancellation with a byte of secrets.
            [0, 0, 0, 14, 9, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0xAA],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        var splitter = FrameSplitter(limit: Self.limit)
        splitter.append(ByteBuffer(bytes: bytes))
        #expect(throws: FrameError.malformed) { try splitter.next() }
    }

    @Test("an answer prints nothing of its secrets")
    func printing() {
        let answer = EnclaveAnswer(reply: .seed(Self.seed), secrets: ByteBuffer(string: "hunter2"))
        var dumped = "\(answer) \(String(reflecting: answer))"
        dump(answer, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(!dumped.contains("68756e74"))
    }
}
