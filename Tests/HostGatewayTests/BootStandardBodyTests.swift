// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("manifests that are brought")
struct BootStandardBodyTests {
    private func request(_ json: String) throws(RequestError) -> BootStandardRequest {
        try BootStandardRequest(ByteBuffer(string: json))
    }

    private func json(_ changes: [String: String?] = [:]) -> String {
        Samples.object([("manifest_envelope", "{}")], changing: changes)
    }

    @Test(
        "a manifest is passed on byte for byte, whatever stands in it",
        arguments: ["{}", "{ \"a\" : [1, \"\\u0041\"],\n\"é\":null }", "{\"x\":{\"x\":{}}}"])
    func verbatim(envelope: String) throws {
        let request = try request(" { \"manifest_envelope\" : \(envelope) } ")
        #expect(request.manifestEnvelope == Array(envelope.utf8))
        #expect(request.commitments == nil)
    }

    @Test("commitments are read as they are answered")
    func commitments() throws {
        let request = try request(json(["share_commitments": Samples.commitmentsJSON()]))
        #expect(request.commitments == Samples.commitments)
    }

    private func expect(_ json: String, _ reason: RequestError.Reason, _ field: String?) {
        let error = #expect(throws: RequestError.self) { try request(json) }
        #expect(error?.reason == reason)
        #expect(error?.field == field)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            FieldCase("manifest_envelope", nil, .missingField), FieldCase("manifest_envelope", "[]", .wrongType),
            FieldCase("manifest_envelope", "\"{}\"", .wrongType), FieldCase("manifest_envelope", "null", .wrongType),
            FieldCase("manifest_envelope", "{\"a\":1,\"a\":1}", .duplicateKey, "manifest_envelope.a"),
            FieldCase("share_commitments", "null", .wrongType), FieldCase("share_commitments", "[]", .wrongType),
            FieldCase("manifest_hash", "[]", .unknownField),
        ])
    func wrongField(_ example: FieldCase) {
        expect(json(example.changes), example.reason, example.field)
    }

    @Test(
        "a wrong field of the commitments is named by the way to it",
        arguments: [
            FieldCase("namespace_name", nil, .missingField), FieldCase("namespace_nonce", "4294967296", .outOfRange),
            FieldCase("manifest_hash", Samples.list(1, 33), .outOfRange),
            FieldCase("manifest_hash", nil, .missingField),
            FieldCase("quorum_public_key", "[]", .outOfRange), FieldCase("quorum_public_key", nil, .missingField),
            FieldCase("threshold", "1", .outOfRange), FieldCase("threshold", "256", .outOfRange),
            FieldCase("epoch", "-1", .outOfRange), FieldCase("epoch", nil, .missingField),
            FieldCase("shares", "[]", .outOfRange), FieldCase("shares", nil, .missingField),
            FieldCase("shares", "[{},{}]", .missingField, "shares[0].x"),
            FieldCase("signature", Samples.list(1, 63), .outOfRange), FieldCase("signature", nil, .missingField),
            FieldCase("version", "1", .unknownField),
        ])
    func wrongCommitments(_ example: FieldCase) {
        let commitments = Samples.commitmentsJSON(example.changes)
        expect(
            json(["share_commitments": commitments]), example.reason,
            example.field.map { "share_commitments.\($0)" })
    }

    @Test(
        "a wrong field of a committed share is named by the way to it",
        arguments: [
            FieldCase("x", "0", .outOfRange), FieldCase("x", "256", .outOfRange), FieldCase("x", nil, .missingField),
            FieldCase("x", "\"1\"", .wrongType), FieldCase("alias", "\"\"", .outOfRange),
            FieldCase("alias", nil, .missingField), FieldCase("member_alias", "\"a\"", .unknownField),
            FieldCase("pub_key", Samples.list(1, 131), .outOfRange), FieldCase("pub_key", nil, .missingField),
            FieldCase("share_hash", Samples.list(1, 32), .outOfRange), FieldCase("share_hash", "\"gg\"", .badEncoding),
            FieldCase("share_hash", nil, .missingField),
        ])
    func wrongEntry(_ example: FieldCase) {
        let shares = "[\(Samples.entry()),\(Samples.entry(example.changes))]"
        let commitments = Samples.commitmentsJSON(["shares": shares])
        expect(
            json(["share_commitments": commitments]), example.reason,
            example.field.map { "share_commitments.shares[1].\($0)" })
    }
}
