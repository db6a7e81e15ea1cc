// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("what an enclave says of itself")
struct EnclaveInfoAnswerTests {
    private func text(
        _ path: String,
        _ outcome: EnclaveCall.Outcome,
        query: Substring = "",
        joining: JoinStatus? = nil
    ) throws -> String {
        let routes = StatusRoutes(
            timeout: .seconds(1), readiness: Readiness(states: Set(Phase.allCases), expectedKey: nil),
            registry: PrometheusRegistry(), startedAt: .now, joining: joining)
        let table = RouteTable(routes.routes)
        guard case .route(let index) = table.match(.get, path),
            case .call(let call) = try table.routes[index].begin(
                Call(query: query, body: ByteBuffer(), requestIdentifier: "r"))
        else { throw EnclaveCallError.wrongAnswer }
        return String(buffer: try call.answer(outcome).body)
    }

    private func outcome(_ info: EnclaveInfo) -> EnclaveCall.Outcome {
        .success(EnclaveAnswer(reply: .info(info), secrets: ByteBuffer()))
    }

    private func start(_ state: String) -> String {
        #"{"healthy":true,"version":"1","enclave_id":"\#(String(repeating: "ab", count: 16))","capabilities":["c"],"#
            + #""state":"\#(state)","state_history":[{"state":"\#(state)","entered_at":"1970-01-01T00:00:00.000Z"}],"#
            + #""mode":"development","attestation":"emulated","#
            + #""attestation_root":"\#(String(repeating: "cd", count: 32))","#
            + #""application_hash":\#(Samples.list(1, 32)),"#
    }

    private let end = #""sandbox":{"seccomp":false,"landlock_abi":null}}"#

    @Test("before a manifest nothing is said of a quorum")
    func noQuorum() throws {
        #expect(
            try text("/enclave/info", outcome(Samples.info(.waitingForBootInstruction)))
                == start("WaitingForBootInstruction") + end)
    }

    @Test("with a manifest its facts are shown, the key check only while the key is held", arguments: [false, true])
    func quorum(isHeld: Bool) throws {
        let quorum = Samples.quorum(keyCheck: isHeld ? Samples.bytes(0x1F, 8) : nil)
        let facts =
            #""namespace":{"name":"ns","nonce":7},"manifest_hash":\#(Samples.list(4, 32)),"#
            + #""quorum_public_key":\#(Samples.list(5, 130)),"#
            + #""quorum_key_fingerprint":"\#(String(repeating: "ef", count: 32))","#
            + (isHeld ? #""key_check":"1f1f1f1f1f1f1f1f","# : "") + #""threshold":2,"shares_received":1,"#
        #expect(
            try text("/enclave/info", outcome(Samples.info(.applicationReady, quorum: quorum)))
                == start("ApplicationReady") + facts + end)
    }

    @Test("a gateway with peers tells how its joining stands to whoever asks for all, and to nobody else")
    func joining() throws {
        let status = JoinStatus()
        let ready = outcome(Samples.info(.applicationReady))
        func readyz(_ query: Substring, _ joining: JoinStatus?) throws -> String {
            try text("/readyz", ready, query: query, joining: joining)
        }
        #expect(try readyz("", status) == #"{"ready":true}"#)
        #expect(try !readyz("verbose", nil).contains("join"))
        #expect(
            try readyz("verbose", status).hasSuffix(
                #"],"join":{"state":"idle","reason":"the enclave has not been asked yet"}}"#))
        status.report = .init(state: .refused, reason: "a \"reason\"")
        #expect(try readyz("verbose", status).hasSuffix(#","join":{"state":"refused","reason":"a \"reason\""}}"#))
        let silent = try text("/readyz", .failure(EnclaveCallError.unavailable), query: "verbose", joining: status)
        #expect(silent.hasPrefix(#"{"ready":false,"#) && silent.contains(#""join":{"state":"refused""#))
    }

    @Test("without an enclave the gateway says what such a build can do")
    func capabilities() throws {
        let text = try text("/info", .failure(EnclaveCallError.unavailable))
        #expect(
            text.contains(
                #""capabilities":["seed_generation","seed_validation","genesis_boot","share_injection","#
                    + #""attestation","manifest_sharing","key_export","key_injection"]"#))
    }
}
