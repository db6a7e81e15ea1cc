// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("answers about the quorum")
struct QuorumAnswersTests {
    static func genesis(
        recoveryWrappedKey: [UInt8]? = nil,
        attestationDocument: [UInt8]? = nil
    ) -> GenesisAnswer {
        GenesisAnswer(
            quorumPublicKey: [1, 22, 255], ephemeralKey: [2], manifestEnvelope: Array(#"{"manifest":{"é":1}}"#.utf8),
            manifestHash: [3], threshold: 2,
            encryptedShares: [
                .init(member: MemberRecord(alias: "a\"", publicKey: [10]), ciphertext: [0, 100], shareHash: [11]),
                .init(member: MemberRecord(alias: "b", publicKey: [20]), ciphertext: [99], shareHash: []),
            ],
            commitments: CommitmentsRecord(
                namespaceName: "ns", namespaceNonce: 7, manifestHash: [3], quorumPublicKey: [1, 22, 255], threshold: 2,
                epoch: 0,
                shares: [.init(identifier: 1, member: MemberRecord(alias: "a", publicKey: [10]), shareHash: [11])],
                signature: [12]),
            genesisOutput: [13, 14], recoveryWrappedKey: recoveryWrappedKey, attestationDocument: attestationDocument)
    }

    private static let genesisText =
        #"{"quorum_public_key":[1,22,255],"ephemeral_key":[2],"manifest_envelope":{"manifest":{"é":1}},"#
        + #""manifest_hash":[3],"waiting_state":"WaitingForQuorumShards","threshold":2,"encrypted_shares":["#
        + #"{"share_set_member":{"alias":"a\"","pub_key":[10]},"encrypted_quorum_key_share":[0,100],"#
        + #""share_hash":[11]},{"share_set_member":{"alias":"b","pub_key":[20]},"encrypted_quorum_key_share":[99],"#
        + #""share_hash":[]}],"share_commitments":{"namespace_name":"ns","namespace_nonce":7,"manifest_hash":[3],"#
        + #""quorum_public_key":[1,22,255],"threshold":2,"epoch":0,"shares":[{"x":1,"alias":"a","pub_key":[10],"#
        + #""share_hash":[11]}],"signature":[12]},"genesis_output":[13,14]"#

    @Test("a genesis is answered in these words, the wrapped key and the document only if there is one")
    func genesis() {
        let plain = Answer.genesis(Self.genesis())
        #expect(plain.status == .ok)
        #expect(plain.contentType == "application/json")
        #expect(String(buffer: plain.body) == Self.genesisText + "}")
        #expect(
            String(buffer: Answer.genesis(Self.genesis(recoveryWrappedKey: [15])).body)
                == Self.genesisText + #","dr_key_wrapped_quorum_key":[15]}"#)
        #expect(
            String(buffer: Answer.genesis(Self.genesis(attestationDocument: [16, 200])).body)
                == Self.genesisText + #","attestation_doc":[16,200]}"#)
        #expect(
            String(
                buffer: Answer.genesis(Self.genesis(recoveryWrappedKey: [15], attestationDocument: [16])).body)
                == Self.genesisText + #","dr_key_wrapped_quorum_key":[15],"attestation_doc":[16]}"#)
    }

    @Test("a genesis for 255 members is written without being moved, and is as long as its parts")
    func largest() {
        let member = MemberRecord(alias: String(repeating: "x", count: 64), publicKey: Samples.bytes(200, 130))
        let hash = Samples.bytes(201, 64)
        let answer = GenesisAnswer(
            quorumPublicKey: Samples.bytes(1, 130), ephemeralKey: Samples.bytes(2, 130),
            manifestEnvelope: Array("{\"v\":\"\(String(repeating: "a", count: 200_000))\"}".utf8),
            manifestHash: Samples.bytes(3, 32), threshold: 255,
            encryptedShares: .init(
                repeating: .init(member: member, ciphertext: Samples.bytes(202, 130), shareHash: hash), count: 255),
            commitments: CommitmentsRecord(
                namespaceName: "ns", namespaceNonce: 7, manifestHash: Samples.bytes(3, 32),
                quorumPublicKey: Samples.bytes(1, 130), threshold: 255, epoch: 0,
                shares: .init(repeating: .init(identifier: 255, member: member, shareHash: hash), count: 255),
                signature: Samples.bytes(4, 64)),
            genesisOutput: Samples.bytes(205, 150_000), recoveryWrappedKey: Samples.bytes(206, 129),
            attestationDocument: Samples.bytes(207, 12_000))
        let text = String(buffer: Answer.genesis(answer).body)
        #expect(text.utf8.count > 1_000_000)
        #expect(text.contains("206,206]") && text.hasSuffix("207,207]}"))
        #expect(text.matches(of: #/"x":255,/#).count == 255)
        #expect(!text.contains(",,") && !text.contains("[,") && !text.contains(",]"))
    }

    @Test("a manifest that was taken is answered in these words")
    func booted() {
        let answer = Answer.booted(
            BootStandardResult(
                phase: .waitingForQuorumShards, ephemeralKey: [1, 2], manifestHash: [3], threshold: 2,
                approvalsCounted: 0))
        #expect(
            String(buffer: answer.body)
                == #"{"state":"WaitingForQuorumShards","ephemeral_key":[1,2],"manifest_hash":[3],"threshold":2,"#
                + #""approvals_counted":0}"#)
    }

    @Test("the held manifest is answered in these words, commitments only if there are any")
    func manifest() {
        let plain = HeldManifest(manifestEnvelope: Array("{ }".utf8), manifestHash: [3], commitments: nil)
        #expect(String(buffer: Answer.manifest(plain).body) == #"{"manifest_envelope":{ },"manifest_hash":[3]}"#)
        let full = HeldManifest(
            manifestEnvelope: Array("{}".utf8), manifestHash: [3], commitments: Samples.commitments)
        #expect(
            String(buffer: Answer.manifest(full).body)
                == #"{"manifest_envelope":{},"manifest_hash":[3],"share_commitments":\#(Samples.commitmentsJSON())}"#)
    }
}

@Suite("answers to shares")
struct SharesAnswerTests {
    @Test("an alias that is not in the share set is not repeated in the sentence")
    func unknownMember() {
        let refusal = #expect(throws: Refusal.self) { try Answer.shares(result([.unknownMember])) }
        #expect(refusal?.message == "The share set has no member of the name in \"shares[0]\".")
    }

    private func result(
        _ flaws: [InjectSharesResult.Flaw?],
        received: UInt32 = 1,
        key: [UInt8]? = nil,
        isOtherKey: Bool = false
    ) -> InjectSharesResult {
        InjectSharesResult(
            phase: key == nil ? .waitingForQuorumShards : .applicationReady, sharesReceived: received, threshold: 2,
            judgements: flaws.enumerated().map { .init(memberAlias: "m\($0 + 1)", flaw: $1) },
            quorumPublicKey: key, isOtherKey: isOtherKey)
    }

    private func refusal(_ result: InjectSharesResult) -> Refusal? {
        #expect(throws: Refusal.self) { try Answer.shares(result) }
    }

    private static let command = "renclave share decrypt --key KEYFILE --genesis GENESIS.json --alias NAME --json"

    @Test("below the threshold it is said how many are held")
    func below() throws {
        let answer = try Answer.shares(result([nil]))
        #expect(answer.status == .ok)
        #expect(
            String(buffer: answer.body)
                == #"{"success":false,"state":"WaitingForQuorumShards","shares_received":1,"threshold":2,"#
                + #""shares":[{"member_alias":"m1","accepted":true}]}"#)
    }

    @Test("at the threshold the rebuilt key is shown")
    func rebuilt() throws {
        let answer = try Answer.shares(result([nil, .badShare, nil], received: 2, key: [4, 5]))
        #expect(
            String(buffer: answer.body)
                == #"{"success":true,"state":"ApplicationReady","reconstructed_quorum_key":[4,5],"shares_received":2,"#
                + #""threshold":2,"shares":[{"member_alias":"m1","accepted":true},{"member_alias":"m2","#
                + #""accepted":false,"reason":"bad_share"},{"member_alias":"m3","accepted":true}]}"#)
    }

    @Test("one that is taken makes an answer, with a hint for one that is still encrypted")
    func oneTaken() throws {
        let text = String(buffer: try Answer.shares(result([.shareStillEncrypted, nil])).body)
        #expect(
            text.hasSuffix(
                #"{"member_alias":"m1","accepted":false,"reason":"share_still_encrypted"},{"member_alias":"m2","#
                    + #""accepted":true}],"hint":"a member decrypts a share with: \#(Self.command)"}"#))
    }

    @Test("where none is taken, the first one's flaw is the reason", arguments: InjectSharesResult.Flaw.allCases)
    func noneTaken(flaw: InjectSharesResult.Flaw) {
        let refusal = refusal(result([flaw, .unknownMember]))
        #expect(refusal?.status.code == 422)
        #expect(refusal?.reason == flaw.rawValue)
        // What is not in the share set is not repeated.
        #expect(refusal?.message.contains("\"m1\"") == (flaw != .unknownMember))
        #expect(refusal?.shares == result([flaw, .unknownMember]).judgements)
        #expect((refusal?.hint?.contains(Self.command) == true) == (flaw == .shareStillEncrypted))
    }

    @Test("another key than the manifest's is a mismatch, whatever the shares were")
    func otherKey() {
        for flaws in [[nil, nil], [nil, .badShare]] as [[InjectSharesResult.Flaw?]] {
            let refusal = refusal(result(flaws, received: 0, isOtherKey: true))
            #expect(refusal?.status.code == 422)
            #expect(refusal?.reason == "key_mismatch")
            #expect(refusal?.state == .waitingForQuorumShards)
            #expect(refusal?.shares?.count == 2)
        }
    }

    @Test("a result without shares is none")
    func noResult() {
        #expect(throws: EnclaveCallError.wrongAnswer) { try Answer.shares(result([])) }
    }

    @Test("a refusal tells of each share, in either form of the body")
    func bodies() {
        let refusal = refusal(result([.badShare, .unknownMember]))
        let shares =
            #""shares":[{"member_alias":"m1","accepted":false,"reason":"bad_share"},"#
            + #"{"member_alias":"m2","accepted":false,"reason":"unknown_member"}]}"#
        let sentence = #"The share of \"m1\" is not the one that was made for this member."#
        let plain = refusal?.answer(requestIdentifier: "r", asProblem: false)
        #expect(
            plain.map { String(buffer: $0.body) }
                == #"{"error":"\#(sentence)","code":422,"reason":"bad_share","request_id":"r",\#(shares)"#)
        let problem = refusal?.answer(requestIdentifier: "r", asProblem: true)
        #expect(
            problem.map { String(buffer: $0.body) }
                == #"{"type":"urn:renclave:problem:bad_share","title":"Unprocessable Content","status":422,"#
                + #""detail":"\#(sentence)","reason":"bad_share","request_id":"r",\#(shares)"#)
    }
}
