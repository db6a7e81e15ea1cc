// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization
import Testing

@testable import SecretMemory

@Suite("arena of secret memory")
struct SecretArenaTests {
    private func small() throws -> SecretArena {
        try SecretArena([.init(bytes: 32, slots: 2), .init(bytes: 128, slots: 1)])
    }

    @Test("what is lent is zero, as long as asked for, and a slot fewer", arguments: [0, 1, 31, 32, 33, 128])
    func lent(count: Int) throws {
        let arena = try small()
        let secret = try arena.lend(count: count)
        #expect(secret.count == count)
        #expect(secret.copied() == [UInt8](repeating: 0, count: count))
        #expect(arena.slotsLent == 1)
    }

    @Test("a slot is zeroed when its owner lets go, and lent again")
    func returned() throws {
        let arena = try SecretArena([.init(bytes: 32, slots: 1)])
        let address = try use(arena)
        #expect(arena.slotsLent == 0)
        #expect(bytes(at: address, count: 32) == [UInt8](repeating: 0, count: 32))
        let again = try arena.lend(count: 32)
        #expect(again.address() == address)
        #expect(again.copied() == [UInt8](repeating: 0, count: 32))
    }

    private func use(_ arena: SecretArena) throws -> UInt {
        var secret = try arena.lend(count: 32)
        secret.fill(0xA5)
        #expect(bytes(at: secret.address(), count: 32) == [UInt8](repeating: 0xA5, count: 32))
        return secret.address()
    }

    @Test("a full arena is exhausted, and serves again after a return")
    func exhausted() throws {
        let arena = try small()
        try fill(arena)
        #expect(arena.slotsLent == 0)
        _ = try arena.lend(count: 32)
    }

    private func fill(_ arena: SecretArena) throws {
        let one = try arena.lend(count: 32)
        let two = try arena.lend(count: 32)
        // The smaller slots are lent, so a larger one serves.
        let three = try arena.lend(count: 32)
        #expect(arena.slotsLent == 3)
        #expect(Set([one.address(), two.address(), three.address()]).count == 3)
        for _ in 0..<3 {
            #expect(throws: SecretMemoryError.exhausted) { _ = try arena.lend(count: 32) }
            #expect(throws: SecretMemoryError.exhausted) { _ = try arena.lend(count: 128) }
        }
        #expect(arena.slotsLent == 3)
    }

    @Test("a smaller slot never serves for a larger secret")
    func tooSmallIsLeft() throws {
        let arena = try small()
        let large = try arena.lend(count: 33)
        #expect(throws: SecretMemoryError.exhausted) { _ = try arena.lend(count: 33) }
        #expect(large.count == 33)
        #expect(arena.slotsLent == 1)
    }

    @Test("what no slot holds is too large, even while all are lent", arguments: [129, 4096, Int.max])
    func tooLarge(count: Int) throws {
        let arena = try small()
        #expect(throws: SecretMemoryError.tooLarge) { _ = try arena.lend(count: count) }
        #expect(arena.slotsLent == 0)
    }

    @Test("slots lie one behind the other and do not overlap")
    func apart() throws {
        let arena = try small()
        var one = try arena.lend(count: 32)
        var two = try arena.lend(count: 32)
        var three = try arena.lend(count: 128)
        one.fill(1)
        two.fill(2)
        three.fill(3)
        #expect(one.copied() == [UInt8](repeating: 1, count: 32))
        #expect(two.copied() == [UInt8](repeating: 2, count: 32))
        #expect(three.copied() == [UInt8](repeating: 3, count: 128))
        #expect(arena.lockedBytes == 4096)
    }

    @Test("many tasks never get the same slot")
    func concurrent() async throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 4), .init(bytes: 128, slots: 2)])
        let lent = LentAddresses()
        let served = await withTaskGroup(of: Int.self) { group in
            for task in 0..<16 as Range<UInt8> {
                group.addTask { Self.lendOften(arena, lent, mark: task + 1) }
            }
            return await group.reduce(0, +)
        }
        // Some find the arena full; whoever does not has had a slot to himself.
        #expect(served > 0)
        #expect(arena.slotsLent == 0)
        #expect(lent.all.withLock { $0.isEmpty })
    }

    private final class LentAddresses: Sendable {
        let all = Mutex<Set<UInt>>([])
    }

    private static func lendOften(_ arena: SecretArena, _ lent: LentAddresses, mark: UInt8) -> Int {
        var served = 0
        for _ in 0..<500 {
            guard var secret = try? arena.lend(count: 48) else { continue }
            let address = secret.address()
            #expect(lent.all.withLock { $0.insert(address).inserted })
            #expect(secret.copied() == [UInt8](repeating: 0, count: 48))
            secret.fill(mark)
            #expect(secret.copied() == [UInt8](repeating: mark, count: 48))
            _ = lent.all.withLock { $0.remove(address) }
            served += 1
        }
        return served
    }

    @Test("the standard arena has room for every costly request that may wait")
    func standard() throws {
        let arena = try SecretArena()
        #expect(arena.lockedBytes == 64 * 1024 + 1024 * 320 + 4096 * 64)
        let passphrases = SecretArena.standard.filter { $0.bytes == 1024 }.map(\.slots)
        #expect(passphrases == [320])
    }
}
