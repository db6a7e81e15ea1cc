// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// The values of ours that messages of QuorumOS carry.
@Suite("Messages of QuorumOS")
struct ManifestWireTests {
    private func pair(_ name: String) throws -> (json: JSONValue, borsh: [UInt8]) {
        for entry in try ManifestVectors.file("wire.json").required("both_encodings").elements() {
            let json = try JSONValue(parsing: Array(entry.required("json").text().utf8))
            guard let message = json.member(name), message != .object([]) else { continue }
            return (message, try entry.required("borsh").hexBytes())
        }
        throw QuorumError.malformedManifest
    }

    @Test("have one approval in JSON and in Borsh")
    func approval() throws {
        let (json, borsh) = try pair("provisionRequest")
        let approval = try Approval.decode(json.required("approval").compact())
        #expect(approval.json.canonical() == (try json.required("approval").canonical()))
        var reader = BorshReader(borsh)
        #expect(try reader.u8() == 7)
        #expect(try reader.bytes() == json.required("share").hexBytes())
        let start = borsh.count - reader.remaining
        #expect(try Approval(from: &reader) == approval)
        try reader.finish()
        var writer = BorshWriter()
        approval.write(to: &writer)
        #expect(writer.bytes == Array(borsh[start...]))
    }

    @Test("have one envelope in JSON and in Borsh")
    func envelope() throws {
        let (message, borsh) = try pair("manifestEnvelopeResponse")
        let json = try message.required("manifest_envelope")
        let envelope = try ManifestEnvelope.decode(json.compact())
        #expect(envelope.json.canonical() == json.canonical())
        #expect(borsh.starts(with: [0x14, 0x01]))
        #expect(try ManifestEnvelope.decode(Array(borsh.dropFirst(2))) == envelope)
        #expect(envelope.borsh == Array(borsh.dropFirst(2)))
    }

    @Test("have a genesis set")
    func genesisSet() throws {
        let message = try #require(try ManifestVectors.file("wire.json").required("json_only").elements().first)
        let set = try JSONValue(parsing: Array(message.text().utf8)).required("bootGenesisRequest").required("set")
        let members = try MemberSet(json: set, unknown: .refused)
        #expect(members.threshold == 2)
        #expect(members.members.map(\.alias) == ["alice"])
        #expect(members.json.canonical() == set.canonical())
    }

    @Test("have an envelope of version 2 as text in Borsh")
    func envelopeAsText() throws {
        let message = try #require(try ManifestVectors.file("wire.json").required("borsh_only").elements().first)
        var reader = BorshReader(try message.required("borsh").hexBytes())
        #expect(try reader.u8() == 23)
        let text = try reader.bytes()
        let envelope = try ManifestEnvelope.decode(text)
        #expect(envelope.manifest.version == .v2)
        #expect(try envelope.encoded() == JSONValue(parsing: text).canonical())
        _ = try reader.bytes()
        try reader.finish()
    }
}
