// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Foundation
import Glibc
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("What --force replaces, and what it never does")
struct OverwritingTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(quorum.manifest.encoded(), "manifest.json")
        try folder.write(quorum.approval("alice").encoded(), "alice.approval")
        try folder.write(quorum.request.line, "request.json")
        try folder.write(quorum.answer.line, "genesis.json")
        try folder.write(TrialQuorum.secret("alice"), "alice.secret")
        try folder.write(quorum.share("alice"), "1.share")
        try folder.write(quorum.share("bob"), "2.share")
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    /// Every command that writes a file, with the files that it reads.
    private var commands: [(line: [String], inputs: [String])] {
        [
            (["manifest", "join", path("manifest.json")], ["manifest.json"]),
            (
                [
                    "manifest", "approve", path("manifest.json"), "--key", path("alice.secret"), "--alias", "alice",
                    "--state", path("state"),
                ], ["manifest.json", "alice.secret"]
            ),
            (["boot", "genesis", "--request", path("request.json")], ["request.json"]),
            (
                ["boot", "standard", "--manifest", path("manifest.json"), "--answer", path("genesis.json")],
                ["manifest.json", "genesis.json"]
            ),
            (
                [
                    "share", "decrypt", "--key", path("alice.secret"), "--genesis", path("genesis.json"), "--alias",
                    "alice",
                ], ["alice.secret", "genesis.json"]
            ),
            (
                [
                    "share", "seal", "--key", path("alice.secret"), "--alias", "alice", "--manifest",
                    path("manifest.json"), "--share", path("1.share"), "--insecure-development", "--state",
                    path("state"),
                ], ["alice.secret", "manifest.json", "1.share"]
            ),
            (
                [
                    "share", "combine", "--share", path("1.share"), path("2.share"), "--genesis",
                    path("genesis.json"),
                ], ["1.share", "2.share", "genesis.json"]
            ),
        ]
    }

    @Test("no command writes to standard output by the name of -")
    func standardOutput() async throws {
        for (line, _) in commands {
            let run = await RecordedSession.run(line + ["--output", "-", "--force"])
            #expect(run.status == .misuse, "\(line)")
            #expect(run.output.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: "-"))
    }

    @Test("no command replaces a file that it reads, whatever it is called")
    func inputs() async throws {
        for (line, inputs) in commands {
            for input in inputs {
                let before = try folder.bytes(input)
                try FileManager.default.linkItem(atPath: path(input), toPath: path("other"))
                for output in [path(input), "\(folder.path)/./\(input)", path("other")] {
                    let run = await RecordedSession.run(line + ["--output", output, "--force"], typed: [])
                    #expect(run.status == .misuse, "\(line) \(input)")
                    #expect(run.errors.hasSuffix("reads would be replaced by what it writes.\n"))
                }
                #expect(try folder.bytes(input) == before)
                try folder.remove("other")
            }
        }
    }

    @Test("no command replaces a link or a pipe")
    func notRegular() async throws {
        try folder.write("target", "target")
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: path("target"))
        // The path is copied for the call.
        let made = unsafe mkfifo(path("pipe"), 0o600)
        #expect(made == 0)
        for (line, _) in commands {
            for output in [path("link"), path("pipe")] {
                let run = await RecordedSession.run(
                    line + ["--output", output, "--force"], environment: ["RENCLAVE_URL": "http://127.0.0.1:1"],
                    typed: ["yes"])
                #expect(run.status != .done, "\(line)")
                #expect(run.output.isEmpty, "\(line)")
            }
        }
        #expect(try folder.text("link") == "target")
        #expect(throws: CommandFailure.failed("\(path("pipe")) is no regular file, and nothing was written.")) {
            try NewSecretOptions.demandRoom(for: path("pipe"), force: true)
        }
        #expect(throws: CommandFailure.failed("/dev/null is no regular file, and nothing was written.")) {
            try OutputOptions.parse(["--output", "/dev/null", "--force"]).checkFree()
        }
    }
}
