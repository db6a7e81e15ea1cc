// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave attestation")
struct AttestationCommandTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let document: [UInt8]
    static let nonce: [UInt8] = [1, 2, 3]

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        document = try TrialModule().setup(of: quorum, nonce: Self.nonce)
        try folder.write(document, "setup.cbor")
        try folder.write(TrialModule.roots, "roots.json")
        try folder.write(TrialModule.policy, "policy.json")
        try folder.write(DevelopmentRoot.certificate, "root.der")
        let base64 = Data(DevelopmentRoot.certificate).base64EncodedString(options: .lineLength64Characters)
            .replacingOccurrences(of: "\r\n", with: "\n")
        try folder.write("-----BEGIN CERTIFICATE-----\n\(base64)\n-----END CERTIFICATE-----\n", "root.pem")
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func verify(
        _ more: [String], files: [String] = ["setup.cbor"], clock: Moment = TrialModule.moment, piped: String = ""
    ) async -> RecordedSession {
        await RecordedSession.run(["attestation", "verify"] + files.map(path) + more, piped: piped, clock: clock)
    }

    // MARK: show

    @Test("show says what a document says, and that nothing of it is verified")
    func show() async throws {
        let run = await RecordedSession.run(["attestation", "show", path("setup.cbor")])
        #expect(run.status == .done)
        #expect(run.errors.isEmpty)
        let fingerprint = Hex.encode(quorum.ephemeral.publicKey.fingerprint)
        for part in [
            "Verdict       NOT VERIFIED: this is only what it says\n", "Time          2027-01-15 08:00:00 UTC\n",
            "Digest        \"SHA384\"\n", "PCR0          \(Hex.encode(TrialModule.registers[0]))\n",
            "PCR3          \(Hex.encode(TrialModule.registers[3]))  all zero: bound to no role\n",
            "User data     \(Hex.encode(quorum.genesis.manifest.hash))\n", "Nonce         010203\n",
            "Public key    \(Hex.encode(quorum.ephemeral.publicKey.bytes))\n"
                + "              two points on P-256, fingerprint \(fingerprint)\n",
            "Zero          PCR4, 5, 6,", "Certificates  1. \"", "known as \(KnownRoot.development.meaning)\n",
            "valid from 2026-01-01 00:00:00 UTC to ",
        ] {
            #expect(run.output.contains(part), "\(part)")
        }
        #expect(run.output.contains("\nPCR16"))
        #expect(!run.output.contains("\nPCR4"))
    }

    @Test("show reads standard input and gives a script the same")
    func showJSON() async throws {
        let run = await RecordedSession.run(
            ["attestation", "show", "-", "--json"], piped: TrialModule.answer(document))
        #expect(run.status == .done)
        let json = try JSONValue(parsing: Array(run.output.utf8))
        #expect(
            try json.members().map(\.name) == [
                "file", "module_id", "timestamp", "digest", "pcrs", "user_data", "nonce", "public_key",
            ])
        #expect(json.member("file") == .string("-"))
        #expect(json.member("timestamp") == .count(TrialModule.moment.milliseconds))
        #expect(json.member("pcrs")?.member("0") == .string(Hex.encode(TrialModule.registers[0])))
        #expect(json.member("nonce") == .string("010203"))
    }

    @Test("what is no document is refused", arguments: ["", "hello", "[132]", "8444"])
    func showNone(text: String) async throws {
        try folder.write(text, "none")
        let run = await RecordedSession.run(["attestation", "show", path("none")])
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("Error: "))
    }

    // MARK: verify

    @Test("a document under a root that is trusted is valid", arguments: ["root.der", "root.pem"])
    func root(file: String) async throws {
        let run = await verify(["--root", path(file)])
        #expect(run.status == .done)
        #expect(
            run.output.hasPrefix(
                """
                Document      "\(path("setup.cbor"))"
                Verdict       valid at 2027-01-15 08:00:00 UTC
                Root          SHA-256 \(KnownRoot.development.rawValue)
                              \(KnownRoot.development.meaning)
                Valid         from 2027-01-15 0
                """))
        #expect(
            run.errors
                == "Not compared: the measurements, so this says nothing of which program runs (--policy).\n")
    }

    @Test("the root is AWS's where none is named, and --root replaces it and that of a policy")
    func roots() async throws {
        let words = "its certificates come from a root that is not trusted here"
        let none = await verify([])
        #expect(none.status == .failed)
        #expect(none.output.contains("Verdict       NOT VALID: \(words)\n"))
        #expect(none.output.contains("Nonce         010203\n"))
        try folder.write(#"{"max_age_seconds":60}"#, "age.json")
        #expect(await verify(["--policy", path("age.json")]).status == .failed)
        #expect(await verify(["--policy", path("age.json"), "--root", path("root.der")]).status == .done)
        #expect(await verify(["--policy", path("roots.json")]).status == .done)
    }

    @Test("a policy names measurements, which are then compared")
    func policy() async throws {
        let run = await verify(["--policy", path("policy.json")])
        #expect(run.status == .done)
        #expect(run.errors.isEmpty)
        var registers = TrialModule.registers
        registers[1][0] = 0
        try folder.write(TrialModule(registers: registers).setup(of: quorum), "other.cbor")
        let other = await verify(["--policy", path("policy.json"), "--json"], files: ["setup.cbor", "other.cbor"])
        #expect(other.status == .failed)
        let verdicts = try other.outputLines.dropLast().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(verdicts.map { $0.member("valid") } == [.bool(true), .bool(false)])
        #expect(verdicts.map { $0.member("reason") } == [.null, .string("PCR1 is not one that is accepted")])
    }

    @Test("the age that a policy allows counts at the time of the verification")
    func age() async throws {
        try folder.write(
            TrialModule.roots.dropLast() + #","max_age_seconds":300}"#, "age.json")
        let policy = ["--policy", path("age.json")]
        let later = Moment(milliseconds: TrialModule.moment.milliseconds + 300_001)
        #expect(await verify(policy).status == .done)
        let stale = await verify(policy, clock: later)
        #expect(stale.status == .failed)
        #expect(stale.output.contains("NOT VALID: it is older than is allowed\n"))
        #expect(await verify(policy + ["--at", "document"], clock: later).status == .done)
    }

    @Test("certificates must be valid now, or when --at says")
    func time() async throws {
        let policy = ["--policy", path("roots.json")]
        let late = Moment(milliseconds: TrialModule.moment.milliseconds + 86_400_000)
        let expired = await verify(policy, clock: late)
        #expect(expired.status == .failed)
        #expect(expired.output.contains("NOT VALID: a certificate was no longer valid at the time in question\n"))
        #expect(expired.errors.hasPrefix("A document's certificate is valid for hours only; --at document "))
        for time in ["document", "2027-01-15T08:00:00Z", "1800000000"] {
            let run = await verify(policy + ["--at", time], clock: late)
            #expect(run.status == .done, "\(time)")
        }
        let early = await verify(policy + ["--at", "2020-01-01T00:00:00Z"])
        #expect(early.output.contains("NOT VALID: a certificate was not valid yet at the time in question\n"))
    }

    @Test("a nonce that is asked for must be carried")
    func nonces() async throws {
        let policy = ["--policy", path("policy.json")]
        #expect(await verify(policy + ["--nonce", "010203"]).status == .done)
        let other = await verify(policy + ["--nonce", "010204"])
        #expect(other.status == .failed)
        #expect(other.output.contains("NOT VALID: it does not have the nonce that was asked for\n"))
    }

    @Test("every byte that is changed is noticed")
    func tampered() async throws {
        for place in stride(from: 3, to: document.count, by: 211) {
            var changed = document
            changed[place] ^= 1
            try folder.write(changed, "changed.cbor")
            let run = await verify(["--policy", path("policy.json"), "--json"], files: ["changed.cbor"])
            #expect(run.status == .failed)
            #expect(run.output.contains(#""valid":false,"reason":""#))
        }
    }

    @Test("one bad document does not keep the others from being judged")
    func several() async throws {
        try folder.write("junk", "junk")
        let run = await verify(
            ["--policy", path("policy.json"), "--json"], files: ["nowhere", "junk", "setup.cbor"])
        #expect(run.status == .failed)
        let verdicts = try run.outputLines.dropLast().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(verdicts.map { $0.member("valid") } == [.bool(false), .bool(false), .bool(true)])
        #expect(verdicts.map { $0.member("module_id") == .null } == [true, true, false])
        #expect(verdicts[0].member("pcrs") == .null)
        #expect(verdicts.map { $0.member("root") } == [.null, .null, .string(KnownRoot.development.rawValue)])
        #expect(verdicts.map { $0.member("root_known") } == [.null, .null, .string("renclave_development")])
        #expect(
            try verdicts[2].members().map(\.name) == [
                "file", "valid", "reason", "root", "root_known", "module_id", "timestamp", "digest", "pcrs",
                "user_data", "nonce",
                "public_key",
            ])
        let page = await verify(["--policy", path("policy.json")], files: ["nowhere", "setup.cbor"])
        #expect(page.status == .failed)
        #expect(page.output.contains("nowhere cannot be read: No such file or directory.\n\nDocument"))
    }

    @Test("standard input is a document too")
    func standardInput() async throws {
        let line = ["attestation", "verify", "-", "--policy", path("policy.json")]
        let run = await RecordedSession.run(line, piped: Hex.encode(document))
        #expect(run.status == .done)
        #expect(run.output.hasPrefix("Document      \"-\"\n"))
    }

    // MARK: --url

    private func gateway(
        _ module: TrialModule, replaying nonce: [UInt8]? = nil
    )
        -> @Sendable (StubGateway.Request)
        -> [UInt8]?
    {
        let quorum = quorum
        return { request in
            guard request.line == "POST /enclave/generate-attestation HTTP/1.1",
                let asked = TrialModule.nonce(in: request), asked.count == 32,
                let document = try? module.setup(of: quorum, nonce: nonce ?? asked)
            else { return StubGateway.notFound }
            return StubGateway.json(200, TrialModule.answer(document))
        }
    }

    @Test("a running gateway is asked with a fresh nonce")
    func url() async throws {
        let module = try TrialModule()
        try await StubGateway.with(answering: gateway(module)) { stub, url in
            let line = ["attestation", "verify", "--url", url, "--policy", path("policy.json"), "--json"]
            for _ in 0..<2 {
                let run = await RecordedSession.run(line)
                #expect(run.status == .done)
                let json = try JSONValue(parsing: Array(run.output.utf8))
                #expect(json.member("file") == .string(url))
                #expect(json.member("valid") == .bool(true))
            }
            #expect(Set(stub.requests.map(\.body)).count == 2)
        }
    }

    @Test("a document that was made before it was asked for is not valid")
    func replay() async throws {
        let module = try TrialModule()
        try await StubGateway.with(answering: gateway(module, replaying: [7])) { _, url in
            let run = await RecordedSession.run(
                ["attestation", "verify", "--url", url, "--policy", path("policy.json")])
            #expect(run.status == .failed)
            #expect(run.output.contains("NOT VALID: it does not have the nonce that was asked for\n"))
        }
    }

    @Test("a gateway that gives no document is a verdict too")
    func noDocument() async throws {
        try await StubGateway.with([:]) { _, url in
            let run = await RecordedSession.run(["attestation", "verify", "--url", url, "--json"])
            #expect(run.status == .failed)
            #expect(run.output.contains(#""valid":false,"reason":"There is no such path.""#))
        }
    }

    // MARK: The command line

    @Test(
        "what is used wrongly ends with 2",
        arguments: [
            ["show"], ["show", "a", "b"], ["verify"], ["verify", "a", "--url", "http://127.0.0.1"],
            ["verify", "--url", "ftp://x"], ["verify", "a", "--nonce", ""], ["verify", "a", "--nonce", "xy"],
            ["verify", "a", "--nonce", String(repeating: "00", count: 513)],
            ["verify", "--url", "http://127.0.0.1", "--nonce", "00"], ["verify", "a", "--at", "yesterday"],
            ["verify", "-", "-"], ["verify", "-", "--root", "-"], ["verify", "a", "--frobnicate"],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(["attestation"] + arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("Error: "))
    }

    @Test("a policy or root that cannot be used is said, and nothing is verified")
    func badFiles() async throws {
        try folder.write(#"{"measurments":[]}"#, "bad.json")
        let cases = [
            (["--policy", path("bad.json")], "Error: The policy \"\(path("bad.json"))\" cannot be used: "),
            (["--policy", path("nowhere")], "Error: The policy \(path("nowhere")) cannot be read: "),
            (["--root", path("bad.json")], "Error: The root certificate \"\(path("bad.json"))\" cannot be used: "),
        ]
        for (more, error) in cases {
            let run = await verify(more)
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasPrefix(error))
        }
    }
}
