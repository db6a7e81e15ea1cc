// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("pending requests")
struct PendingRequestsTests {
    private let pending = PendingRequests()

    private func enter(_ identifier: UInt64, deadline: UInt32 = .max) -> PendingRequests.Ticket {
        pending.enter(RequestHead(identifier: identifier, deadlineMilliseconds: deadline, requestIdentifier: "r"))
    }

    @Test("a request is awaited until it is cancelled, alone")
    func cancel() {
        let (one, two) = (enter(1), enter(2))
        #expect(one.isAwaited && two.isAwaited)
        pending.cancel(1)
        pending.cancel(3)
        #expect(!one.isAwaited)
        #expect(two.isAwaited)
    }

    @Test("a request whose deadline has passed is not awaited")
    func deadline() {
        #expect(!enter(1, deadline: 0).isAwaited)
    }

    @Test("a lost peer awaits nothing")
    func cancelAll() {
        let tickets = (0..<5 as Range<UInt64>).map { enter($0) }
        pending.cancelAll()
        #expect(tickets.allSatisfy { !$0.isAwaited })
    }

    @Test("what has been answered is pending no more, and cannot be cancelled")
    func leave() {
        #expect(pending.isEmpty)
        let ticket = enter(1)
        #expect(!pending.isEmpty)
        pending.leave(2)
        #expect(!pending.isEmpty)
        pending.leave(1)
        #expect(pending.isEmpty)
        pending.cancel(1)
        #expect(ticket.isAwaited)
    }
}
