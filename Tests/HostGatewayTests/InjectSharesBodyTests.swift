// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("shares that are brought")
struct InjectSharesBodyTests {
    private func body(_ json: String) throws(RequestError) -> InjectSharesBody {
        try InjectSharesBody(ByteBuffer(string: json))
    }

    @Test("plain and sealed shares are read in their order, the plain ones as secrets")
    func forms() throws {
        let signature = Samples.list(7, 64)
        let body = try body(
            Samples.shares([
                Samples.plainShare(), Samples.sealedShare(),
                Samples.sealedShare(["approval": "{\"signature\":\(signature)}"]),
                Samples.plainShare(["decrypted_share": "\"0x0102\""]),
            ]))
        #expect(
            body.request
                == InjectSharesRequest(
                    namespaceName: "ns", namespaceNonce: 7,
                    shares: [
                        .init(memberAlias: "a", plain: SecretField(count: 33)),
                        .init(memberAlias: "b", sealed: Samples.bytes(8, 130), approval: nil),
                        .init(memberAlias: "b", sealed: Samples.bytes(8, 130), approval: Samples.bytes(7, 64)),
                        .init(memberAlias: "a", plain: SecretField(count: 2)),
                    ]))
        #expect(body.secrets.map(\.bytes) == [Samples.bytes(9, 33), [1, 2]])
    }

    @Test("a share may have any of 1 to 1024 bytes, for the enclave to judge", arguments: [1, 32, 34, 130, 1024])
    func lengths(count: Int) throws {
        let share = Samples.plainShare(["decrypted_share": Samples.list(1, count)])
        #expect(try body(Samples.shares([share])).secrets.map(\.count) == [count])
        let sealed = Samples.sealedShare(["sealed_share": Samples.list(1, count)])
        #expect(try body(Samples.shares([sealed])).request.shares[0].sealed?.count == count)
    }

    @Test("the frame's secrets are the plain shares one after another")
    func frame() throws {
        let body = try body(
            Samples.shares([Samples.plainShare(), Samples.plainShare(["decrypted_share": "[1,2]"])]))
        let head = RequestHead(identifier: 1, deadlineMilliseconds: 1, requestIdentifier: "r")
        let plain = try Message.request(head, .injectShares(body.request)).encoded(secretCount: 35)
        guard case .request(_, .injectShares(let read)) = try Message(plain: plain, secretCount: 35) else {
            Issue.record("another message")
            return
        }
        #expect(read.shares.map { $0.plain?.range } == [0..<33, 33..<35])
    }

    @Test("printing shows nothing of a share")
    func printing() throws {
        let body = try body(Samples.shares([Samples.plainShare(["decrypted_share": Samples.list(201, 33)])]))
        var dumped = "\(body) \(String(reflecting: body))"
        dump(body, to: &dumped)
        #expect(!dumped.contains("201"))
    }

    private func expect(_ json: String, _ reason: RequestError.Reason, _ field: String?) {
        let error = #expect(throws: RequestError.self) { try body(json) }
        #expect(error?.reason == reason)
        #expect(error?.field == field)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            FieldCase("namespace_name", nil, .missingField), FieldCase("namespace_name", "\"\"", .outOfRange),
            FieldCase("namespace_nonce", nil, .missingField), FieldCase("namespace_nonce", "-1", .outOfRange),
            FieldCase("shares", nil, .missingField), FieldCase("shares", "[]", .outOfRange),
            FieldCase("shares", "{}", .wrongType), FieldCase("shares", "[[]]", .wrongType, "shares[0]"),
            FieldCase(
                "shares", "[" + [String](repeating: "{}", count: 256).joined(separator: ",") + "]", .outOfRange),
            FieldCase("epoch", "0", .unknownField),
        ])
    func wrongField(_ example: FieldCase) {
        expect(Samples.shares([Samples.plainShare()], example.changes), example.reason, example.field)
    }

    @Test(
        "a wrong field of a plain share is named by its place",
        arguments: [
            FieldCase("member_alias", nil, .missingField), FieldCase("member_alias", "\"\"", .outOfRange),
            FieldCase("member_alias", "\"\\u0007\"", .outOfRange),
            FieldCase("member_alias", "\"\\u200b\"", .outOfRange),
            FieldCase("member_alias", "7", .wrongType),
            FieldCase("decrypted_share", "[]", .outOfRange), FieldCase("decrypted_share", "\"\"", .outOfRange),
            FieldCase("decrypted_share", Samples.list(1, 1025), .outOfRange),
            FieldCase("decrypted_share", "[256]", .badEncoding),
            FieldCase("decrypted_share", "\"hunter2\"", .badEncoding),
            FieldCase("decrypted_share", "null", .wrongType), FieldCase("decrypted_share", "{}", .wrongType),
            FieldCase("sealed_share", Samples.list(1, 130), .unknownField),
            FieldCase("approval", "{\"signature\":[]}", .unknownField),
            FieldCase("alias", "\"a\"", .unknownField),
            FieldCase(["decrypted_share": nil], .missingField, "sealed_share"),
            FieldCase(["decrypted_share": nil, "approval": "{}"], .missingField, "sealed_share"),
        ])
    func wrongPlain(_ example: FieldCase) {
        let shares = [Samples.sealedShare(), Samples.plainShare(example.changes)]
        expect(Samples.shares(shares), example.reason, example.field.map { "shares[1].\($0)" })
    }

    @Test(
        "a wrong field of a sealed share is named by its place",
        arguments: [
            FieldCase("sealed_share", "[]", .outOfRange), FieldCase("sealed_share", Samples.list(1, 1025), .outOfRange),
            FieldCase("sealed_share", "\"0\"", .badEncoding), FieldCase("sealed_share", "null", .wrongType),
            FieldCase("approval", "null", .wrongType), FieldCase("approval", "[]", .wrongType),
            FieldCase("approval", "{}", .missingField, "approval.signature"),
            FieldCase("approval", "{\"signature\":[1]}", .outOfRange, "approval.signature"),
            FieldCase("approval", "{\"signature\":\"x\"}", .badEncoding, "approval.signature"),
            FieldCase("approval", "{\"key\":1}", .unknownField, "approval.key"),
        ])
    func wrongSealed(_ example: FieldCase) {
        expect(
            Samples.shares([Samples.sealedShare(example.changes)]), example.reason,
            example.field.map { "shares[0].\($0)" })
    }
}
