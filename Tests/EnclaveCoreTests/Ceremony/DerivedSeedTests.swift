// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("derived seeds")
struct DerivedSeedTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let namespace: String
        let type: String
        let data: String
        let strength: SeedStrength
        let entropy: String
        let phrase: String

        var testDescription: String { "\(namespace), \(type.prefix(9)), \(data.prefix(9)), \(strength)" }

        init(
            _ type: String, _ data: String, _ strength: SeedStrength, namespace: String = "namespace",
            _ entropy: String, _ phrase: String
        ) {
            self.namespace = namespace
            self.type = type
            self.data = data
            self.strength = strength
            self.entropy = entropy
            self.phrase = phrase
        }
    }

    /// Computed by another program from the known seed, with HKDF and BIP39 of its own.
    private static let goldens: [Golden] = [
        Golden(
            "wallet", "account 0", .bits256,
            "4ba8e064e5938ab00fd334e372e9315a39b3eb4fb44b2630fc454ac7dd0236ee",
            "entry either bomb sleep december fix dismiss grief toddler nuclear era refuse open volcano disagree "
                + "maximum change margin bacon night lava library sweet tag"),
        Golden(
            "wallet", "account 0", .bits128, "48e241306331c4ea9c940326cc7f6044",
            "employ bamboo equal shoe brisk inspire inch lesson chat glue submit meadow"),
        Golden(
            "wallet", "", .bits192, "91a0f66a1f9f0b7a5d8fc62440218a2cb4c3f1d60203ee19",
            "museum amateur once dish vague rule involve web cattle absurd glad floor equip wedding fix document "
                + "unlock solve"),
        Golden(
            "wallet", "account 1", .bits256,
            "9326b53da14a57371beccecacb8a8c79bc0f7cbc36d4e56a5e939affb0e82785",
            "nasty cup exhaust dream pistol oppose hurry oil skull fox perfect vibrant science salad valid surround "
                + "tornado fancy pilot curious wild inject own pottery"),
        // The same letters, cut elsewhere.
        Golden(
            "walle", "taccount 0", .bits256,
            "f583677aec338a9b5bf77e6f37549647852f64c7b4e0d777c3f672af72fd5cd4",
            "void brass team such december ethics hurt used hundred rival cereal monitor fancy raven burst orchard "
                + "student safe work torch warm leaf infant night"),
        // As received, not normalised.
        Golden(
            "wa\u{301}llet", "\u{1F511}", .bits160, namespace: "na\u{308}mespace",
            "58ef6045d3e19daa772db1660a09c4aacdbb07aa",
            "flight kitchen badge pond border steel syrup renew gravity expect illness few sweet long produce"),
        Golden(
            String(repeating: "t", count: 128), String(repeating: "d", count: 4096), .bits224,
            "15454353cb81f70971cf19f3aad17af00bffa936997b1643820983d2",
            "best claw stay novel buyer lucky shrimp tobacco victory final gadget theme say stand surprise control "
                + "bind bright list amateur castle"),
    ]

    /// An enclave that holds the known key under a namespace.
    private func ready(
        _ name: String = "namespace", nonce: UInt32 = 7, seed: String = KnownQuorum.seedText
    ) throws
        -> TestEnclave
    {
        let scene = try KnownQuorum(seed: seed).changed {
            $0.namespaceName = name
            $0.namespaceNonce = nonce
        }.scene()
        try scene.provision(2)
        return scene.enclave
    }

    private func order(_ golden: Golden, _ language: SeedLanguage, _ enclave: TestEnclave) throws -> SeedOrder {
        try enclave.enclave.order(
            DeriveSeedRequest(
                seedType: golden.type, seedData: golden.data, strength: golden.strength, language: language,
                passphrase: nil))
    }

    @Test("a known key gives what another program computes", arguments: goldens)
    func golden(golden: Golden) throws {
        let enclave = try ready(golden.namespace)
        let seed = try enclave.enclave.seed(try order(golden, .english, enclave))
        #expect(String(decoding: seed.phrase.copied(), as: UTF8.self) == golden.phrase)
        #expect(seed.mnemonic.withEntropy { bytes in Hex.encode(bytes.indices.map { bytes[$0] }) } == golden.entropy)
        #expect(seed.result.strength == golden.strength)
    }

    @Test("neither language nor passphrase changes the entropy", arguments: SeedLanguage.allCases)
    func languageAndPassphrase(language: SeedLanguage) throws {
        let enclave = try ready()
        let golden = Self.goldens[0]
        let entropy = try Samples.hex(golden.entropy)
        let order = try order(golden, language, enclave)
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        for passphrase in ["", "TREZOR", "\u{1F511}"] {
            let seed = try enclave.enclave.seed(
                order, passphrase: try enclave.arena.secret(Array(passphrase.utf8)), scratch: &scratch)
            #expect(seed.mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } } == entropy)
            #expect(String(decoding: seed.phrase.copied(), as: UTF8.self) == (try Samples.phrase(entropy, language)))
        }
        let seed = try enclave.enclave.seed(order)
        #expect(seed.mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } } == entropy)
    }

    @Test("two enclaves with one key agree whatever the nonce, and with another namespace or key they do not")
    func agreement() throws {
        let one = try ready()
        let (same, nonce, name, key) = try (
            ready(), ready(nonce: 8), ready("other"), ready(seed: String(repeating: "44", count: 32))
        )
        #expect(try one.derived() == same.derived())
        #expect(try one.derived() == nonce.derived())
        #expect(try one.derived() != name.derived())
        #expect(try one.derived() != key.derived())
        let checks = [one, same, nonce, name, key].map { $0.enclave.info().quorum?.keyCheck }
        #expect(checks[0] == (try Samples.hex("1e99dec1c8ec2778")))
        #expect(checks[1] == checks[0] && checks[2] == checks[0])
        #expect(checks[3] != checks[0] && checks[4] != checks[0])
    }

    @Test("a shorter seed is no part of a longer one")
    func strengths() throws {
        let enclave = try ready()
        let all = try SeedStrength.allCases.map { try enclave.derived("wallet", "account 0", $0) }
        for (index, longer) in all.enumerated() {
            for shorter in all[..<index] { #expect(!longer.starts(with: shorter)) }
        }
    }

    @Test("type and data have their limits, and what is over them changes nothing")
    func limits() throws {
        let enclave = try ready()
        for (type, data, field) in [
            ("", "d", "seed_type"), (String(repeating: "t", count: 129), "d", "seed_type"),
            (String(repeating: "é", count: 65), "d", "seed_type"),
            ("t", String(repeating: "d", count: 4097), "seed_data"),
        ] as [(String, String, StaticString)] {
            enclave.expect(EnclaveError(.outOfRange, field: field)) { try enclave.derived(type, data) }
        }
        #expect(try enclave.derived("t", "").count == 32)
        #expect(
            try enclave.derived(String(repeating: "t", count: 128), String(repeating: "d", count: 4096)).count == 32)
    }

    @Test("a fresh seed needs no key and is never the derived one")
    func fresh() throws {
        let enclave = try ready()
        let derived = try enclave.derived()
        for _ in 0..<8 {
            let seed = try enclave.enclave.seed(Samples.order(.bits256, .english))
            #expect(seed.mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } } != derived)
        }
        #expect(try enclave.derived() == derived)
    }

    @Test("no secret stays lent, whatever was asked for and however it ended")
    func nothingLent() throws {
        let enclave = try ready()
        for strength in SeedStrength.allCases { _ = try enclave.derived("t", "d", strength) }
        #expect(throws: EnclaveError.self) { try enclave.derived("", "") }
        #expect(enclave.arena.slotsLent == 0)
    }
}
