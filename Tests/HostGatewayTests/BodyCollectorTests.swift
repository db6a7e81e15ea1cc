// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Testing

@testable import HostGateway

@Suite("request bodies")
struct BodyCollectorTests {
    private static let tooLarge = RequestError(.bodyTooLarge, message: "The body is larger than 100 bytes.")
    private static let free = BodyBudget.freeBytes

    private func part(_ count: Int) -> ByteBuffer {
        ByteBuffer(repeating: 7, count: count)
    }

    @Test(
        "a body that says that it is too large is refused unread",
        arguments: [("101", true), ("1000000000000", true), ("100", false), ("0", false), ("x", false), ("-1", false)])
    func announced(length: String, isRefused: Bool) {
        let collector = BodyCollector(limit: 100, budget: BodyBudget())
        do {
            try collector.checkAnnounced([.contentLength: length])
            #expect(!isRefused)
        } catch {
            #expect(isRefused)
            #expect(error == Self.tooLarge)
        }
    }

    @Test("parts are put together up to the limit, and not one byte more", arguments: [1, 3, 7, 99, 100])
    func parts(size: Int) throws {
        var collector = BodyCollector(limit: 100, budget: BodyBudget())
        for start in stride(from: 0, to: 100, by: size) { try collector.append(part(min(size, 100 - start))) }
        #expect(collector.bytes == part(100))
        try collector.append(ByteBuffer())
        #expect(throws: Self.tooLarge) { try collector.append(part(1)) }
        #expect(collector.bytes == part(100))
    }

    @Test("large bodies share a budget, which they give back; small ones cost nothing")
    func budget() throws {
        let budget = BodyBudget(limit: 3 * Self.free)
        var one = BodyCollector(limit: 10 * Self.free, budget: budget)
        var two = BodyCollector(limit: 10 * Self.free, budget: budget)
        try one.append(part(2 * Self.free))
        try two.append(part(Self.free))
        let busy = RequestError(.busy, message: "Too many large requests at a time; try again soon.")
        #expect(throws: busy) { try two.append(part(Self.free)) }
        #expect(two.bytes.readableBytes == Self.free)
        try one.append(part(Self.free))
        #expect(throws: busy) { try two.append(part(1)) }
        one.discard()
        #expect(one.bytes.readableBytes == 0)
        try two.append(part(2 * Self.free))
        two.discard()
        two.discard()
        // All of it is there again, and no more than that.
        #expect(budget.take(3 * Self.free))
        #expect(!budget.take(1))
    }
}
