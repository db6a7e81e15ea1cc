// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("requests for a genesis")
struct GenesisRequestTests {
    private func request(_ json: String) throws(RequestError) -> GenesisRequest {
        try GenesisRequest(ByteBuffer(string: json))
    }

    @Test("both forms ask for the same")
    func forms() throws {
        let flat = try request(Samples.flat())
        let envelope = try request(Samples.envelope())
        #expect(flat.operation == Samples.genesis())
        #expect(envelope.operation == flat.operation)
        #expect(flat.form == .flat)
        #expect(envelope.form == .envelope(hasOneThreshold: false))
    }

    @Test("both forms ask for the same with everything that is optional")
    func optionalFields() throws {
        let expected = Samples.genesis(
            pivotHash: Samples.bytes(0, 32), pivotArguments: ["-v", ""], recoveryKey: Samples.bytes(4, 130),
            nonce: Samples.bytes(255, 512))
        let common: [String: String?] = ["dr_key": Samples.list(4, 130), "nonce": Samples.list(255, 512)]
        let hash = Samples.list(0, 32)
        let flat = Samples.flat(common.merging(["pivot_hash": hash, "pivot_args": #"["-v",""]"#]) { $1 })
        let envelope = Samples.envelope(
            parameters: common.merging(["pivot": #"{"hash":\#(hash),"args":["-v",""]}"#]) { $1 })
        #expect(try request(flat).operation == expected)
        #expect(try request(envelope).operation == expected)
    }

    @Test("one threshold counts for both sets")
    func oneThreshold() throws {
        let json = Samples.envelope(parameters: [
            "manifest_threshold": nil, "share_threshold": nil, "threshold": "2",
        ])
        let request = try request(json)
        #expect(request.operation == Samples.genesis(manifestThreshold: 2, shareThreshold: 2))
        #expect(request.form == .envelope(hasOneThreshold: true))
    }

    @Test(
        "what surrounds the parameters may be left out",
        arguments: [
            ["type": nil], ["timestampMs": nil, "organizationId": nil],
            ["type": nil, "timestampMs": nil, "organizationId": nil],
        ] as [[String: String?]])
    func bareEnvelope(changes: [String: String?]) throws {
        #expect(try request(Samples.envelope(changes)).operation == Samples.genesis())
    }

    @Test("null for the recovery key and a pivot without fields count as absent")
    func nothing() throws {
        #expect(try request(Samples.flat(["dr_key": "null"])).operation == Samples.genesis())
        #expect(try request(Samples.flat(["pivot_args": "[]", "nonce": "[]"])).operation == Samples.genesis(nonce: []))
        #expect(try request(Samples.envelope(parameters: ["pivot": "{}"])).operation == Samples.genesis())
    }

    @Test("keys may be hex or base64")
    func encodings() throws {
        let hex = "\"" + String(repeating: "01", count: 130) + "\""
        let base64 = "\"base64:" + String(repeating: "AQEB", count: 43) + "AQ==\""
        for key in [hex, base64] {
            let members = "[{\"alias\":\"a\",\"pub_key\":\(key)},\(Samples.member("b", 2))]"
            #expect(try request(Samples.flat(["manifest_members": members])).operation == Samples.genesis())
        }
    }

    /// What is wrong in the same way in either form.
    static let commonCases: [FieldCase] = [
        FieldCase("namespace_name", nil, .missingField),
        FieldCase("namespace_name", "\"\"", .outOfRange),
        FieldCase("namespace_name", "\"\(String(repeating: "é", count: 128))x\"", .outOfRange),
        FieldCase("namespace_name", "null", .wrongType),
        FieldCase("namespace_name", "1", .wrongType),
        FieldCase("namespace_nonce", nil, .missingField),
        FieldCase("namespace_nonce", "-1", .outOfRange),
        FieldCase("namespace_nonce", "4294967296", .outOfRange),
        FieldCase("namespace_nonce", "1.5", .wrongType),
        FieldCase("namespace_nonce", "\"1\"", .wrongType),
        FieldCase("namespace_nonce", "null", .wrongType),
        FieldCase("manifest_members", nil, .missingField),
        FieldCase("manifest_members", "[]", .outOfRange),
        FieldCase("manifest_members", Samples.members(256), .outOfRange),
        FieldCase("manifest_members", "{}", .wrongType),
        FieldCase("manifest_members", "[1]", .wrongType, "manifest_members[0]"),
        FieldCase("manifest_members", "[{}]", .missingField, "manifest_members[0].alias"),
        FieldCase("manifest_members", #"[{"alias":"a"}]"#, .missingField, "manifest_members[0].pub_key"),
        FieldCase("share_members", nil, .missingField),
        FieldCase("share_members", "[]", .outOfRange),
        FieldCase("share_members", Samples.members(1), .outOfRange),
        FieldCase("share_members", Samples.members(256), .outOfRange),
        FieldCase(
            "share_members", "[\(Samples.member("a", 1)),{\"alias\":\"b\",\"key\":1}]", .unknownField,
            "share_members[1].key"),
        FieldCase("dr_key", Samples.list(1, 129), .outOfRange),
        FieldCase("dr_key", "[256]", .badEncoding),
        FieldCase("dr_key", "1", .wrongType),
        FieldCase("nonce", Samples.list(1, 513), .outOfRange),
        FieldCase("nonce", "null", .wrongType),
        FieldCase("nonce", "\"0\"", .badEncoding),
    ]

    /// What is wrong with a share member, by the path to it.
    static let memberCases: [(String, RequestError.Reason, String)] = [
        (#"{"alias":"","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"member_alias":"","pub_key":KEY}"#, .outOfRange, "member_alias"),
        (#"{"alias":"LONG","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"a\u0000","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"\u001f","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"\u007f","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"\u0080","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"x\u009f","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"x\u202e","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"\u00ad","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"a\udb40\udc01","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"alias":"a\u2028","pub_key":KEY}"#, .outOfRange, "alias"),
        (#"{"member_alias":"a\u2029","pub_key":KEY}"#, .outOfRange, "member_alias"),
        (#"{"alias":1,"pub_key":KEY}"#, .wrongType, "alias"),
        (#"{"alias":null,"pub_key":KEY}"#, .wrongType, "alias"),
        (#"{"alias":"a","member_alias":"a","pub_key":KEY}"#, .unknownField, "member_alias"),
        (#"{"alias":"a","pub_key":[1,2]}"#, .outOfRange, "pub_key"),
        (#"{"alias":"a","pub_key":[1,256]}"#, .badEncoding, "pub_key"),
        (#"{"alias":"a","pub_key":[1,0.5]}"#, .wrongType, "pub_key"),
        (#"{"alias":"a","pub_key":"zz"}"#, .badEncoding, "pub_key"),
        (#"{"alias":"a","pub_key":null}"#, .wrongType, "pub_key"),
    ]

    private func expect(_ json: String, _ reason: RequestError.Reason, _ field: String?) {
        let error = #expect(throws: RequestError.self) { try request(json) }
        #expect(error?.reason == reason)
        #expect(error?.field == field)
    }

    @Test("a wrong field is named in either form", arguments: commonCases)
    func wrongField(_ example: FieldCase) {
        expect(Samples.flat(example.changes), example.reason, example.field)
        expect(Samples.envelope(parameters: example.changes), example.reason, example.field.map { "parameters.\($0)" })
    }

    @Test("a wrong member is named by its place", arguments: memberCases)
    func wrongMember(json: String, reason: RequestError.Reason, field: String) {
        let key = Samples.list(3, 130)
        let member = json.replacing("KEY", with: key).replacing("LONG", with: String(repeating: "x", count: 65))
        let good = Samples.member("m", 1)
        let members = "[\(good),\(good),\(good),\(member)]"
        expect(Samples.flat(["share_members": members]), reason, "share_members[3].\(field)")
        expect(
            Samples.envelope(parameters: ["manifest_members": "[\(member)]"]), reason,
            "parameters.manifest_members[0].\(field)")
    }

    @Test("an alias of 64 bytes and one of other languages are taken")
    func aliases() throws {
        for alias in [String(repeating: "é", count: 32), "あ い", "\u{A0}", "🔑"] {
            let members = "[\(Samples.member(alias, 1)),\(Samples.member("b", 2))]"
            guard case .genesisBoot(let request) = try request(Samples.flat(["manifest_members": members])).operation
            else { return }
            #expect(request.manifestMembers[0].alias == alias)
        }
    }

    @Test(
        "a threshold that a set cannot reach is out of range, in the flat form",
        arguments: [
            FieldCase("share_threshold", nil, .missingField), FieldCase("share_threshold", "0", .outOfRange),
            FieldCase("share_threshold", "1", .outOfRange), FieldCase("share_threshold", "4", .outOfRange),
            FieldCase("share_threshold", "4294967298", .outOfRange), FieldCase("share_threshold", "\"2\"", .wrongType),
            FieldCase("manifest_threshold", nil, .missingField), FieldCase("manifest_threshold", "0", .outOfRange),
            FieldCase("manifest_threshold", "3", .outOfRange), FieldCase("manifest_threshold", "1.5", .wrongType),
            FieldCase("pivot_hash", Samples.list(0, 31), .outOfRange), FieldCase("pivot_hash", "[]", .outOfRange),
            FieldCase("pivot_hash", "null", .wrongType), FieldCase("pivot_args", "\"x\"", .wrongType),
            FieldCase("pivot_args", "[\"x\",1]", .wrongType, "pivot_args[1]"),
            FieldCase("pivot_args", Samples.arguments(65), .outOfRange),
            FieldCase("threshold", "2", .unknownField), FieldCase("pivot", "{}", .unknownField),
            FieldCase("type", "\"ACTIVITY_TYPE_GENESIS_BOOT\"", .unknownField),
        ])
    func flatFields(_ example: FieldCase) {
        expect(Samples.flat(example.changes), example.reason, example.field)
    }

    @Test(
        "a wrong parameter is named, in the envelope",
        arguments: [
            FieldCase(["share_threshold": "1"], .outOfRange, "parameters.share_threshold"),
            FieldCase(["threshold": "2"], .unknownField, "parameters.manifest_threshold"),
            FieldCase(["threshold": "2", "manifest_threshold": nil], .unknownField, "parameters.share_threshold"),
            FieldCase(
                ["threshold": "3", "manifest_threshold": nil, "share_threshold": nil], .outOfRange,
                "parameters.threshold"),
            FieldCase(
                ["threshold": "1", "manifest_threshold": nil, "share_threshold": nil], .outOfRange,
                "parameters.threshold"),
            FieldCase(
                ["manifest_threshold": nil, "share_threshold": nil], .missingField, "parameters.manifest_threshold"),
            FieldCase(["pivot_hash": Samples.list(0, 32)], .unknownField, "parameters.pivot_hash"),
            FieldCase(["pivot": "[]"], .wrongType, "parameters.pivot"),
            FieldCase(["pivot": #"{"hash":[1]}"#], .outOfRange, "parameters.pivot.hash"),
            FieldCase(["pivot": #"{"args":[1]}"#], .wrongType, "parameters.pivot.args[0]"),
            FieldCase(["pivot": "{\"args\":\(Samples.arguments(65))}"], .outOfRange, "parameters.pivot.args"),
            FieldCase(["pivot": #"{"restart":1}"#], .unknownField, "parameters.pivot.restart"),
        ])
    func parameters(_ example: FieldCase) {
        expect(Samples.envelope(parameters: example.changes), example.reason, example.field)
    }

    @Test(
        "a wrong envelope is refused",
        arguments: [
            FieldCase("type", "\"ACTIVITY_TYPE_OTHER\"", .outOfRange), FieldCase("type", "1", .wrongType),
            FieldCase("timestampMs", "1", .wrongType), FieldCase("organizationId", "null", .wrongType),
            FieldCase("parameters", "[]", .wrongType), FieldCase("parameters", "null", .wrongType),
            FieldCase("namespace_name", "\"ns\"", .unknownField), FieldCase("version", "1", .unknownField),
        ])
    func wrongEnvelope(_ example: FieldCase) {
        expect(Samples.envelope(example.changes), example.reason, example.field)
    }

    @Test("what the enclave finds fault with is named as the client wrote it")
    func names() throws {
        let flat = try request(Samples.flat())
        let both = try request(Samples.envelope())
        let one = try request(
            Samples.envelope(parameters: ["manifest_threshold": nil, "share_threshold": nil, "threshold": "2"]))
        let names = [
            ("share_members[3].pub_key", "parameters.share_members[3].pub_key"), ("dr_key", "parameters.dr_key"),
            ("pivot_hash", "parameters.pivot.hash"), ("pivot_args", "parameters.pivot.args"),
        ]
        for (name, expected) in names {
            #expect(flat.name(of: name) == name)
            #expect(both.name(of: name) == expected)
            #expect(one.name(of: name) == expected)
        }
        #expect(both.name(of: "share_threshold") == "parameters.share_threshold")
        #expect(one.name(of: "share_threshold") == "parameters.threshold")
        #expect(one.name(of: "manifest_threshold") == "parameters.threshold")
    }

    @Test("64 arguments are read")
    func arguments() throws {
        let expected = Samples.genesis(pivotArguments: [String](repeating: "", count: 64))
        #expect(try request(Samples.flat(["pivot_args": Samples.arguments(64)])).operation == expected)
    }

    @Test("an alias that the client calls member_alias has that name in what the enclave finds fault with")
    func aliasNames() throws {
        let flat = try request(Samples.flat())
        #expect(flat.name(of: "share_members[1].alias") == "share_members[1].alias")
        #expect(flat.name(of: "share_members[2].alias") == "share_members[2].member_alias")
        #expect(flat.name(of: "share_members[2].pub_key") == "share_members[2].pub_key")
        #expect(flat.name(of: "manifest_members[1].alias") == "manifest_members[1].alias")
        let envelope = try request(Samples.envelope())
        #expect(envelope.name(of: "share_members[2].alias") == "parameters.share_members[2].member_alias")
    }

    @Test("255 members in each set are read")
    func largest() throws {
        let members = Samples.members(255)
        let json = Samples.flat(["manifest_members": members, "share_members": members, "share_threshold": "255"])
        guard case .genesisBoot(let request) = try request(json).operation else {
            Issue.record("another operation")
            return
        }
        #expect(request.shareMembers.count == 255)
        #expect(request.shareMembers[254] == MemberRecord(alias: "m254", publicKey: Samples.bytes(1, 130)))
        #expect(request.shareThreshold == 255)
    }
}
