// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("routes about the quorum")
struct QuorumRoutesTests {
    private let table = RouteTable(QuorumRoutes(timeout: .seconds(3)).routes)

    private func call(_ method: HTTPRequest.Method, _ path: String, _ body: String = "") throws -> EnclaveCall {
        guard case .route(let index) = table.match(method, path),
            case .call(let call) = try table.routes[index].begin(
                Call(query: "", body: ByteBuffer(string: body), requestIdentifier: "r"))
        else { throw EnclaveCallError.wrongAnswer }
        return call
    }

    private func outcome(_ reply: Reply) -> EnclaveCall.Outcome {
        .success(EnclaveAnswer(reply: reply, secrets: ByteBuffer()))
    }

    private static let held = HeldManifest(manifestEnvelope: Array("{}".utf8), manifestHash: [1], commitments: nil)
    private static let booted = BootStandardResult(
        phase: .waitingForQuorumShards, ephemeralKey: [], manifestHash: [], threshold: 2, approvalsCounted: 1)
    private static let taken = InjectSharesResult(
        phase: .waitingForQuorumShards, sharesReceived: 1, threshold: 2,
        judgements: [.init(memberAlias: "a", flaw: nil)], quorumPublicKey: nil, isOtherKey: false)

    /// Every call: its body, what it asks of the enclave, and the reply that belongs to it.
    private static let calls: [(HTTPRequest.Method, String, String, Protocol.Operation, Reply)] = [
        (.post, "/enclave/genesis-boot", Samples.flat(), Samples.genesis(), .genesis(QuorumAnswersTests.genesis())),
        (.get, "/enclave/genesis", "", .genesisAnswer, .genesis(QuorumAnswersTests.genesis())),
        (
            .post, "/enclave/inject-shares", Samples.shares([Samples.plainShare()]),
            .injectShares(
                InjectSharesRequest(
                    namespaceName: "ns", namespaceNonce: 7,
                    shares: [.init(memberAlias: "a", plain: SecretField(count: 33))])),
            .shares(taken)
        ),
        (
            .post, "/enclave/boot-standard", #"{"manifest_envelope":{"a":1}}"#,
            .bootStandard(BootStandardRequest(manifestEnvelope: Array(#"{"a":1}"#.utf8), commitments: nil)),
            .booted(booted)
        ),
        (.get, "/enclave/manifest", "", .manifest, .manifest(held)),
    ]

    @Test("each call asks for its operation, waits its turn, and answers with the reply that belongs to it")
    func calls() throws {
        for (method, path, body, operation, reply) in Self.calls {
            let call = try call(method, path, body)
            #expect(call.operation == operation, "\(path)")
            #expect(call.timeout == .seconds(3))
            #expect(try call.answer(outcome(reply)).status == .ok, "\(path)")
            #expect(throws: EnclaveCallError.wrongAnswer, "\(path)") {
                try call.answer(self.outcome(.info(Samples.info(.applicationReady))))
            }
            #expect(throws: EnclaveCallError.unavailable, "\(path)") {
                try call.answer(.failure(EnclaveCallError.unavailable))
            }
        }
        #expect(table.routes.count == Self.calls.count)
        #expect(table.routes.allSatisfy { $0.isAdmitted })
    }

    @Test("plain shares go beside the message")
    func secrets() throws {
        let call = try call(.post, "/enclave/inject-shares", Samples.shares([Samples.plainShare()]))
        #expect(call.secrets.map(\.bytes) == [Samples.bytes(9, 33)])
        #expect(try self.call(.post, "/enclave/genesis-boot", Samples.flat()).secrets.isEmpty)
    }

    @Test("an empty body is refused where one is needed, by its first field")
    func noBody() {
        for (path, field) in [
            ("/enclave/genesis-boot", "namespace_name"), ("/enclave/inject-shares", "namespace_name"),
            ("/enclave/boot-standard", "manifest_envelope"),
        ] {
            for body in ["", "{}"] {
                #expect(throws: RequestError.missingField(field)) { try call(.post, path, body) }
            }
        }
    }

    @Test("what the enclave finds fault with is named as the client wrote it")
    func names() throws {
        let error = EnclaveError(.badPublicKey, field: "share_members", index: 3, "pub_key")
        for (body, field) in [
            (Samples.flat(), "share_members[3].pub_key"), (Samples.envelope(), "parameters.share_members[3].pub_key"),
        ] {
            let call = try call(.post, "/enclave/genesis-boot", body)
            let refusal = #expect(throws: Refusal.self) { try call.answer(.failure(error)) }
            #expect(refusal?.status == .badRequest)
            #expect(refusal?.reason == "bad_public_key")
            #expect(refusal?.field == field)
            #expect(refusal?.message == "The field \"\(field)\" is not two different points on the curve P-256.")
        }
        let other = try call(.post, "/enclave/genesis-boot", Samples.envelope())
        let refusal = #expect(throws: Refusal.self) { try other.answer(.failure(EnclaveError(.busy))) }
        #expect(refusal?.field == nil)
        #expect(refusal?.retryAfter == 1)
    }

    @Test("no share taken is a refusal")
    func refused() throws {
        let call = try call(.post, "/enclave/inject-shares", Samples.shares([Samples.plainShare()]))
        let result = InjectSharesResult(
            phase: .waitingForQuorumShards, sharesReceived: 0, threshold: 2,
            judgements: [.init(memberAlias: "a", flaw: .unknownMember)], quorumPublicKey: nil, isOtherKey: false)
        let refusal = #expect(throws: Refusal.self) { try call.answer(outcome(.shares(result))) }
        #expect(refusal?.reason == "unknown_member")
    }
}
