// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

extension Peer {
    /// Brings shares, the plain ones as the frame's secrets.
    func inject(
        _ shares: [(alias: String, bytes: [UInt8])], nonce: UInt32 = 7
    ) throws -> Reply {
        try call(
            .injectShares(
                .init(
                    namespaceName: "namespace", namespaceNonce: nonce,
                    shares: shares.map { .init(memberAlias: $0.alias, plain: SecretField(count: $0.bytes.count)) })),
            secrets: shares.flatMap(\.bytes)
        ).reply
    }

    /// Brings sealed shares.
    func inject(sealed shares: [InjectSharesRequest.OfferedShare]) throws -> Reply {
        try call(.injectShares(.init(namespaceName: "namespace", namespaceNonce: 7, shares: shares))).reply
    }

    func genesis(_ request: GenesisBootRequest) throws -> GenesisAnswer {
        guard case .genesis(let answer) = try call(.genesisBoot(request)).reply else { throw Failure(errno: 0) }
        return answer
    }
}

@Suite("the ceremony over a connection")
struct CeremonyConnectionTests {
    @Test("a genesis of 255 members is answered, its shares come in one call, and the key is whole")
    func largest() throws {
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        var draft = try GenesisDraft(255, of: 255)
        draft.manifestMembers = try Member.all("approver", 255).map {
            MemberRecord(alias: $0.alias + String(repeating: "x", count: 50), publicKey: $0.key.publicKey.bytes)
        }
        draft.manifestThreshold = 255
        let answer = try peer.genesis(draft.request)
        #expect(answer.encryptedShares.count == 255)
        #expect(try peer.call(.genesisAnswer).reply == .genesis(answer))
        guard case .manifest(let held) = try peer.call(.manifest).reply else {
            Issue.record("the manifest was expected")
            return
        }
        #expect(held.manifestEnvelope == answer.manifestEnvelope)
        let members = try Member.all("holder", 255)
        let shares = try zip(members, answer.encryptedShares).map { ($0.alias, try $0.open($1.ciphertext)) }
        guard case .shares(let result) = try peer.inject(shares) else {
            Issue.record("a judgement was expected")
            return
        }
        #expect(result.phase == .applicationReady)
        #expect(result.sharesReceived == 255)
        #expect(result.quorumPublicKey == answer.quorumPublicKey)

        // And once more on another enclave, sealed.
        let fresh = try Peer.greeted(try TestEnclave())
        let boot = BootStandardRequest(manifestEnvelope: held.manifestEnvelope, commitments: held.commitments)
        guard case .booted(let booted) = try fresh.call(.bootStandard(boot)).reply else {
            Issue.record("a boot was expected")
            return
        }
        let setupKey = try QuorumPublicKey(booted.ephemeralKey)
        let sealedShares = try shares.map { alias, share in
            InjectSharesRequest.OfferedShare(memberAlias: alias, sealed: try sealed(share, to: setupKey), approval: nil)
        }
        guard case .shares(let again) = try fresh.inject(sealed: sealedShares) else {
            Issue.record("a judgement was expected")
            return
        }
        #expect(again.phase == .applicationReady)
        #expect(again.quorumPublicKey == answer.quorumPublicKey)
    }

    @Test("the shares of a call are one to 255, and each has a length within the limits")
    func limits() throws {
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        _ = try peer.genesis(try GenesisDraft().request)
        let before = enclave.appearance
        let one = ("holder1", [UInt8](repeating: 1, count: 33))
        func refused(_ field: StaticString) -> Reply { .refused(EnclaveError(.outOfRange, field: field)) }
        func refused(_ index: Int, _ field: StaticString) -> Reply {
            .refused(EnclaveError(.outOfRange, field: "shares", index: index, field))
        }
        #expect(try peer.inject([]) == refused("shares"))
        #expect(try peer.inject(Array(repeating: one, count: 256)) == refused("shares"))
        #expect(try peer.inject([one, ("holder1", [])]) == refused(1, "decrypted_share"))
        #expect(try peer.inject([("holder1", [UInt8](repeating: 1, count: 1025))]) == refused(0, "decrypted_share"))
        #expect(
            try peer.inject(sealed: [.init(memberAlias: "holder1", sealed: [], approval: nil)])
                == refused(0, "sealed_share"))
        #expect(
            try peer.inject(sealed: [
                .init(memberAlias: "holder1", sealed: [UInt8](repeating: 1, count: 1025), approval: nil)
            ]) == refused(0, "sealed_share"))
        #expect(enclave.appearance == before)
        // Just within them they are judged.
        guard case .shares(let result) = try peer.inject(Array(repeating: one, count: 255)) else {
            Issue.record("a judgement was expected")
            return
        }
        #expect(result.judgements == Array(repeating: .init(memberAlias: "holder1", flaw: .badShare), count: 255))
    }

    @Test("a call that is refused as a whole names why, and what it brought is not kept")
    func refusedCalls() throws {
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        let share = ("holder1", [UInt8](repeating: 1, count: 33))
        #expect(
            try peer.inject([share])
                == .refused(
                    EnclaveError(wrongState: .waitingForBootInstruction, allowed: [.waitingForQuorumShards])))
        _ = try peer.genesis(try GenesisDraft().request)
        #expect(
            try peer.inject([share], nonce: 8)
                == .refused(EnclaveError(.namespaceMismatch, field: "namespace_nonce")))
        #expect(enclave.enclave.info().quorum?.sharesReceived == 0)
    }

    @Test("a request whose caller has left, or that is too late, does nothing")
    func late() throws {
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        let head = RequestHead(identifier: 1, deadlineMilliseconds: 0, requestIdentifier: "late")
        try peer.send(
            Peer.frame(try Message.request(head, .genesisBoot(try GenesisDraft().request)).encoded()))
        #expect(try peer.next() == peer.refusal(1, .deadlineExceeded))
        #expect(enclave.phase == .waitingForBootInstruction)
    }
}

@Suite("what the enclave logs of a ceremony")
struct CeremonyLogTests {
    /// The forms in which parts of a secret would be found in a text.
    private func traces(of secret: [UInt8]) -> [String] {
        var traces: [String] = []
        for start in 0...max(0, secret.count - 8) {
            let part = Array(secret[start..<min(start + 8, secret.count)])
            traces.append(Hex.encode(part))
            traces.append(Hex.encode(part).uppercased())
            traces.append(part.map { "\($0)" }.joined(separator: ", "))
            traces.append(part.map { "\($0)" }.joined(separator: ","))
        }
        // Base64 of any start within three bytes has the same letters from some place on.
        for start in 0..<min(3, secret.count) {
            let text = Data(secret[start...]).base64EncodedString()
            traces.append(String(text.prefix(16)))
        }
        return traces
    }

    private func traces(of text: String) -> [String] {
        let words = text.split { $0 == " " || $0 == "\u{3000}" }.map(String.init)
        return traces(of: Array(text.utf8)) + zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }

    @Test("no secret is in it, at the most verbose level, and the ceremony is")
    func canary() throws {
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        var secrets: [String] = []

        // A genesis, and shares good and bad.
        let answer = try peer.genesis(try GenesisDraft(3, of: 5).request)
        let members = try Member.all("holder", 5)
        let shares = try zip(members, answer.encryptedShares).map { try $0.open($1.ciphertext) }
        secrets += shares.flatMap { traces(of: Array($0.dropFirst())) }
        var wrong = shares[4]
        wrong[9] ^= 1
        _ = try peer.inject([("holder5", wrong), ("nobody", shares[3]), ("holder2", shares[0]), ("holder1", shares[0])])
        _ = try peer.inject([("holder1", shares[0])], nonce: 9)
        let sealedShare = try sealed(shares[1], to: try QuorumPublicKey(answer.ephemeralKey))
        _ = try peer.inject(sealed: [
            .init(memberAlias: "holder2", sealed: sealedShare, approval: [1, 2, 3]),
            .init(memberAlias: "holder2", sealed: sealedShare, approval: nil),
        ])
        guard case .shares(let result) = try peer.inject([("holder3", shares[2])]) else {
            Issue.record("a judgement was expected")
            return
        }
        #expect(result.phase == .applicationReady)
        var collection = try ShareCollection(capacity: 3, shareBytes: 33)
        for share in shares.prefix(3) { try collection.append(share.span) }
        let seed = try collection.combined(memory: .guarded)
        secrets += traces(of: seed.copied())

        // Seeds of every kind, and a phrase that is judged.
        let passphrase = "canary passphrase of nobody"
        secrets += traces(of: passphrase)
        for operation in [
            Operation.generateSeed(
                .init(strength: .bits256, language: .english, passphrase: SecretField(count: passphrase.utf8.count))),
            .deriveSeed(
                .init(
                    seedType: "wallet", seedData: "0", strength: .bits256, language: .japanese,
                    passphrase: SecretField(count: passphrase.utf8.count))),
        ] {
            let (reply, made) = try peer.call(operation, secrets: Array(passphrase.utf8))
            guard case .seed(let result) = reply, let seed = result.seed else {
                Issue.record("a seed was expected")
                return
            }
            let phrase = String(decoding: made[result.phrase.range], as: UTF8.self)
            secrets += traces(of: phrase) + traces(of: Array(made[result.entropy.range]))
            secrets += traces(of: Array(made[seed.range]))
            _ = try peer.call(
                .validateSeed(.init(phrase: SecretField(count: result.phrase.count), language: nil)),
                secrets: Array(made[result.phrase.range]))
        }
        _ = try peer.call(.genesisAnswer)
        _ = try peer.call(.bootStandard(try KnownQuorum().boot()))

        let log = peer.log.joined(separator: "\n")
        for secret in secrets where log.contains(secret) { Issue.record("the log has \(secret)") }
        // The search finds what is there, and the log tells what happened.
        #expect(secrets.count > 1000)
        for told in [
            "the quorum key was born", "bad_share=", "bad_approval=", "unknown_member=", "holder2",
            "shares were judged", "ApplicationReady", "injectShares", "deriveSeed", "validateSeed", "namespace_nonce",
            "request-1001",
        ] {
            #expect(log.contains(told), "\(told) in \(log)")
        }
        #expect(traces(of: shares[0]).contains { "a line with \(Hex.encode(shares[0])) in it".contains($0) })
    }

    @Test("a broken invariant stands out from what callers are refused")
    func brokenInvariant() throws {
        let wrong = (1...3).map { (x: UInt8) in [x] + SHA256.digest([x]) }
        let others = ShareCommitments(try KnownQuorum().commitments(to: wrong))
        let enclave = try TestEnclave()
        let peer = try Peer.greeted(enclave)
        #expect(try peer.inject([("holder1", wrong[0])]) != .refused(EnclaveError(.internalFailure)))
        #expect(!peer.log.contains { $0.hasPrefix("critical") })
        _ = try HeldGenesis(on: enclave)
        try enclave.enclave.change(for: .info) { _ in
            Enclave.Change(value: ()) { state, _ in state.holdings.manifest?.commitments = others }
        }
        #expect(
            try peer.inject([("holder1", wrong[0]), ("holder2", wrong[1])])
                == .refused(EnclaveError(.internalFailure)))
        #expect(peer.log.filter { $0.hasPrefix("critical refused") }.count == 1)
    }

    @Test("no answer but a phrase has a secret in it")
    func answers() throws {
        let genesis = try HeldGenesis(2, of: 3)
        var replies: [Reply] = [.genesis(genesis.answer), .genesis(try genesis.scene.enclave.enclave.genesisAnswer())]
        replies.append(.shares(try genesis.scene.inject([try genesis.scene.plain(0)])))
        replies.append(.shares(try genesis.scene.inject([try genesis.scene.plain(1)])))
        replies.append(.manifest(try genesis.scene.enclave.enclave.heldManifest()))
        replies.append(.info(genesis.scene.enclave.enclave.info()))
        var collection = try ShareCollection(capacity: 2, shareBytes: 33)
        for share in genesis.scene.shares.prefix(2) { try collection.append(share.span) }
        let seed = try collection.combined(memory: .guarded)
        let secrets = genesis.scene.shares.map { Array($0.dropFirst()) } + [seed.copied()]
        for reply in replies {
            let bytes = try Message.reply(identifier: 1, reply).encoded()
            for secret in secrets {
                for start in 0...(secret.count - 8) {
                    let part = Array(secret[start..<(start + 8)])
                    #expect(bytes.firstRange(of: part) == nil)
                    #expect(bytes.firstRange(of: Array(Hex.encode(part).utf8)) == nil)
                }
            }
        }
    }
}
