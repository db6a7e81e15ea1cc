// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Testing

@testable import NitroAttestation

@Suite("commitment in a Nitro Security Module")
struct NitroCommitmentTests {
    private static let setup = [UInt8](repeating: 0xa1, count: 48)
    private static let live = [UInt8](repeating: 0xb2, count: 48)
    private static let extensions: [(register: Int, data: [UInt8])] = [(16, setup), (17, live)]

    /// Everything that a commitment asks, in order.
    private static let requests: [NSMRequest] = [
        .describeRegister(16), .describeRegister(17),
        .extendRegister(16, data: setup), .extendRegister(17, data: live),
        .lockRegisters(below: 32),
        .describeRegister(16), .describeRegister(17),
    ]

    /// A module that was looked at, and the number of requests for that.
    private func start(_ device: NSMDouble) throws -> (module: NitroSecurityModule, count: Int) {
        let module = try NitroSecurityModule(device)
        return (module, device.requests.count)
    }

    @Test("registers are looked at, extended in order, locked with all others and read again")
    func commit() throws {
        let device = NSMDouble()
        let (module, count) = try start(device)
        try module.commit(Self.extensions)
        #expect(Array(device.requests[count...]) == Self.requests)
        #expect(!device.registers.contains { !$0.isLocked })
        #expect(try module.register(16) == SHA384.digest(NSMDouble.zero + Self.setup))
        #expect(try module.register(17) == SHA384.digest(NSMDouble.zero + Self.live))
        let document = try AttestationDocument(parsing: module.attest(userData: nil, nonce: nil, publicKey: nil))
        #expect(document.registers.keys.sorted() == Array(0..<32))
    }

    @Test("a second commitment is refused, and asks for nothing but the register")
    func again() throws {
        let device = NSMDouble()
        let (module, _) = try start(device)
        try module.commit(Self.extensions)
        let count = device.requests.count
        #expect(throws: SecurityModuleError.registerInUse(16)) { try module.commit(Self.extensions) }
        #expect(Array(device.requests[count...]) == [.describeRegister(16)])
    }

    private static let changes: [(register: Int, change: @Sendable (inout NSMRegister) -> Void)] = [
        (16, { $0.isLocked = true }), (17, { $0.isLocked = true }),
        (16, { $0.value[47] = 1 }), (17, { $0.value[0] = 1 }),
    ]

    @Test("where a register is locked or not zero, none is extended", arguments: changes)
    func inUse(register: Int, change: @Sendable (inout NSMRegister) -> Void) throws {
        let device = NSMDouble { change(&$0.registers[register]) }
        let before = device.registers
        let (module, _) = try start(device)
        #expect(throws: SecurityModuleError.registerInUse(register)) { try module.commit(Self.extensions) }
        #expect(device.registers == before)
    }

    @Test("a register that was measured is in use")
    func measured() throws {
        let (module, _) = try start(NSMDouble())
        #expect(throws: SecurityModuleError.registerInUse(4)) { try module.commit([(4, Self.setup)]) }
    }

    @Test("a register that there is not is refused by the module")
    func noRegister() throws {
        let (module, _) = try start(NSMDouble())
        #expect(throws: SecurityModuleError.refused(.invalidIndex)) { try module.commit([(32, Self.setup)]) }
    }

    @Test("whatever the module refuses on the way is told", arguments: requests.indices)
    func refused(place: Int) throws {
        let places = Places(of: Self.requests[place], nth: Self.requests[..<place].count { $0 == Self.requests[place] })
        let device = NSMDouble(edit: { places.isHit($0) ? Answers.refused("InternalError") : $1 })
        let (module, _) = try start(device)
        #expect(throws: SecurityModuleError.refused(.internalError)) { try module.commit(Self.extensions) }
    }

    @Test("an answer on the way that ends early is refused, wherever it ends", arguments: requests.indices)
    func truncated(place: Int) throws {
        let nth = Self.requests[..<place].count { $0 == Self.requests[place] }
        // The longest of these answers.
        for length in 0..<Answers.register(NSMRegister(value: NSMDouble.zero, isLocked: true)).count {
            let places = Places(of: Self.requests[place], nth: nth)
            let device = NSMDouble(edit: { places.isHit($0) ? Array($1.prefix(min(length, $1.count - 1))) : $1 })
            let (module, _) = try start(device)
            #expect(throws: SecurityModuleError.unfit, "\(length) bytes") { try module.commit(Self.extensions) }
        }
    }

    private static let lies: [(request: NSMRequest, nth: Int, answer: [UInt8])] = [
        (.extendRegister(16, data: setup), 0, Answers.extended(NSMDouble.zero)),
        (.extendRegister(17, data: live), 0, Answers.extended(SHA384.digest(NSMDouble.zero + setup))),
        (.describeRegister(16), 1, Answers.register(NSMRegister(value: NSMDouble.zero, isLocked: true))),
        (
            .describeRegister(17), 1,
            Answers.register(NSMRegister(value: SHA384.digest(NSMDouble.zero + live), isLocked: false))
        ),
        (.lockRegisters(below: 32), 0, Answers.random([1])),
        (.describeRegister(16), 0, Answers.locked),
    ]

    @Test("a register that is then another than it must be, or not locked, is noticed", arguments: lies)
    func lie(request: NSMRequest, nth: Int, answer: [UInt8]) throws {
        let places = Places(of: request, nth: nth)
        let (module, _) = try start(NSMDouble(edit: { places.isHit($0) ? answer : $1 }))
        #expect(throws: SecurityModuleError.unfit) { try module.commit(Self.extensions) }
    }
}
