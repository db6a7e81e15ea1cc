// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("The form of a document")
struct DocumentFormTests {
    private static let badPayloads: [[UInt8]] = {
        let good = DocumentPlan().payload()
        let indefinite = CBOR.indefiniteMap(DocumentPlan().entries)
        return [
            // Beginnings of something else, or of nothing.
            [], [0xA9], [0x80], [0xF6], [0xBF], [0xA1, 0x01, 0x02], [0xA1, 0x41, 0x61, 0x02], [0xB8, 0x01, 0x61, 0x61],
            // With one byte too many or too few.
            good + [0], good.dropLast(2), [0xB8] + good, [0xD2] + good, indefinite + [0xFF], indefinite.dropLast(),
            // With one entry more than there are, and one less.
            [0xAA] + good.dropFirst(), [0xA8] + good.dropFirst(),
        ]
    }()

    @Test("its fields are read in any order and of either length")
    func order() throws {
        let plan = DocumentPlan()
        let document = try AttestationDocument(parsing: plan.unsigned())
        #expect(document.moduleID == "i-0-enc0")
        #expect(document.digest == "SHA384")
        #expect(document.timestamp == DocumentPlan.timestamp)
        #expect(document.registers.count == 16)
        #expect(document.registers[3] == DocumentPlan.register(3))
        #expect(document.certificate == [2])
        #expect(document.certificateBundle == [[1]])
        #expect(document.publicKey == nil && document.userData == nil && document.nonce == nil)
        for entries in [plan.entries, plan.entries.reversed(), Array(plan.entries.dropLast(3))] {
            #expect(try AttestationDocument(payload: CBOR.map(entries)) == document)
            #expect(try AttestationDocument(payload: CBOR.indefiniteMap(entries)) == document)
        }
    }

    @Test("every field may be as long as it may be")
    func limits() throws {
        let registers = (0..<32).map { (CBOR.unsigned($0), CBOR.bytes(count: [32, 48, 64][Int($0) % 3])) }
        let plan = DocumentPlan().with("public_key", CBOR.bytes(count: 1024)).with("user_data", CBOR.bytes(count: 512))
            .with("nonce", CBOR.bytes(count: 512)).with("pcrs", CBOR.map(registers))
            .with("certificate", CBOR.bytes(count: 1024))
            .with("cabundle", CBOR.array([[UInt8]](repeating: CBOR.bytes(count: 1024), count: 8)))
        let document = try AttestationDocument(parsing: plan.unsigned())
        #expect(document.registers.count == 32)
        #expect(document.certificateBundle.map(\.count) == [Int](repeating: 1024, count: 8))
        #expect([document.publicKey, document.userData, document.nonce].map { $0?.count } == [1024, 512, 512])
    }

    @Test("what the enclave says may be empty, its key may not")
    func empty() throws {
        let plan = DocumentPlan().with("user_data", CBOR.bytes([])).with("nonce", CBOR.bytes([]))
        let document = try AttestationDocument(parsing: plan.unsigned())
        #expect(document.userData == [])
        #expect(document.nonce == [])
    }

    @Test("it has 16,384 bytes at most")
    func size() throws {
        let most = AttestationDocument.maximumByteCount
        let small = DocumentPlan().with("module_id", CBOR.text("")).unsigned().count
        // Three bytes before a text of this length, and two more before the longer payload, instead of one and two.
        let fitting = DocumentPlan().with("module_id", CBOR.text(String(repeating: "a", count: most - small - 2)))
        #expect(fitting.unsigned().count == most)
        _ = try AttestationDocument(parsing: fitting.unsigned())
        #expect(throws: AttestationError.malformed(.size)) {
            try AttestationDocument(parsing: fitting.unsigned() + [0])
        }
    }

    @Test("two that differ in the spelling of their module are two")
    func spelling() throws {
        let composed = DocumentPlan().with("module_id", CBOR.text("\u{E9}"))
        let decomposed = DocumentPlan().with("module_id", CBOR.text("e\u{301}"))
        #expect(
            try AttestationDocument(parsing: composed.unsigned())
                != AttestationDocument(parsing: decomposed.unsigned())
        )
    }

    @Test("a field that is not as it must be is named", arguments: FieldCase.all)
    func field(bad: FieldCase) {
        #expect(throws: AttestationError.malformed(bad.part), "\(bad)") {
            try AttestationDocument(parsing: DocumentPlan().with(bad.name, bad.value).unsigned())
        }
    }

    @Test("a payload that is no map of names, or goes on after it, is refused", arguments: badPayloads)
    func payload(payload: [UInt8]) {
        #expect(throws: AttestationError.malformed(.payload)) { try AttestationDocument(payload: payload) }
    }

    @Test("a field that is there twice is refused, whatever it says", arguments: DocumentPlan().fields.map(\.name))
    func twice(name: String) throws {
        let plan = DocumentPlan()
        let value = try #require(plan.fields.first { $0.name == name }).value
        for payload in [plan.adding(name, value).payload(), CBOR.indefiniteMap(plan.adding(name, value).entries)] {
            #expect(throws: AttestationError.malformed(.payload)) { try AttestationDocument(payload: payload) }
        }
    }

    @Test(
        "a field that no document has is refused",
        arguments: [
            "", "Nonce", "nonce ", "nonce\0", "PCRS", "module_id2", "\u{FEFF}nonce", "x",
        ])
    func unknown(name: String) {
        #expect(throws: AttestationError.malformed(.unknownField)) {
            try AttestationDocument(parsing: DocumentPlan().adding(name, CBOR.null).unsigned())
        }
    }
}
