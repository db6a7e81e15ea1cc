// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("what is expected of a document")
struct ExpectationTests {
    private let enclave: TestEnclave
    private let own = Samples.measurements.registers
    private static let zeros = [UInt8](repeating: 0, count: 32)

    init() throws {
        enclave = try TestEnclave()
    }

    private func attest(
        _ hash: [UInt8]? = nil, _ registers: [[UInt8]] = [], nonce: [UInt8]? = nil
    ) throws -> AttestationResult {
        try enclave.enclave.attest(AttestationRequest(manifestHash: hash, registers: registers, nonce: nonce))
    }

    private func expect(
        _ reason: EnclaveError.Reason, _ field: StaticString, _ hash: [UInt8]? = nil, _ registers: [[UInt8]] = [],
        nonce: [UInt8]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        enclave.expect(EnclaveError(reason, field: field), sourceLocation: sourceLocation) {
            try attest(hash, registers, nonce: nonce)
        }
    }

    @Test("the manifest that is held, zeros, or nothing is expected rightly, and another one is not")
    func manifest() throws {
        let hash = try enclave.enclave.shareManifest(try KnownQuorum().shareRequest()).manifestHash
        for expected in [nil, Self.zeros, hash] { _ = try attest(expected) }
        var other = hash
        other[31] ^= 1
        expect(.manifestMismatch, "manifest_hash", other)
        expect(.manifestMismatch, "manifest_hash", [UInt8](repeating: 0, count: 31) + [1])
    }

    @Test("before a manifest is held, none is expected rightly")
    func noManifest() throws {
        for expected in [nil, Self.zeros] { _ = try attest(expected) }
        expect(.manifestMismatch, "manifest_hash", [UInt8](repeating: 1, count: 32))
    }

    @Test("once the key is there the manifest is still compared")
    func provisioned() throws {
        let scene = try KnownQuorum().scene(on: enclave)
        try scene.provision(2)
        _ = try attest(scene.manifestHash, own)
        expect(.manifestMismatch, "manifest_hash", [UInt8](repeating: 1, count: 32))
    }

    @Test("own registers are expected rightly, and empty ones stand for whatever they are")
    func registers() throws {
        for expected in [[], [[], [], [], []], own, [own[0], [], own[2], []]] { _ = try attest(nil, expected) }
    }

    private static let fields: [StaticString] = [
        "pcr_values[0]", "pcr_values[1]", "pcr_values[2]", "pcr_values[3]",
    ]

    @Test("another register is told by its number, the first of them", arguments: 0..<4)
    func otherRegister(index: Int) throws {
        var expected = own
        for place in index..<4 { expected[place][47] ^= 1 }
        expect(.measurementMismatch, Self.fields[index], nil, expected)
        expected = [[], [], [], []]
        expected[index] = [UInt8](repeating: 0, count: 48)
        expect(.measurementMismatch, Self.fields[index], nil, expected)
    }

    @Test("a register has 48 bytes or none", arguments: 0..<4, [1, 32, 47, 49, 64])
    func registerLength(index: Int, count: Int) throws {
        var expected = own
        expected[index] = [UInt8](repeating: 1, count: count)
        expect(.outOfRange, Self.fields[index], nil, expected)
    }

    @Test("there are four registers or none", arguments: [1, 3, 5, 32])
    func registerCount(count: Int) throws {
        expect(.outOfRange, "pcr_values", nil, Array(repeating: [], count: count))
        expect(.outOfRange, "pcr_values", nil, Array(repeating: own[0], count: count))
    }

    @Test("a manifest's hash has 32 bytes", arguments: [0, 1, 31, 33, 64])
    func hashLength(count: Int) throws {
        expect(.outOfRange, "manifest_hash", [UInt8](repeating: 0, count: count))
    }

    @Test("a nonce has at most 512 bytes")
    func nonceLength() throws {
        _ = try attest(nonce: [UInt8](repeating: 1, count: 512))
        expect(.outOfRange, "nonce", nonce: [UInt8](repeating: 1, count: 513))
    }

    @Test("what an enclave that has given up is asked for is refused for its state")
    func unrecoverable() throws {
        try enclave.enclave.change(for: .info) { _ in
            Enclave.Change(value: ()) { state, now throws(EnclaveError) in try state.fail(at: now) }
        }
        enclave.expect(
            EnclaveError(
                wrongState: .unrecoverableError,
                allowed: Phase.allCases.filter { $0 != .unrecoverableError })
        ) { try attest() }
        #expect(enclave.appearance.keys == [nil, nil])
    }
}
