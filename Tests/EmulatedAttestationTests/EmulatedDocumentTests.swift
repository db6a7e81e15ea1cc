// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Foundation
import Testing
import VectorKit

@testable import EmulatedAttestation

@Suite("documents of an emulated module")
struct EmulatedDocumentTests {
    /// What a module of AWS made in December 2025, about 64 bytes of user data.
    private static let hardwareShape = [
        "begins with 84", "protected a1013822", "payload begins with bf",
        "module_id: text", "digest: text", "timestamp: integer of 8",
        "pcrs: {\((0..<16).map { "\($0) of 48" }.joined(separator: ", "))}",
        "certificate: bytes", "cabundle: [bytes, bytes, bytes, bytes]",
        "public_key: null", "user_data: bytes", "nonce: null",
        "signature of 96",
    ]

    @Test("a document is written as those of hardware are")
    func shape() throws {
        let module = try EmulatedSecurityModule.sample()
        let document = try module.attest(userData: [UInt8](repeating: 0, count: 64), nonce: nil, publicKey: nil)
        #expect(try DocumentShape.lines(of: document) == Self.hardwareShape)
        #expect(document.starts(with: [0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0, 0x59]))
    }

    @Test(
        "the document of hardware is written like that",
        .enabled(if: Vectors.areAvailable, Vectors.need)
    )
    func hardware() throws {
        let url = try Vectors.url("nitro/dstack_2025-12-25_indefinite-map.cbor")
        #expect(try DocumentShape.lines(of: Array(Data(contentsOf: url))) == Self.hardwareShape)
    }

    @Test("after a commitment all 32 registers are listed")
    func committed() throws {
        let module = try EmulatedSecurityModule.sample()
        try module.commit([(16, [1]), (17, [2])])
        let document = try module.document()
        #expect(document.registers.keys.sorted() == Array(0..<32))
        for index in 0..<32 { #expect(try document.registers[index] == module.register(index)) }
    }

    @Test("a document says what it was to say, and when")
    func fields() throws {
        let clock = ManualClock()
        let module = try EmulatedSecurityModule.sample(clock)
        let bytes = try module.attest(userData: [1, 2], nonce: [], publicKey: [3])
        let document = try AttestationDocument(parsing: bytes)
        #expect(document.digest == "SHA384")
        #expect(document.timestamp == UInt64(ManualClock.start))
        #expect(document.userData == [1, 2])
        #expect(document.nonce == [])
        #expect(document.publicKey == [3])
        #expect(document.certificateBundle.first == DevelopmentRoot.certificate)
        let registers = (0..<16).map { document.registers[$0] }
        let zero = [UInt8](repeating: 0, count: 48)
        #expect(registers == EmulatedRegisters.sample.values + Array(repeating: zero, count: 12))
    }

    @Test("a module's name has the form of an instance and its enclave, and says that it is emulated")
    func name() throws {
        let module = try EmulatedSecurityModule.sample()
        let name = try module.document().moduleID
        #expect(try /emulated-[0-9a-f]{17}-enc[0-9a-f]{16}/.wholeMatch(in: name) != nil)
        #expect(try module.document().moduleID == name)
        #expect(try EmulatedSecurityModule.sample().document().moduleID != name)
    }

    @Test("as much as a document can carry is taken")
    func largest() throws {
        let module = try EmulatedSecurityModule.sample()
        let data = [UInt8](repeating: 7, count: 512)
        let key = [UInt8](repeating: 8, count: 1024)
        let document = try AttestationDocument(
            parsing: try module.attest(userData: data, nonce: data, publicKey: key)
        )
        #expect(document.userData == data && document.nonce == data && document.publicKey == key)
    }

    private static let tooMuch: [(Int, Int, Int, SecurityModuleError.Refusal)] = [
        (513, 0, 1, .inputTooLarge), (0, 513, 1, .inputTooLarge), (0, 0, 1025, .inputTooLarge),
        (0, 0, 0, .invalidArgument),
    ]

    @Test("more than a document can carry, and a key of no bytes, is refused", arguments: tooMuch)
    func refused(userData: Int, nonce: Int, publicKey: Int, refusal: SecurityModuleError.Refusal) throws {
        let module = try EmulatedSecurityModule.sample()
        #expect(throws: SecurityModuleError.refused(refusal)) {
            try module.attest(
                userData: [UInt8](repeating: 1, count: userData),
                nonce: [UInt8](repeating: 2, count: nonce),
                publicKey: [UInt8](repeating: 3, count: publicKey)
            )
        }
    }
}
