// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("What vouches for an enclave")
struct EnclaveVouchingTests {
    let quorum: TrialQuorum
    let vouching: EnclaveVouching

    init() throws {
        quorum = try TrialQuorum()
        vouching = EnclaveVouching(
            policy: try AttestationPolicy(parsing: Array(TrialModule.policy.utf8)), clock: { TrialModule.moment })
    }

    private var manifest: CheckedManifest { quorum.genesis.manifest }

    private func refusal(_ document: [UInt8], nonce: [UInt8]? = nil) async -> String? {
        do throws(CommandFailure) {
            _ = try await vouching.setupKey(in: document, under: manifest, nonce: nonce)
            return nil
        } catch {
            return error.sentence
        }
    }

    // MARK: Setup

    @Test("a document that binds a key to the manifest gives the key")
    func setup() async throws {
        let document = try TrialModule().setup(of: quorum, nonce: [9])
        let vouched = try await vouching.setupKey(in: document, under: manifest, nonce: [9])
        #expect(vouched.key == quorum.ephemeral.publicKey)
        #expect(vouched.attestation.root == RootFingerprint(ofCertificate: DevelopmentRoot.certificate))
        #expect(await refusal(document) == nil)
    }

    @Test("a document about anything else is refused, with what is wrong")
    func otherDocuments() async throws {
        let key = quorum.ephemeral.publicKey
        let hash = manifest.hash
        let other = try TrialQuorum(nonce: 8)
        let module = try TrialModule()
        let none = "The attestation document binds no key to a manifest: the enclave does not wait for a quorum key."
        #expect(await refusal(try module.module.attest(userData: nil, nonce: nil, publicKey: nil)) == none)
        #expect(await refusal(try module.module.attest(userData: hash, nonce: nil, publicKey: nil)) == none)
        #expect(
            await refusal(try TrialModule().setup(of: other))
                == "The attested enclave has another manifest than yours: \(Hex.encode(other.genesis.manifest.hash)).")
        let uncommitted = try module.module.attest(userData: hash, nonce: nil, publicKey: key.bytes)
        #expect(await refusal(uncommitted)?.hasPrefix("PCR16 of the attested enclave does not bind") == true)
        try module.commit(to: hash, key: TrialQuorum.pair("mallory").publicKey)
        let swapped = try module.module.attest(userData: hash, nonce: nil, publicKey: key.bytes)
        #expect(await refusal(swapped)?.hasPrefix("PCR16 of the attested enclave does not bind") == true)
        let noKey = try module.module.attest(userData: hash, nonce: nil, publicKey: [4, 5])
        #expect(await refusal(noKey) == "The attested key is none: a public key is shorter than 130 bytes.")
        #expect(
            await refusal(try TrialModule().setup(of: quorum, nonce: [1]), nonce: [2])
                == "The attestation document is not accepted: it does not have the nonce that was asked for.")
    }

    @Test("each register of the manifest is compared, also those that a policy leaves open", arguments: 0..<4)
    func registers(index: Int) async throws {
        var registers = TrialModule.registers
        registers[index][7] ^= 1
        let document = try TrialModule(registers: registers).setup(of: quorum)
        let lax = EnclaveVouching(
            policy: try AttestationPolicy(parsing: Array(TrialModule.roots.utf8)), clock: { TrialModule.moment })
        let expected = CommandFailure.failed(
            "The attested enclave has another PCR\(index) than the manifest: \(Hex.encode(registers[index])).",
            hint: "The manifest's is \(Hex.encode(TrialModule.registers[index])).")
        await #expect(throws: expected) {
            _ = try await lax.setupKey(in: document, under: manifest, nonce: nil)
        }
    }

    @Test("an enclave in debug mode is refused, though the manifest names it", arguments: 0..<3)
    func debug(index: Int) async throws {
        var registers = TrialModule.registers
        registers[index] = [UInt8](repeating: 0, count: 48)
        let debugged = try TrialQuorum(registers: registers)
        let document = try TrialModule(registers: registers).setup(of: debugged)
        let lax = EnclaveVouching(
            policy: try AttestationPolicy(parsing: Array(TrialModule.roots.utf8)), clock: { TrialModule.moment })
        await #expect(
            throws: CommandFailure.failed(
                "The attested enclave is in debug mode: its PCR0 to PCR2 are zero, and others can look into it.")
        ) {
            _ = try await lax.setupKey(in: document, under: debugged.genesis.manifest, nonce: nil)
        }
    }

    @Test("the root must be the one that the manifest names")
    func root() async throws {
        let quorum = try TrialQuorum(root: [0x30, 0x00])
        let document = try TrialModule().setup(of: quorum)
        await #expect(
            throws: CommandFailure.failed(
                "The attestation document is under another root than the one that the manifest names: "
                    + "\(KnownRoot.development.rawValue).")
        ) {
            _ = try await vouching.setupKey(in: document, under: quorum.genesis.manifest, nonce: nil)
        }
    }

    @Test("without a policy the root is AWS's, and the hint says how to name another")
    func otherRoot() async throws {
        let document = try TrialModule().setup(of: quorum)
        let aws = EnclaveVouching(policy: AttestationPolicy(), clock: { TrialModule.moment })
        await #expect(
            throws: CommandFailure.failed(
                "The attestation document is not accepted: its certificates come from a root that is not trusted here.",
                hint: "--root or --policy names the roots that you trust.")
        ) {
            _ = try await aws.setupKey(in: document, under: manifest, nonce: nil)
        }
    }

    // MARK: Genesis

    @Test("a document about a genesis vouches for exactly this one, also long afterwards")
    func genesis() async throws {
        let document = try TrialModule().genesis(of: quorum, nonce: [5])
        let record = try GenesisRecord(answer: quorum.answer(attestedBy: document))
        let days = Moment(milliseconds: TrialModule.moment.milliseconds + 30 * 86_400_000)
        let late = EnclaveVouching(policy: vouching.policy, clock: { days })
        let verified = try await late.verify(record, nonce: [5], isKept: true)
        #expect(verified.moment == TrialModule.moment)
        await #expect(throws: CommandFailure.self) { _ = try await late.verify(record, nonce: [5], isKept: false) }
        await #expect(throws: CommandFailure.self) { _ = try await late.verify(record, nonce: [6], isKept: true) }
        let early = Moment(milliseconds: TrialModule.moment.milliseconds - 60_001)
        let before = EnclaveVouching(policy: vouching.policy, clock: { early })
        await #expect(
            throws: CommandFailure.failed(
                "The attestation document is not accepted: it is from the future, or a clock is wrong.")
        ) { _ = try await before.verify(record, nonce: nil, isKept: true) }
    }

    @Test("a document about another genesis, a boot or nothing does not")
    func otherGenesis() async throws {
        let module = try TrialModule()
        for document in [
            try module.genesis(of: TrialQuorum()), try module.setup(of: quorum),
            try module.module.attest(userData: nil, nonce: nil, publicKey: nil),
        ] {
            let record = try GenesisRecord(answer: quorum.answer(attestedBy: document))
            await #expect(
                throws: CommandFailure.failed(
                    "The attestation document is about another genesis: its user data is not this one's hash.")
            ) { _ = try await vouching.verify(record, nonce: nil, isKept: true) }
        }
        let bare = try GenesisRecord(answer: quorum.answer)
        await #expect(
            throws: CommandFailure.failed(
                "The genesis has no attestation document, so that nothing can be verified.",
                hint: "The gateway's whole answer to a genesis has one: attestation_doc.")
        ) { _ = try await vouching.verify(bare, nonce: nil, isKept: true) }
    }
}
