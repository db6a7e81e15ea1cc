// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Testing

@testable import EmulatedAttestation

@Suite("registers of an emulated module")
struct RegisterBankTests {
    private static let zero = [UInt8](repeating: 0, count: 48)
    private static let measured = (1...4).map { [UInt8](repeating: $0, count: 48) }
    private static let setup = [UInt8](repeating: 0xa1, count: 48)
    private static let live = [UInt8](repeating: 0xb2, count: 48)

    private let bank = RegisterBank(measured: measured)

    private func values(_ bank: RegisterBank) throws -> [[UInt8]] {
        try (0..<32).map { try bank.value(of: $0) }
    }

    @Test("what was measured comes first, and all the others are zero")
    func start() throws {
        #expect(try values(bank) == Self.measured + Array(repeating: Self.zero, count: 28))
        #expect(Array(bank.locked) == Self.measured + Array(repeating: Self.zero, count: 12))
    }

    @Test("a commitment extends zero, and locks all 32")
    func commit() throws {
        var bank = bank
        try bank.commit([(16, Self.setup), (17, Self.live)])
        let expected =
            Self.measured + Array(repeating: Self.zero, count: 12)
            + [SHA384.digest(Self.zero + Self.setup), SHA384.digest(Self.zero + Self.live)]
            + Array(repeating: Self.zero, count: 14)
        #expect(try values(bank) == expected)
        #expect(Array(bank.locked) == expected)
    }

    /// A manifest hash of ones and a setup key of threes: the value is that of QuorumOS.
    @Test("the value after an extension is the one that QuorumOS computes")
    func known() throws {
        let json =
            #"{"domain":"qos-setup-manifest-pcr-commitment-v1","ephemeralPublicKey":""#
            + String(repeating: "03", count: 65) + #"","manifestHash":""# + String(repeating: "01", count: 32) + #""}"#
        var bank = bank
        try bank.commit([(16, SHA384.digest(Array(json.utf8)))])
        let value = "f3e7209964e7d8f4915cc6038ec22d6dcdfcbea625b98f8a1a338e24407f122803f79be43ab65a4c4ad32a52b2c6ab4e"
        #expect(Hex.encode(try bank.value(of: 16)) == value)
    }

    @Test("each commitment starts anew, also with registers that only the one before extended")
    func again() throws {
        var bank = bank
        try bank.commit([(16, Self.setup), (17, Self.live), (31, Self.live)])
        try bank.commit([(17, Self.setup)])
        #expect(try bank.value(of: 16) == Self.zero)
        #expect(try bank.value(of: 17) == SHA384.digest(Self.zero + Self.setup))
        #expect(try bank.value(of: 31) == Self.zero)
        #expect(try Array(values(bank)[..<4]) == Self.measured)
        #expect(bank.locked.count == 32)
    }

    @Test("a register extended twice in one commitment has both in it")
    func twice() throws {
        var bank = bank
        try bank.commit([(16, Self.setup), (16, Self.live)])
        #expect(try bank.value(of: 16) == SHA384.digest(SHA384.digest(Self.zero + Self.setup) + Self.live))
    }

    private static let fixed: [(register: Int, error: SecurityModuleError)] = [
        (0, .refused(.readOnlyIndex)), (15, .refused(.readOnlyIndex)), (32, .refused(.invalidIndex)),
        (-1, .refused(.invalidIndex)), (.max, .refused(.invalidIndex)),
    ]

    @Test("a commitment to a register that cannot be extended changes nothing", arguments: fixed)
    func refused(register: Int, error: SecurityModuleError) throws {
        var bank = bank
        #expect(throws: error) { try bank.commit([(16, Self.setup), (register, Self.live)]) }
        #expect(try values(bank) == values(self.bank))
        #expect(bank.locked.count == 16)
    }

    @Test("there is no register below 0 and none above 31", arguments: [-1, 32, .max, .min])
    func noRegister(index: Int) {
        #expect(throws: SecurityModuleError.refused(.invalidIndex)) { try bank.value(of: index) }
    }
}
