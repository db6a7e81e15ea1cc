// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("Exit status 2 means that nothing was touched")
struct MisuseTests {
    /// None of these files is there: what is read before the misuse is found fails with 1.
    @Test(
        "an address that is none is found before anything is read or made",
        arguments: [
            ["boot", "genesis", "--request", "/nowhere/r", "--output", "/nowhere/d/"],
            ["boot", "standard", "--manifest", "/nowhere/m"], ["boot", "standard", "--directory", "/nowhere"],
            ["share", "inject", "--share-json", "/nowhere/s", "--manifest", "/nowhere/m"],
            [
                "share", "seal", "--key", "/nowhere/k", "--alias", "a", "--manifest", "/nowhere/m",
                "--insecure-development", "--state", "/nowhere/state",
            ],
        ]
    )
    func address(arguments: [String]) async {
        let run = await RecordedSession.run(arguments, environment: ["RENCLAVE_URL": "ftp://host"])
        #expect(run.status == .misuse)
        #expect(run.errors == "Error: RENCLAVE_URL \(GatewayAddress.rule).\n")
    }

    @Test(
        "so is a member without a place for the record of nonces",
        arguments: [
            ["manifest", "approve", "/nowhere/m", "--key", "/nowhere/k", "--alias", "a"],
            [
                "share", "seal", "--key", "/nowhere/k", "--alias", "a", "--manifest", "/nowhere/m",
                "--insecure-development",
            ],
        ]
    )
    func state(arguments: [String]) async {
        let run = await RecordedSession.run(arguments, typed: [])
        #expect(run.status == .misuse)
        #expect(run.errors.hasPrefix("Error: There is no home directory to remember nonces in.\n"))
    }

    @Test("so is a passphrase that nobody can type")
    func passphrase() async throws {
        let combine = [
            "share", "combine", "--share", "/nowhere/1", "/nowhere/2", "--genesis", "/nowhere/g", "--output",
        ]
        for line in [combine + ["/nowhere/k"], ["key", "generate", "alice", "--directory", "/nowhere/d"]] {
            let run = await RecordedSession.run(line + ["--passphrase-prompt"])
            #expect(run.status == .misuse)
            #expect(run.errors.hasPrefix("Error: --passphrase-prompt needs a terminal to ask at.\n"))
        }
    }

    @Test(
        "a stray word is not repeated",
        arguments: [
            ["manifest", "show", "m"], ["manifest", "hash", "m"], ["manifest", "verify", "m"],
            ["manifest", "join", "m"], ["manifest", "approve", "m", "--key", "k", "--alias", "a"],
            ["boot", "genesis", "--request", "r"], ["boot", "standard", "--manifest", "m"],
        ]
    )
    func stray(arguments: [String]) async {
        let run = await RecordedSession.run(arguments + ["s3cret"])
        #expect(run.status == .misuse)
        #expect(run.errors.hasPrefix("Error: There is a word too many."))
        #expect(!(run.output + run.errors).contains("s3cret"))
    }

    @Test(
        "the name of a file that should hold a share is not repeated",
        arguments: ["winner", "directory"]
    )
    func secretNames(name: String) async throws {
        let folder = try TrialFolder()
        try folder.write("", "winner-directory/file")
        try folder.write(TrialQuorum.secret("bob"), "bob.secret")
        let path = name == "directory" ? folder.path(of: "winner-directory") : name
        for line in [
            ["share", "inject", "--share-json", path, "--namespace-name", "n", "--namespace-nonce", "1"],
            ["share", "decrypt", "--key", folder.path(of: "bob.secret"), "--share", path],
        ] {
            let run = await RecordedSession.run(line)
            #expect(run.status == .failed)
            #expect(!(run.output + run.errors).contains("winner"))
        }
    }

    @Test("a file of plain shares may have 4096 bytes, one of sealed shares more")
    func plainShares() async throws {
        let folder = try TrialFolder()
        let plain = #"{"member_alias":"a","decrypted_share":"01"}"#
        let sealed = #"{"member_alias":"a","sealed_share":"01"}"#
        let line = [
            "share", "inject", "--namespace-name", "n", "--namespace-nonce", "1", "--url", "http://127.0.0.1:1",
        ]
        for (share, count, isRefused) in [(plain, 4096, false), (plain, 4097, true), (sealed, 4097, false)] {
            let text = share + String(repeating: " ", count: count - share.utf8.count)
            let path = try folder.write(text, "share.json")
            let run = await RecordedSession.run(line + ["--share-json", path])
            #expect(run.status == .failed)
            #expect(run.errors.contains("File 1 has plain shares, and is longer than 4096 bytes.") == isRefused)
        }
    }

    @Test("many files of shares are no phrase, and a phrase beside them is one")
    func manyShares() async {
        let names = "alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia"
            .split(separator: " ").map(String.init)
        let rest = ["--genesis", "/nowhere/g", "--output", "/nowhere/k"]
        let combine = await RecordedSession.run(["share", "combine", "--share"] + names + rest)
        #expect(combine.status == .failed)
        #expect(!combine.errors.contains("seed phrase"))
        let inject = await RecordedSession.run(["share", "inject", "--manifest", "/nowhere/m", "--share-json"] + names)
        #expect(inject.status == .failed)
        for line in [
            ["share", "combine", "--share", "a", "b", "--alias"] + names,
            ["share", "combine", "--share", names.joined(separator: " ")] + rest,
        ] {
            let run = await RecordedSession.run(line)
            #expect(run.status == .misuse)
            #expect(run.errors.contains("seed phrase"))
        }
    }

    @Test("a passphrase for a key that is under none is remarked on")
    func needlessPassphrase() async throws {
        let folder = try TrialFolder()
        let key = try folder.write(TrialQuorum.secret("bob"), "bob.secret")
        let run = await RecordedSession.run(["key", "show", key, "--passphrase-file", "/nowhere/p"])
        #expect(run.status == .done)
        #expect(run.errors == "Note: the secret key is under no passphrase, so that of the file was not used.\n")
    }
}
