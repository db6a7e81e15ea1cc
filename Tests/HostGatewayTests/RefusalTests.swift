// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

@Suite("refusals")
struct RefusalTests {
    /// The contract's table, as far as this version can refuse.
    private static let contract: [Int: Set<String>] = [
        400: [
            "invalid_json", "duplicate_key", "missing_field", "unknown_field", "wrong_type", "out_of_range",
            "bad_encoding", "bad_request", "bad_public_key", "duplicate_member",
        ],
        403: ["bad_origin"], 404: ["not_found", "no_manifest", "no_genesis"], 405: ["method_not_allowed"],
        409: ["wrong_state", "manifest_not_approved"], 413: ["body_too_large"], 415: ["unsupported_media_type"],
        422: [
            "namespace_mismatch", "bad_manifest", "pivot_mismatch", "measurement_mismatch", "not_enough_approvals",
            "bad_commitments", "sealed_seed_required", "manifest_mismatch", "lower_nonce", "other_quorum_key",
            "other_namespace", "other_manifest_set", "share_set_changed", "bad_attestation", "untrusted_attestation",
            "expired_attestation", "stale_attestation", "bad_nonce", "not_a_setup_document", "debug_enclave",
            "bad_signature", "bad_ciphertext", "key_mismatch",
        ],
        431: ["headers_too_large"], 500: ["internal"],
        503: ["enclave_unavailable", "busy", "entropy_failed", "out_of_secure_memory"],
        504: ["enclave_timeout", "request_timeout"],
    ]

    private func expectInContract(_ refusal: Refusal) {
        #expect(Self.contract[refusal.status.code]?.contains(refusal.reason) == true, "\(refusal.reason)")
        // Those who are told to come again are told when.
        #expect((refusal.retryAfter != nil) == ["busy", "out_of_secure_memory"].contains(refusal.reason))
    }

    @Test(
        "each of the enclave's reasons has its status and its word",
        arguments: [
            (.unknownOperation, 500, "internal"), (.malformedMessage, 500, "internal"),
            (.wrongState, 409, "wrong_state"), (.outOfRange, 400, "out_of_range"),
            (.tooLarge, 413, "body_too_large"), (.busy, 503, "busy"), (.entropyFailed, 503, "entropy_failed"),
            (.outOfSecureMemory, 503, "out_of_secure_memory"), (.deadlineExceeded, 504, "enclave_timeout"),
            (.internalFailure, 500, "internal"), (.badPublicKey, 400, "bad_public_key"),
            (.duplicateMember, 400, "duplicate_member"), (.namespaceMismatch, 422, "namespace_mismatch"),
            (.badManifest, 422, "bad_manifest"), (.pivotMismatch, 422, "pivot_mismatch"),
            (.measurementMismatch, 422, "measurement_mismatch"),
            (.notEnoughApprovals, 422, "not_enough_approvals"), (.badCommitments, 422, "bad_commitments"),
            (.manifestNotApproved, 409, "manifest_not_approved"), (.sharesHeld, 409, "wrong_state"),
            (.manifestFixed, 409, "wrong_state"), (.noManifest, 404, "no_manifest"), (.noGenesis, 404, "no_genesis"),
            (.sealedSeedRequired, 422, "sealed_seed_required"),
            (.manifestMismatch, 422, "manifest_mismatch"), (.lowerNonce, 422, "lower_nonce"),
            (.otherQuorumKey, 422, "other_quorum_key"), (.otherNamespace, 422, "other_namespace"),
            (.otherManifestSet, 422, "other_manifest_set"), (.shareSetChanged, 422, "share_set_changed"),
            (.badAttestation, 422, "bad_attestation"), (.untrustedAttestation, 422, "untrusted_attestation"),
            (.expiredAttestation, 422, "expired_attestation"), (.staleAttestation, 422, "stale_attestation"),
            (.badNonce, 422, "bad_nonce"), (.notASetupDocument, 422, "not_a_setup_document"),
            (.debugEnclave, 422, "debug_enclave"), (.badSignature, 422, "bad_signature"),
            (.badCiphertext, 422, "bad_ciphertext"), (.keyMismatch, 422, "key_mismatch"),
        ] as [(EnclaveError.Reason, Int, String)])
    func enclave(reason: EnclaveError.Reason, status: Int, word: String) {
        let refusal = Refusal(EnclaveError(reason))
        #expect(refusal.status.code == status)
        #expect(refusal.reason == word)
        #expect(!refusal.closes)
        expectInContract(refusal)
    }

    @Test("no reason of the enclave or of the gateway is outside the contract")
    func all() {
        for reason in EnclaveError.Reason.allCases { expectInContract(Refusal(EnclaveError(reason))) }
        for reason in RequestError.Reason.allCases { expectInContract(Refusal(RequestError(reason, message: "x"))) }
    }

    @Test(
        "each way in which a call ends without an answer has its status and its word",
        arguments: [
            (.unavailable, 503, "enclave_unavailable"),
            (.timedOut, 504, "enclave_timeout"), (.busy, 503, "busy"), (.tooLarge, 413, "body_too_large"),
            (.wrongAnswer, 500, "internal"),
        ] as [(EnclaveCallError, Int, String)])
    func call(error: EnclaveCallError, status: Int, word: String) {
        let refusal = Refusal(error)
        #expect(refusal.status.code == status)
        #expect(refusal.reason == word)
        expectInContract(refusal)
    }

    @Test("a state that does not permit tells which do")
    func wrongState() {
        let refusal = Refusal(EnclaveError(wrongState: .genesisBooted, allowed: [.applicationReady]))
        #expect(refusal.state == .genesisBooted)
        #expect(refusal.allowedStates == [.applicationReady])
        #expect(refusal.message.contains("GenesisBooted"))
    }

    @Test(
        "a manifest that is not replaced tells the state, and how to go on",
        arguments: [EnclaveError.Reason.sharesHeld, .manifestFixed])
    func notReplaced(reason: EnclaveError.Reason) {
        let refusal = Refusal(EnclaveError(reason))
        #expect(refusal.state == .waitingForQuorumShards)
        #expect(refusal.allowedStates == [.waitingForBootInstruction])
        #expect(refusal.hint?.contains("restart the enclave") == true)
    }

    @Test("a manifest that is not replaced is so in the state that the enclave names")
    func notReplacedWhileAwaitingAKey() {
        let refusal = Refusal(EnclaveError(.manifestFixed, state: .waitingForForwardedKey))
        #expect(refusal.reason == "wrong_state")
        #expect(refusal.state == .waitingForForwardedKey)
        #expect(refusal.allowedStates == [.waitingForBootInstruction])
    }

    @Test("every reason has a sentence of its own, which names no state and no field")
    func sentences() {
        let unspecific: Set<EnclaveError.Reason> = [.unknownOperation, .malformedMessage, .internalFailure]
        let sentences = EnclaveError.Reason.allCases.filter { !unspecific.contains($0) }.map {
            Refusal(EnclaveError($0)).message
        }
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && $0.count > 20 })
    }

    @Test(
        "who can go on is told how",
        arguments: [
            (.badNonce, "/enclave/export-challenge"), (.notASetupDocument, "/enclave/generate-attestation"),
            (.notASetupDocument, "/enclave/share-manifest"), (.staleAttestation, "ask the waiting enclave"),
            (.expiredAttestation, "ask the waiting enclave"), (.untrustedAttestation, "attestation_root"),
            (.manifestMismatch, "/enclave/manifest"), (.badCiphertext, "export it anew"),
        ] as [(EnclaveError.Reason, String)])
    func hints(reason: EnclaveError.Reason, words: String) {
        #expect(Refusal(EnclaveError(reason)).hint?.contains(words) == true)
    }

    @Test("held shares are spoken of in words that are true of the same manifest and of another")
    func sharesHeld() {
        #expect(
            Refusal(EnclaveError(.sharesHeld)).message
                == "Shares are held under the manifest; it is neither replaced nor booted again.")
    }

    @Test("a field at fault is named")
    func field() {
        for reason in [EnclaveError.Reason.badPublicKey, .duplicateMember, .badManifest] {
            let refusal = Refusal(EnclaveError(reason, field: "share_members", index: 3, "pub_key"))
            #expect(refusal.field == "share_members[3].pub_key")
            #expect(refusal.message.hasPrefix("The field \"share_members[3].pub_key\" "))
        }
        #expect(Refusal(EnclaveError(.badManifest)).message == "The manifest cannot be read, or contradicts itself.")
        #expect(Refusal(EnclaveError(.outOfRange, field: "a"), field: "p.a").field == "p.a")
        #expect(Refusal(EnclaveError(.outOfRange, field: "passphrase")).field == "passphrase")
        #expect(Refusal(RequestError.missingField("seed_phrase")).field == "seed_phrase")
    }

    @Test("only what leaves a request unread closes the connection", arguments: RequestError.Reason.allCases)
    func closes(reason: RequestError.Reason) {
        let refusal = Refusal(RequestError(reason, message: "x"))
        #expect(refusal.closes == (reason == .bodyTooLarge || reason == .requestTimeout))
    }

    @Test("an error that nobody foresaw says nothing of itself")
    func unforeseen() {
        struct Strange: Error, CustomStringConvertible {
            let description = "hunter2"
        }
        let refusal = Refusal(Strange() as any Error)
        #expect(refusal.status == .internalServerError)
        #expect(refusal.reason == "internal")
        let answer = refusal.answer(requestIdentifier: "r", asProblem: false)
        #expect(!String(buffer: answer.body).contains("hunter2"))
    }

    @Test("any error finds its own refusal")
    func anyError() {
        #expect(Refusal(EnclaveError(.busy) as any Error).reason == "busy")
        #expect(Refusal(EnclaveCallError.timedOut as any Error).reason == "enclave_timeout")
        #expect(Refusal(RequestError(.notFound, message: "x") as any Error).reason == "not_found")
        #expect(Refusal(Refusal(.conflict, "wrong_state", "x") as any Error).reason == "wrong_state")
    }

    @Test("the body has these members in this order")
    func body() {
        var refusal = Refusal(EnclaveError(wrongState: .genesisBooted, allowed: [.applicationReady]))
        refusal.field = "f"
        refusal.hint = "h"
        let answer = refusal.answer(requestIdentifier: "r-1", asProblem: false)
        #expect(answer.status == .conflict)
        #expect(answer.contentType == "application/json")
        #expect(
            String(buffer: answer.body)
                == #"{"error":"The enclave is in the state GenesisBooted, which does not permit this.","code":409,"#
                + #""reason":"wrong_state","request_id":"r-1","field":"f","state":"GenesisBooted","#
                + #""allowed_states":["ApplicationReady"],"hint":"h"}"#
        )
    }

    @Test("the held manifest's hash stands behind the state")
    func manifestHash() {
        var refusal = Refusal(.methodNotAllowed, "method_not_allowed", "m")
        refusal.state = .applicationReady
        refusal.manifestHash = [1, 2]
        let facts =
            #""reason":"method_not_allowed","request_id":"r","state":"ApplicationReady","manifest_hash":[1,2]}"#
        #expect(
            String(buffer: refusal.answer(requestIdentifier: "r", asProblem: false).body)
                == #"{"error":"m","code":405,\#(facts)"#)
        #expect(String(buffer: refusal.answer(requestIdentifier: "r", asProblem: true).body).hasSuffix(facts))
    }

    @Test("a problem has the members of RFC 9457 as well")
    func problem() {
        let answer = Refusal(RequestError(.notFound, message: "There is no such path."))
            .answer(requestIdentifier: "r-1", asProblem: true)
        #expect(answer.contentType == "application/problem+json")
        #expect(
            String(buffer: answer.body)
                == #"{"type":"urn:renclave:problem:not_found","title":"Not Found","status":404,"#
                + #""detail":"There is no such path.","reason":"not_found","request_id":"r-1"}"#
        )
    }
}
