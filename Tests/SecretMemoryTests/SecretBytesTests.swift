// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

@testable import SecretMemory

@Suite("secret bytes")
struct SecretBytesTests {
    @Test("what is cut off is zeroed, and the rest kept")
    func truncate() throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        var secret = try arena.lend(count: 64)
        secret.fill(7)
        secret.truncate(to: 10)
        #expect(secret.count == 10)
        #expect(secret.copied() == [UInt8](repeating: 7, count: 10))
        #expect(bytes(at: secret.address() + 10, count: 54) == [UInt8](repeating: 0, count: 54))
    }

    @Test("a length that is not shorter changes nothing", arguments: [-1, 64, 65, Int.max])
    func truncateToMore(count: Int) throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        var secret = try arena.lend(count: 64)
        secret.fill(7)
        secret.truncate(to: count)
        #expect(secret.copied() == [UInt8](repeating: 7, count: 64))
    }

    @Test("guarded memory is zero at first, and keeps what is written", arguments: [1, 32, 4096, 5000])
    func guarded(count: Int) throws {
        var secret = try SecretBytes(guardedCount: count)
        #expect(secret.copied() == [UInt8](repeating: 0, count: count))
        secret.fill(9)
        #expect(secret.copied() == [UInt8](repeating: 9, count: count))
    }

    @Test("reading behind guarded memory ends the process")
    func behindGuarded() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            let secret = try SecretBytes(guardedCount: 32)
            _ = touch(secret.address() + 32)
        }
    }

    @Test("guarded memory is gone when its owner is")
    func afterGuarded() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            func address() throws -> UInt { try SecretBytes(guardedCount: 32).address() }
            _ = touch(try address())
        }
    }

    @Test("where memory cannot be locked there is no secret, of either kind")
    func notLocked() async {
        await #expect(processExitsWith: .success) {
            ProcessMemory.forbidLocking()
            #expect(throws: SecretMemoryError.notLocked(bytes: 32, errno: 0)) {
                _ = try SecretBytes(guardedCount: 32)
            }
            #expect(throws: SecretMemoryError.notLocked(bytes: 8192, errno: EPERM)) {
                _ = try SecretBuffer(count: 5000)
            }
            #expect(throws: SecretMemoryError.notLocked(bytes: 4096, errno: EPERM)) {
                _ = try SecretArena([.init(bytes: 32, slots: 1)])
            }
        }
    }
}
