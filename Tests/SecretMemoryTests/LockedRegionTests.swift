// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

@testable import SecretMemory

@Suite("locked memory")
struct LockedRegionTests {
    @Test("the kernel counts every byte as locked, and none after the end")
    func counted() async {
        // In a process of its own, where nobody else locks.
        await #expect(processExitsWith: .success) {
            let before = try ProcessMemory.lockedKiB()
            try inUse(before)
            #expect(try ProcessMemory.lockedKiB() == before)
        }
    }

    @Test("it is locked, out of core files and empty in children")
    func advice() throws {
        let region = try LockedRegion(count: 10_000)
        #expect(region.count == 12_288)
        let flags = try ProcessMemory.flags(ofMappingAt: unsafe UInt(bitPattern: region.base))
        #expect(flags.isSuperset(of: ["lo", "dd", "wf", "rd", "wr"]))
    }

    @Test("the page before it cannot be read")
    func pageBefore() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            let region = try LockedRegion(count: 4096)
            _ = touch(unsafe UInt(bitPattern: region.base) - 1)
            _ = region.count
        }
    }

    @Test("the page behind it cannot be read")
    func pageBehind() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            let region = try LockedRegion(count: 4096)
            _ = touch(unsafe UInt(bitPattern: region.base) + UInt(region.count))
            _ = region.count
        }
    }

    @Test("its own bytes can be read, from the first to the last")
    func inside() async {
        // What the two tests above rely on: reading alone does not end the process.
        await #expect(processExitsWith: .success) {
            let region = try LockedRegion(count: 4096)
            #expect(touch(unsafe UInt(bitPattern: region.base)) == 0)
            #expect(touch(unsafe UInt(bitPattern: region.base) + UInt(region.count) - 1) == 0)
        }
    }
}

private func inUse(_ before: Int) throws {
    let arena = try SecretArena()
    #expect(try ProcessMemory.lockedKiB() == before + arena.lockedBytes / 1024)
    let buffer = try SecretBuffer(count: 131_072)
    #expect(try ProcessMemory.lockedKiB() == before + (arena.lockedBytes + buffer.count) / 1024)
    // Lending locks nothing more.
    let secret = try arena.lend(count: 64)
    #expect(try ProcessMemory.lockedKiB() == before + (arena.lockedBytes + buffer.count) / 1024)
    #expect(secret.count == 64)
}
