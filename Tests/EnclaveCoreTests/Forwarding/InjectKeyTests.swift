// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("a key that comes from another enclave")
struct InjectKeyTests {
    private static let signature: StaticString = "signature"
    private static let ciphertext: StaticString = "encrypted_quorum_key"

    @Test("it is taken, and serves as one that was rebuilt from shares does")
    func taken() throws {
        let waiting = try WaitingEnclave()
        let before = waiting.enclave.appearance
        try waiting.expectReady()
        let rebuilt = try waiting.quorum.scene()
        try rebuilt.provision(2)
        let (info, other) = (waiting.enclave.enclave.info(), rebuilt.enclave.enclave.info())
        #expect(
            info.history.map(\.phase) == [
                .waitingForBootInstruction, .waitingForForwardedKey, .quorumKeyProvisioned, .applicationReady,
            ])
        #expect(info.quorum?.keyCheck == other.quorum?.keyCheck)
        #expect(info.quorum?.keyCheck == (try Samples.hex("1e99dec1c8ec2778")))
        #expect(info.quorum?.publicKey == waiting.quorum.key.publicKey.bytes)
        #expect(info.quorum?.sharesReceived == 0)
        #expect(try waiting.enclave.derived() == rebuilt.enclave.derived())
        // The manifest with its approvals stays, and so do the live key and the registers.
        #expect(waiting.enclave.appearance.manifest == before.manifest)
        #expect(waiting.enclave.appearance.keys == [nil, before.keys[1]])
        #expect(waiting.enclave.appearance.registers == before.registers)
    }

    @Test("a signature of another ciphertext is none", arguments: [true, false])
    func swapped(otherSignature: Bool) throws {
        let waiting = try WaitingEnclave()
        let (one, two) = (try waiting.forwarded(), try waiting.forwarded())
        #expect(one.ciphertext != two.ciphertext)
        waiting.expect(
            .badSignature, Self.signature,
            InjectKeyRequest(
                ciphertext: (otherSignature ? one : two).ciphertext, signature: (otherSignature ? two : one).signature))
        try waiting.expectReady(one)
    }

    @Test("what was cut or is longer has no valid signature")
    func lengths() throws {
        let waiting = try WaitingEnclave()
        let good = try waiting.forwarded()
        let whole = good.ciphertext
        for ciphertext in [[whole[0]], whole.dropLast(), Array(whole.dropFirst()), whole + [0]] as [[UInt8]] {
            waiting.expect(
                .badSignature, Self.signature, InjectKeyRequest(ciphertext: ciphertext, signature: good.signature))
        }
        let other = [UInt8](repeating: 0, count: 64)
        for signature in [[0], good.signature.dropLast(), good.signature + [0], other] as [[UInt8]] {
            waiting.expect(
                .badSignature, Self.signature, InjectKeyRequest(ciphertext: good.ciphertext, signature: signature))
        }
        try waiting.expectReady(good)
    }

    @Test("a bit that was changed, wherever it is, is found by the signature")
    func bitFlips() throws {
        let waiting = try WaitingEnclave()
        let good = try waiting.forwarded()
        for bit in stride(from: 0, to: good.ciphertext.count * 8, by: 11) {
            var ciphertext = good.ciphertext
            ciphertext[bit / 8] ^= 1 << UInt8(bit % 8)
            waiting.expect(
                .badSignature, Self.signature, InjectKeyRequest(ciphertext: ciphertext, signature: good.signature),
                "bit \(bit)")
        }
        for bit in stride(from: 0, to: good.signature.count * 8, by: 5) {
            var signature = good.signature
            signature[bit / 8] ^= 1 << UInt8(bit % 8)
            waiting.expect(
                .badSignature, Self.signature, InjectKeyRequest(ciphertext: good.ciphertext, signature: signature),
                "bit \(bit)")
        }
        try waiting.expectReady(good)
    }

    @Test("a bit of a ciphertext that was changed before it was signed cannot be opened")
    func signedBitFlips() throws {
        let waiting = try WaitingEnclave()
        let good = try waiting.forwarded().ciphertext
        for bit in stride(from: 0, to: good.count * 8, by: 31) {
            var ciphertext = good
            ciphertext[bit / 8] ^= 1 << UInt8(bit % 8)
            waiting.expect(.badCiphertext, Self.ciphertext, try waiting.signed(ciphertext), "bit \(bit)")
        }
    }

    @Test("another quorum's key is refused, although that signed it")
    func otherQuorum() throws {
        let waiting = try WaitingEnclave()
        let other = try WaitingEnclave(
            waiting.enclave, quorum: try KnownQuorum(seed: String(repeating: "44", count: 32)))
        let theirs = try other.forwarded([UInt8](repeating: 0x44, count: 32))
        let back = try WaitingEnclave(waiting.enclave)
        back.expect(.badSignature, Self.signature, theirs)
        let sealedToUs = try other.forwarded([UInt8](repeating: 0x44, count: 32), to: back.setupKey)
        back.expect(.badSignature, Self.signature, sealedToUs)
        try back.expectReady()
    }

    @Test("rubbish that the quorum key signed is no key")
    func signedRubbish() throws {
        let waiting = try WaitingEnclave()
        let good = try waiting.forwarded().ciphertext
        for ciphertext in [
            [0], Array("rubbish".utf8), [UInt8](repeating: 4, count: 129), good.dropLast(), good + [0],
            [UInt8](repeating: 0, count: 1024),
        ] as [[UInt8]] {
            waiting.expect(.badCiphertext, Self.ciphertext, try waiting.signed(ciphertext))
        }
        try waiting.expectReady()
    }

    @Test("what is sealed to another key, such as the live one, cannot be opened")
    func otherKey() throws {
        let waiting = try WaitingEnclave()
        let liveKey = try #require(waiting.enclave.appearance.keys[1])
        for key in [
            try Member("another").key.publicKey, try QuorumPublicKey(liveKey), waiting.quorum.key.publicKey,
        ] {
            waiting.expect(.badCiphertext, Self.ciphertext, try waiting.forwarded(to: key))
        }
    }

    @Test("a seed has 32 bytes, of which keys can be made", arguments: [0, 1, 31, 33, 64])
    func seedLength(count: Int) throws {
        let waiting = try WaitingEnclave()
        waiting.expect(
            .badCiphertext, Self.ciphertext, try waiting.forwarded([UInt8](repeating: 7, count: count)))
    }

    @Test("another key than the manifest's is refused, although the manifest's signed it")
    func otherSeed() throws {
        let waiting = try WaitingEnclave()
        waiting.expect(.keyMismatch, Self.ciphertext, try waiting.forwarded([UInt8](repeating: 7, count: 32)))
        try waiting.expectReady()
    }

    @Test("before a manifest there is nothing to open it with, and once a key is there it is not replaced")
    func wrongState() throws {
        let waiting = try WaitingEnclave()
        let (first, second) = (try waiting.forwarded(), try waiting.forwarded())
        let fresh = try TestEnclave()
        fresh.expect(EnclaveError(wrongState: .waitingForBootInstruction, allowed: [.waitingForForwardedKey])) {
            try fresh.enclave.injectKey(first)
        }
        try waiting.expectReady(first)
        for request in [first, second] {
            waiting.enclave.expect(
                EnclaveError(wrongState: .applicationReady, allowed: [.waitingForForwardedKey])
            ) { try waiting.enclave.enclave.injectKey(request) }
        }
    }

    @Test("an enclave that waits for shares is not given the whole key")
    func waitingForShares() throws {
        let scene = try KnownQuorum().scene()
        let waiting = try WaitingEnclave()
        let request = try waiting.forwarded(to: scene.setupKey)
        scene.enclave.expect(
            EnclaveError(wrongState: .waitingForQuorumShards, allowed: [.waitingForForwardedKey])
        ) { try scene.enclave.enclave.injectKey(request) }
    }

    @Test("what was recorded is of no use to an enclave that was started anew, nor after another manifest")
    func replayed() throws {
        let waiting = try WaitingEnclave()
        let recorded = try waiting.forwarded()
        try waiting.expectReady(recorded)
        let again = try WaitingEnclave()
        again.expect(.badCiphertext, Self.ciphertext, recorded)
        // The manifest goes and comes back, and its key is new.
        let ours = try again.forwarded()
        _ = try WaitingEnclave(again.enclave, quorum: try again.quorum.changed { $0.namespaceNonce = 8 })
        let back = try WaitingEnclave(again.enclave)
        back.expect(.badCiphertext, Self.ciphertext, ours)
        try back.expectReady()
    }

    @Test("of several at once one is taken, and the others come too late")
    func concurrent() async throws {
        let waiting = try WaitingEnclave()
        let request = try waiting.forwarded()
        let outcomes = await withTaskGroup(of: Result<InjectKeyResult, any Error>.self) { group in
            for _ in 0..<4 { group.addTask { Result { try waiting.enclave.enclave.injectKey(request) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
        for case .failure(let error) in outcomes {
            #expect(
                error as? EnclaveError
                    == EnclaveError(wrongState: .applicationReady, allowed: [.waitingForForwardedKey]))
        }
    }
}
