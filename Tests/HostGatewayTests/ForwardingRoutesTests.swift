// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("routes of attestation and key forwarding")
struct ForwardingRoutesTests {
    private let table = RouteTable(ForwardingRoutes(timeout: .seconds(3)).routes)

    private func call(_ path: String, _ body: String) throws -> EnclaveCall {
        guard case .route(let index) = table.match(.post, path),
            case .call(let call) = try table.routes[index].begin(
                Call(query: "", body: ByteBuffer(string: body), requestIdentifier: "r-7"))
        else { throw EnclaveCallError.wrongAnswer }
        return call
    }

    private func outcome(_ reply: Reply) -> EnclaveCall.Outcome {
        .success(EnclaveAnswer(reply: reply, secrets: ByteBuffer()))
    }

    private struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let body: String
        let operation: Protocol.Operation
        let reply: Reply
        let answer: String

        var testDescription: String { path }
    }

    private static let envelope = Array("{\"a\": 1}".utf8)

    private static let cases = [
        Case(
            path: "/enclave/share-manifest", body: #"{"manifest_envelope":{"a": 1}}"#,
            operation: .shareManifest(ShareManifestRequest(manifestEnvelope: envelope, commitments: nil)),
            reply: .manifestShared(ShareManifestResult(manifestHash: [1, 2], ephemeralKey: [4, 255])),
            answer: #""ShareManifestResponse":{"success":true,"manifest_hash":[1,2],"ephemeral_key":[4,255]}"#),
        Case(
            path: "/enclave/generate-attestation", body: "",
            operation: .generateAttestation(AttestationRequest(manifestHash: nil, registers: [], nonce: nil)),
            reply: .attestation(AttestationResult(document: [210, 132, 0])),
            answer: #""GenerateAttestationResponse":{"attestation_doc":[210,132,0]}"#),
        Case(
            path: "/enclave/export-challenge", body: "", operation: .exportChallenge,
            reply: .challenge(ExportChallenge(nonce: [9, 10], expiresAt: 60_001)),
            answer: #""ExportChallengeResponse":{"nonce":[9,10],"expires_at":"1970-01-01T00:01:00.001Z"}"#),
        Case(
            path: "/enclave/export-key", body: #"{"manifest_envelope":{"a": 1},"attestation_doc":[1,2]}"#,
            operation: .exportKey(ExportKeyRequest(manifestEnvelope: envelope, document: [1, 2])),
            reply: .exportedKey(ExportedKey(ciphertext: [5], signature: [6, 7])),
            answer: #""ExportKeyResponse":{"encrypted_quorum_key":[5],"signature":[6,7]}"#),
        Case(
            path: "/enclave/inject-key", body: #"{"encrypted_quorum_key":[5],"signature":"0607"}"#,
            operation: .injectKey(InjectKeyRequest(ciphertext: [5], signature: [6, 7])),
            reply: .keyInjected(InjectKeyResult(phase: .applicationReady)),
            answer: #""InjectKeyResponse":{"success":true,"state":"ApplicationReady"}"#),
    ]

    @Test("each call asks for its operation, and wraps the reply that belongs to it", arguments: cases)
    private func calls(example: Case) throws {
        let call = try call(example.path, example.body)
        #expect(call.operation == example.operation)
        #expect(call.secrets.isEmpty)
        #expect(call.timeout == .seconds(3))
        let answer = try call.answer(outcome(example.reply))
        #expect(answer.status == .ok)
        #expect(String(buffer: answer.body) == #"{"id":"r-7","result":{\#(example.answer)}}"#)
        #expect(throws: EnclaveCallError.wrongAnswer) {
            try call.answer(self.outcome(.info(Samples.info(.applicationReady))))
        }
        #expect {
            try call.answer(.failure(EnclaveError(.badNonce)))
        } throws: { error in
            Refusal(error).reason == "bad_nonce" && Refusal(error).field == nil
        }
    }

    @Test("all of them wait their turn, and tell those who come with another method how they are called")
    func examples() {
        #expect(table.routes.count == Self.cases.count)
        for (route, example) in zip(table.routes, Self.cases) {
            #expect(route.isAdmitted)
            #expect(route.example.hasPrefix("curl -X POST URL\(example.path)"))
            let sends = route.example.contains(" -H 'Content-Type: application/json' -d ")
            #expect(sends == (example.path != "/enclave/export-challenge"))
            guard case .otherMethods(let routes) = table.match(.get, example.path) else {
                Issue.record("\(example.path) is found with GET")
                continue
            }
            #expect(RouteTable.allow(routes) == "POST")
        }
    }

    @Test("a register that is another than expected is called what the caller called it")
    func registerNames() throws {
        let other = "[" + Array(repeating: "1", count: 48).joined(separator: ",") + "]"
        let bodies = [
            ("{\"pcr1\":\(other)}", "pcr1"), ("{\"pcr_values\":[[],\(other),[],[]]}", "pcr_values[1]"),
        ]
        for (body, name) in bodies {
            let answer = try call("/enclave/generate-attestation", body)
            #expect {
                try answer.answer(.failure(EnclaveError(.measurementMismatch, field: "pcr_values[1]")))
            } throws: { ($0 as? Refusal)?.field == name }
        }
    }

    @Test("where a body is needed, none is refused by its first field")
    func noBody() {
        for (path, field) in [
            ("/enclave/share-manifest", "manifest_envelope"), ("/enclave/export-key", "manifest_envelope"),
            ("/enclave/inject-key", "encrypted_quorum_key"),
        ] {
            for body in ["", "{}"] {
                #expect(throws: RequestError.missingField(field)) { try call(path, body) }
            }
        }
        for path in ["/enclave/generate-attestation", "/enclave/export-challenge"] {
            #expect(throws: Never.self) { try call(path, "{}") }
        }
    }

    @Test("a challenge is asked for without any field")
    func challengeFields() {
        #expect(
            throws: RequestError(
                .unknownField, field: "nonce", message: "The field \"nonce\" is not known here.")
        ) { try call("/enclave/export-challenge", #"{"nonce":[]}"#) }
        #expect(throws: RequestError(.wrongType, message: "The body must be a JSON object.")) {
            try call("/enclave/export-challenge", "[]")
        }
    }
}
