// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

@testable import HostGateway

private typealias Samples = QuorumSamples

/// What the peers of a fleet answer, as a gateway of this version writes it.
enum FleetSamples {
    /// The quorum key's fingerprint, which a fleet's enclaves share.
    static let fingerprint = Samples.bytes(0xEF, 32)
    static let challenge = Samples.bytes(0x77, 32)
    static let key = InjectKeyRequest(ciphertext: Samples.bytes(5, 129), signature: Samples.bytes(6, 64))
    static let manifest = HeldManifest(
        manifestEnvelope: Array("{ \"manifest\":{\"secret\":\"canary\"} }".utf8), manifestHash: Samples.bytes(4, 32),
        commitments: Samples.commitments)

    static let information = "GET /enclave/info"
    static let manifestCall = "GET /enclave/manifest"
    static let challengeCall = "POST /enclave/export-challenge"
    static let exportCall = "POST /enclave/export-key"
    /// The calls of a join that succeeds.
    static let calls = [information, challengeCall, manifestCall, exportCall]
    /// The same where the own enclave waits under a manifest already.
    static let callsUnderHeld = [information, challengeCall, exportCall]

    static func info(
        _ phase: Phase,
        identifier: UInt8 = 1,
        mode: EnclaveInfo.Mode = .development,
        quorum: EnclaveInfo.QuorumStatus? = nil
    ) -> EnclaveInfo {
        EnclaveInfo(
            version: "1", enclaveIdentifier: Samples.bytes(identifier, 16), capabilities: [], phase: phase,
            history: [], mode: mode, attestation: .emulated, attestationRoot: Samples.bytes(1, 32),
            applicationHash: Samples.bytes(1, 32), quorum: quorum, sandbox: .init(seccomp: false, landlockABI: nil))
    }

    /// The answer of `GET /enclave/info`.
    static func infoText(_ info: EnclaveInfo) -> String {
        let routes = StatusRoutes(
            timeout: .seconds(1), readiness: Readiness(states: [], expectedKey: nil), registry: PrometheusRegistry(),
            startedAt: .now, joining: nil)
        let table = RouteTable(routes.routes)
        let call = Call(query: "", body: ByteBuffer(), requestIdentifier: "r")
        guard case .route(let index) = table.match(.get, "/enclave/info"),
            case .call(let call)? = try? table.routes[index].begin(call),
            let answer = try? call.answer(.success(EnclaveAnswer(reply: .info(info), secrets: ByteBuffer())))
        else { return "" }
        return String(buffer: answer.body)
    }

    static func readyInfo(identifier: UInt8 = 2) -> String {
        infoText(
            info(.applicationReady, identifier: identifier, quorum: Samples.quorum(keyCheck: Samples.bytes(1, 8))))
    }

    /// What a peer that is ready answers.
    static func ready(_ request: StubPeer.Request, identifier: UInt8 = 2) -> StubPeer.Response {
        switch request.call {
        case information: .json(200, readyInfo(identifier: identifier))
        case manifestCall: .json(200, String(buffer: Answer.manifest(manifest).body))
        case challengeCall:
            .json(
                200,
                String(
                    buffer: Answer.challenge(
                        ExportChallenge(nonce: challenge, expiresAt: 0), requestIdentifier: "x"
                    ).body))
        case exportCall:
            .json(
                200,
                String(
                    buffer: Answer.exportedKey(
                        ExportedKey(ciphertext: key.ciphertext, signature: key.signature), requestIdentifier: "x"
                    ).body))
        default: .json(404, "{}")
        }
    }

    /// What a peer answers whose enclave is in another state.
    static func notReady(_ phase: Phase, identifier: UInt8 = 3) -> @Sendable (StubPeer.Request) -> StubPeer.Response {
        { request in
            request.call == information ? .json(200, infoText(info(phase, identifier: identifier))) : .json(409, "{}")
        }
    }

    /// A peer that is ready, but does otherwise with one of its calls.
    static func ready(
        but call: String,
        _ response: StubPeer.Response
    ) -> @Sendable (StubPeer.Request) -> StubPeer.Response {
        { request in request.call == call ? response : ready(request) }
    }
}
