// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("recorded and forged exports")
    struct ReplayedForwarding {
        @Test("what was recorded is of no use to any other enclave, nor to the same one after its restart")
        func recorded() throws {
            try Fleet.with(3) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.run()
                var recorded = Exchange(from: pairs[0].gateway, to: pairs[2].gateway)
                recorded.manifest = exchange.manifest
                recorded.exported = exchange.exported
                for place in [2, 1] {
                    if place == 1 { try pairs[1].restart() }
                    recorded = recorded.redirected(to: pairs[place].gateway)
                    try expectRefusal(recorded.answer(to: .injection), 409, "wrong_state")
                    try recorded.take(.shareManifest)
                    let before = try pairs[place].info()
                    try expectRefusal(
                        recorded.answer(to: .injection), 422, "bad_ciphertext", field: "encrypted_quorum_key")
                    #expect(try pairs[place].info() == before)
                }
                // The recorded document does not make the source give another one out either.
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce")
                try exchange.run()
            }
        }

        @Test("a manifest that replaces another one takes the setup key with it, and what was sealed to that")
        func replaced() throws {
            try Fleet.with(2) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .challenge, .attestation, .export])
                let own = exchange.manifest
                let later = exchange.envelope.replacing(["manifest", "namespace", "nonce"], with: "12346")
                exchange.manifest = ["manifest_envelope": try ceremony.approving(later, by: [0, 1])]
                try exchange.take(.shareManifest)
                exchange.manifest = own
                try exchange.take(.shareManifest)
                try expectRefusal(exchange.answer(to: .injection), 422, "bad_ciphertext")
                try exchange.take([.challenge, .attestation, .export, .injection])
            }
        }

        @Test("what is changed on the way, or signed by another key, is refused and changes nothing")
        func forged() throws {
            try Fleet.with(2) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .challenge, .attestation, .export])
                let good = exchange.exported
                let ciphertext = try #require(good["encrypted_quorum_key"]?.bytes)
                let before = try pairs[1].info()
                for place in [0, 1, 64, 65, 100, ciphertext.count - 1] {
                    var changed = ciphertext
                    changed[place] ^= 1
                    exchange.exported = good.replacing(["encrypted_quorum_key"], with: JSON(bytes: changed))
                    try expectRefusal(exchange.answer(to: .injection), 422, "bad_signature", field: "signature")
                }
                let stranger = try Member(9)
                let foreign = JSON(bytes: try stranger.key.sign(ciphertext))
                let zeros = JSON(bytes: [UInt8](repeating: 0, count: 64))
                for signature in [foreign, zeros, JSON(bytes: [1, 2, 3])] {
                    exchange.exported = good.replacing(["signature"], with: signature)
                    try expectRefusal(exchange.answer(to: .injection), 422, "bad_signature", field: "signature")
                }
                // Sealed by somebody who knows the setup key, and signed with a key of their own: not the quorum's.
                let shared = try exchange.take(.shareManifest)
                let setupKey = try QuorumPublicKey(try #require(shared["ephemeral_key"]?.bytes))
                let sealed = try stranger.seal(stranger.seed, to: setupKey)
                exchange.exported = [
                    "encrypted_quorum_key": JSON(bytes: sealed),
                    "signature": JSON(bytes: try stranger.key.sign(sealed)),
                ]
                try expectRefusal(exchange.answer(to: .injection), 422, "bad_signature")
                // Truly signed, but no key in it: only who has the quorum key can make that.
                let key = try ceremony.key()
                for secret in [stranger.seed, Array(stranger.seed.dropLast())] {
                    let sealed = try stranger.seal(secret, to: setupKey)
                    exchange.exported = [
                        "encrypted_quorum_key": JSON(bytes: sealed), "signature": JSON(bytes: try key.sign(sealed)),
                    ]
                    let reason: JSON = secret.count == 32 ? "key_mismatch" : "bad_ciphertext"
                    try expectRefusal(exchange.answer(to: .injection), 422, reason, field: "encrypted_quorum_key")
                }
                #expect(try pairs[1].info() == before)
                exchange.exported = good
                try exchange.take(.injection)
            }
        }
    }
}

extension Exchange {
    /// The same with what it has, to another instance.
    fileprivate func redirected(to target: RunningGateway) -> Exchange {
        var other = Exchange(from: source, to: target)
        other.manifest = manifest
        other.nonce = nonce
        other.document = document
        other.exported = exported
        return other
    }
}
