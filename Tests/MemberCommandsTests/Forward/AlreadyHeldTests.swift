// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave forward to an enclave that says that it holds the key")
struct AlreadyHeldTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let source: StubEnclave
    let policy: [String]

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum(recovery: true)
        source = try StubEnclave.holding(quorum)
        policy = ["--policy", try folder.write(TrialModule.policy, "policy.json")]
    }

    private func run(_ from: String, _ to: [String], _ more: [String] = []) async -> RecordedSession {
        await RecordedSession.run(["forward", "--from", from] + to.flatMap { ["--to", $0] } + more)
    }

    /// What an enclave says that holds the source's key.
    private func claim() throws -> [UInt8] {
        let check = String(quorum.fingerprint.prefix(16))
        let hash = JSONValue.byteArray(quorum.genesis.manifest.hash).line
        return StubGateway.json(
            200,
            #"{"state":"ApplicationReady","quorum_key_fingerprint":"\#(quorum.fingerprint)","key_check":"\#(check)","#
                + #""manifest_hash":\#(hash)}"#)
    }

    @Test("its own document shows that it does, where a policy says which ones count")
    func verified() async throws {
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, stubs in
            #expect(await run(from, to).status == .done)
            let again = await run(from, to, policy)
            #expect(again.status == .done)
            #expect(
                again.output.hasSuffix(
                    """
                      ApplicationReady: holds the same quorum key already, by fingerprint and key check
                      Document: carries a fresh nonce, the manifest's hash, and PCR0 to PCR3 of the manifest
                      Document: PCR17 binds the key of an enclave that holds the quorum key to the manifest
                      Document: verified here, by the word of \(KnownRoot.development.meaning)

                    """))
            #expect(!again.errors.contains("Not verified"))
            #expect(stubs[1].requests.last?.path == "/enclave/generate-attestation")
        }
    }

    @Test("without a policy it is said that its gateway alone says so")
    func unverified() async throws {
        let target = try StubEnclave.fresh(quorum)
        target.fail("/enclave/info", with: try claim())
        try await source.with([target]) { from, to, stubs in
            let run = await run(from, to, ["--expect-key", quorum.fingerprint])
            #expect(run.status == .done)
            #expect(
                run.errors
                    == "Not verified: that the enclave of \(to[0]) holds the key; its gateway alone says so (--root, "
                    + "--policy).\n")
            #expect(stubs[1].requests.map(\.path) == ["/enclave/info"])
        }
    }

    @Test("a gateway that claims it for an enclave without the key, or with another manifest, is not believed")
    func lies() async throws {
        let waiting = try TrialModule()
        let key = quorum.ephemeral.publicKey
        let live = try TrialQuorum.pair("live").publicKey
        let hash = quorum.genesis.manifest.hash
        try waiting.commit(to: hash, key: key, live: live)
        let elsewhere = try TrialQuorum(nonce: 8).genesis.manifest.hash
        var registers = TrialModule.registers
        registers[1][0] ^= 1
        let other = try TrialModule(registers: registers)
        try other.commit(to: hash, key: key)
        let cases: [(TrialModule, [UInt8]?, QuorumPublicKey?, Bool, String)] = [
            (waiting, hash, key, true, "PCR17 of the attested enclave does not bind this key to this manifest: the "),
            (
                waiting, hash, nil, true,
                "The attestation document binds no key to a manifest: the enclave does not hold "
            ),
            (
                waiting, nil, live, true,
                "The attestation document binds no key to a manifest: the enclave does not hold "
            ),
            (waiting, elsewhere, live, true, "The attested enclave has another manifest than yours: "),
            (waiting, hash, live, false, "The attestation document is not accepted: it does not have the nonce "),
            (other, hash, key, true, "The attestation document is not accepted: PCR1 is not one that is accepted"),
        ]
        let info = try claim()
        for (module, userData, key, carriesNonce, sentence) in cases {
            try await source.with([]) { from, _, _ in
                let answer: @Sendable (StubGateway.Request) -> [UInt8]? = { request in
                    guard let nonce = TrialModule.nonce(in: request) else { return info }
                    let document = try? module.module.attest(
                        userData: userData, nonce: carriesNonce ? nonce : [1], publicKey: key?.bytes)
                    return StubGateway.json(200, TrialModule.answer(document ?? []))
                }
                try await StubGateway.with(answering: answer) { _, url in
                    let run = await run(from, [url], policy)
                    #expect(run.status == .failed)
                    #expect(run.errors.contains("Error: \(url): \(sentence)"))
                }
            }
        }
    }

    @Test("PCR0 to PCR3 must be the manifest's, also those that a policy leaves open", arguments: 0..<4)
    func registers(index: Int) async throws {
        let roots = try folder.write(TrialModule.roots, "roots.json")
        var registers = TrialModule.registers
        registers[index][0] ^= 1
        let module = try TrialModule(registers: registers)
        let (hash, key, info) = (quorum.genesis.manifest.hash, quorum.ephemeral.publicKey, try claim())
        try module.commit(to: hash, key: key)
        try await source.with([]) { from, _, _ in
            let answer: @Sendable (StubGateway.Request) -> [UInt8]? = { request in
                guard let nonce = TrialModule.nonce(in: request) else { return info }
                let document = try? module.module.attest(userData: hash, nonce: nonce, publicKey: key.bytes)
                return StubGateway.json(200, TrialModule.answer(document ?? []))
            }
            try await StubGateway.with(answering: answer) { _, url in
                let run = await run(from, [url], ["--policy", roots])
                #expect(run.status == .failed)
                #expect(run.errors.contains("Error: \(url): The attested enclave has another PCR\(index) than "))
            }
        }
    }
}
