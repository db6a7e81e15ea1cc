// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = FleetSamples

@Suite("answers of peers")
struct PeerAnswersTests {
    private func information(_ json: String) throws(JoinFailure.Cause) -> PeerInformation {
        try PeerInformation(ByteBuffer(string: json))
    }

    private static let identifier = String(repeating: "02", count: 16)
    private static let digits = String(repeating: "ef", count: 32)

    @Test("what a gateway of this version says of its enclave is understood")
    func ownInformation() throws {
        let ready = try information(Samples.readyInfo())
        #expect(ready.enclaveIdentifier == [UInt8](repeating: 2, count: 16))
        #expect(ready.phase == .applicationReady)
        #expect(ready.fingerprint == Samples.fingerprint)
        let empty = try information(Samples.infoText(Samples.info(.waitingForBootInstruction)))
        #expect(empty.phase == .waitingForBootInstruction)
        #expect(empty.fingerprint == nil)
    }

    @Test("a later version may say more, and have other states")
    func later() throws {
        let said = try information(
            #"{"new":{"a":[{}]},"enclave_id":"\#(Self.identifier)","state":"Sleeping","state_history":7}"#)
        #expect(said.phase == nil)
        #expect(said.fingerprint == nil)
    }

    @Test("a state is known by its own bytes alone")
    func kelvin() throws {
        let name = "Quorum\u{212A}eyProvisioned"
        #expect(try information(#"{"enclave_id":"\#(Self.identifier)","state":"\#(name)"}"#).phase == nil)
    }

    @Test(
        "what is no information is none",
        arguments: [
            "", "{}", "[]", "null", "x", #"{"enclave_id":"\#(identifier)"}"#, #"{"state":"ApplicationReady"}"#,
            #"{"enclave_id":"\#(identifier)0","state":""}"#, #"{"enclave_id":"","state":""}"#,
            #"{"enclave_id":[2],"state":""}"#, #"{"enclave_id":"\#(identifier)","state":1}"#,
            #"{"enclave_id":"\#(identifier)","state":"","state":""}"#,
            #"{"enclave_id":"\#(identifier)","state":"","quorum_key_fingerprint":"\#(digits)0"}"#,
            #"{"enclave_id":"\#(identifier)","state":"","quorum_key_fingerprint":null}"#,
            #"{"enclave_id":"\#(identifier)","state":""}{"#,
            #"{"enclave_id":"\#(identifier)","state":"","a":{"b":1,"b":1}}"#,
        ])
    func badInformation(json: String) {
        #expect(throws: JoinFailure.Cause.badAnswer) { try information(json) }
    }

    @Test("a manifest is carried over as it was answered, byte for byte, with its commitments")
    func manifest() throws {
        let manifest = try PeerAnswer.manifest(Answer.manifest(Samples.manifest).body)
        #expect(manifest.manifestEnvelope == Samples.manifest.manifestEnvelope)
        #expect(manifest.commitments == Samples.manifest.commitments)
        let bare = ByteBuffer(string: #"{"later":1,"manifest_hash":[],"manifest_envelope":{ "é":0 }}"#)
        #expect(
            try PeerAnswer.manifest(bare)
                == ShareManifestRequest(manifestEnvelope: Array(#"{ "é":0 }"#.utf8), commitments: nil))
    }

    @Test("commitments of a later version may have more fields, and must have these")
    func commitments() throws {
        func answer(_ changes: [String: String?]) -> ByteBuffer {
            let commitments = QuorumSamples.commitmentsJSON(changes)
            return ByteBuffer(string: #"{"manifest_envelope":{},"share_commitments":\#(commitments)}"#)
        }
        #expect(try PeerAnswer.manifest(answer(["later": "[{}]"])).commitments == QuorumSamples.commitments)
        let entry = QuorumSamples.entry(["later": "1"])
        let shares = "[\(entry),\(QuorumSamples.secondEntry)]"
        #expect(try PeerAnswer.manifest(answer(["shares": shares])).commitments == QuorumSamples.commitments)
        for changes in [["signature": nil], ["threshold": "\"2\""], ["shares": "[]"]] as [[String: String?]] {
            #expect(throws: JoinFailure.Cause.badAnswer) { try PeerAnswer.manifest(answer(changes)) }
        }
    }

    @Test(
        "what is no manifest is none",
        arguments: [
            "", "{}", #"{"manifest_envelope":[]}"#, #"{"manifest_envelope":"{}"}"#,
            #"{"manifest_envelope":{"a":1,"a":2}}"#, #"{"manifest_envelope":{},"share_commitments":null}"#,
        ])
    func badManifest(json: String) {
        #expect(throws: JoinFailure.Cause.badAnswer) { try PeerAnswer.manifest(ByteBuffer(string: json)) }
    }

    @Test("a wrapped result is found by its name, whatever stands beside it")
    func wrapped() throws {
        let nonce = QuorumSamples.list(0x77, 32)
        let challenge = #"{"result":{"later":1,"ExportChallengeResponse":{"nonce":\#(nonce),"a":{}}},"id":7}"#
        #expect(try PeerAnswer.challenge(ByteBuffer(string: challenge)) == Samples.challenge)
        let key = Samples.ready(.init(call: Samples.exportCall, headers: [:], body: ""))
        guard case .json(200, let text) = key else {
            Issue.record("no key")
            return
        }
        #expect(try PeerAnswer.exportedKey(ByteBuffer(string: text)) == Samples.key)
    }

    @Test(
        "what is no result is none",
        arguments: [
            "", "{}", #"{"result":null}"#, #"{"result":{}}"#, #"{"result":{"OtherResponse":{}}}"#,
            #"{"result":{"ExportChallengeResponse":{},"ExportKeyResponse":{}}}"#,
            #"{"ExportChallengeResponse":{"nonce":"\#(digits)"}}"#,
            #"{"result":{"ExportChallengeResponse":{"nonce":"\#(digits)00"}}}"#,
            #"{"result":{"ExportChallengeResponse":{"nonce":[]},"ExportKeyResponse":{"signature":[1]}}}"#,
            #"{"result":{"ExportKeyResponse":{"signature":[1],"encrypted_quorum_key":[]}}}"#,
            #"{"result":{"ExportKeyResponse":{"signature":1,"encrypted_quorum_key":[1]}}}"#,
        ])
    func badResult(json: String) {
        #expect(throws: JoinFailure.Cause.badAnswer) { try PeerAnswer.challenge(ByteBuffer(string: json)) }
        #expect(throws: JoinFailure.Cause.badAnswer) { try PeerAnswer.exportedKey(ByteBuffer(string: json)) }
    }

    @Test(
        "the reason of a refusal is repeated where it is a word of the contract's kind",
        arguments: [
            (#"{"error":"x","reason":"bad_nonce","later":1}"#, "bad_nonce"), ("", nil), ("{}", nil), ("<html>", nil),
            (#"{"reason":7}"#, nil), (#"{"reason":""}"#, nil), (#"{"reason":"Bad"}"#, nil),
            (#"{"reason":"a b"}"#, nil), (#"{"reason":"a\n"}"#, nil), (#"{"reason":"é"}"#, nil),
            (#"{"reason":"\#(String(repeating: "a", count: 65))"}"#, nil),
            (#"{"reason":"\#(String(repeating: "a", count: 64))"}"#, String(repeating: "a", count: 64)),
        ] as [(String, String?)])
    func reasons(json: String, reason: String?) {
        #expect(PeerAnswer.reason(ByteBuffer(string: json)) == reason)
    }
}
