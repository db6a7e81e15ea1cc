// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

@Suite("Registers")
struct PCRTests {
    private let file: JSONValue

    init() throws {
        file = try ManifestVectors.file("pcrs.json")
    }

    @Test("commit to a manifest and a key as in the vectors", arguments: [ManifestCommitment.setup, .live])
    func commitments(commitment: ManifestCommitment) throws {
        let expected = try file.required("commitments").required(commitment == .setup ? "setup" : "live")
        let hash = try file.required("manifest_hash").hexBytes()
        let key = try file.required("public_key").hexBytes()
        #expect(try UInt64(commitment.register) == expected.required("pcr_index").unsigned(max: 31))
        #expect(
            try commitment.preimage(manifestHash: hash, ephemeralKey: key)
                == Array(expected.required("preimage").text().utf8))
        #expect(
            try commitment.commitment(manifestHash: hash, ephemeralKey: key)
                == expected.required("commitment").hexBytes())
        #expect(
            try commitment.registerValue(manifestHash: hash, ephemeralKey: key) == expected.required("pcr").hexBytes())
    }

    @Test("commit as worked out by hand")
    func workedCommitment() {
        let value = ManifestCommitment.setup.registerValue(
            manifestHash: [UInt8](repeating: 1, count: 32), ephemeralKey: [UInt8](repeating: 3, count: 65))
        #expect(
            Hex.encode(value)
                == "f3e7209964e7d8f4915cc6038ec22d6dcdfcbea625b98f8a1a338e24407f122803f79be43ab65a4c4ad32a52b2c6ab4e")
    }

    @Test("have the role of an instance as in the vectors")
    func role() throws {
        let expected = try file.required("pcr3")
        let arn = try expected.required("role_arn").text()
        for ending in ["", "\n", "\r\n", "\nmore\n"] {
            let role = try InstanceRole(parsing: Array((arn + ending).utf8))
            #expect(role.arn == Array(arn.utf8))
            #expect(try role.pcr3 == expected.required("pcr3").hexBytes())
        }
    }

    @Test("have the role of an instance as worked out by hand, with nothing trimmed")
    func workedRole() throws {
        let arn = "arn:aws:iam::123456789012:role/Webserver"
        #expect(
            Hex.encode(try InstanceRole(parsing: Array(arn.utf8)).pcr3)
                == "78fce75db17cd4e0a3fb8dad3ad128ca5e77edbb2b2c7f75329dccd99aa5f6ef4fc1f1a452e315b9e98f9e312e6921e6")
        #expect(try InstanceRole(parsing: Array(" \(arn) \n".utf8)).arn == Array(" \(arn) ".utf8))
    }

    @Test("have no role of an empty line or of other than text", arguments: [[], [0x0a], [0x0d, 0x0a, 0x61], [0xff]])
    func badRole(bytes: [UInt8]) {
        #expect(throws: QuorumError.malformedManifest) { try InstanceRole(parsing: bytes) }
    }

    @Test("are read from the file of a release", arguments: ["", "\n", "\r\n", "\nanything at all\n"])
    func release(ending: String) throws {
        let text = try file.required("pcrs_file").required("text").text()
        let registers = try PCRFile(parsing: Array((text + ending).utf8))
        #expect(registers.pcr0 == [UInt8](repeating: 0xa0, count: 48))
        #expect(registers.pcr1 == [UInt8](repeating: 0xa1, count: 48))
        #expect(registers.pcr2 == [UInt8](repeating: 0xa2, count: 48))
    }

    @Test("are refused in lines that are not a value, a space and the name in its order")
    func badLines() throws {
        let text = try file.required("pcrs_file").required("text").text()
        let lines = text.split(separator: "\n").map(String.init)
        let refused = [
            "", lines[0], lines[1...].joined(separator: "\n"), lines.reversed().joined(separator: "\n"),
            text.replacing(" PCR1", with: "  PCR1"), text.replacing(" PCR1", with: "\tPCR1"),
            text.replacing(" PCR1", with: " PCR1 "), text.replacing(" PCR1", with: " pcr1"), "\n" + text,
            text.replacing("\n", with: "\n\n"), text + "\n\n", text + "\n\nPCR3",
        ]
        for text in refused {
            #expect(throws: QuorumError.malformedManifest) { try PCRFile(parsing: Array(text.utf8)) }
        }
    }

    @Test("are refused with values that are not 96 digits")
    func badValues() throws {
        let text = try file.required("pcrs_file").required("text").text()
        for (digits, others) in [("a1a1 PCR1", "a1a PCR1"), ("a1a1 PCR1", "a1 PCR1"), ("a1a1 PCR1", "a1ag PCR1")] {
            let changed = text.replacing(digits, with: others)
            #expect(throws: QuorumError.malformedHex) { try PCRFile(parsing: Array(changed.utf8)) }
        }
        let prefixed = "0x" + text.dropFirst(2)
        #expect(throws: QuorumError.malformedHex) { try PCRFile(parsing: Array(prefixed.utf8)) }
    }
}
