// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import SecretMemory
import Testing

@testable import MemberCommands

@Suite("The files of a member's command")
struct MemberFilesTests {
    private func session(piped: [UInt8] = []) -> CommandSession {
        CommandSession(
            environment: { _ in nil },
            input: RecordedSession.Input(piped: piped),
            output: CommandOutput(
                isTerminal: false,
                standardOutput: { _ throws(OutputError) in },
                standardError: { _ throws(OutputError) in }
            ),
            timeLimit: .seconds(1)
        )
    }

    @Test("a file and standard input are read up to 8 MiB, and not a byte further")
    func limits() throws {
        let folder = try TrialFolder()
        let most = [UInt8](repeating: 0x20, count: MemberFiles.limit)
        let path = try folder.write(most, "manifest")
        #expect(try MemberFiles.read(path, "manifest", in: session()) == most)
        #expect(try MemberFiles.read("-", "manifest", in: session(piped: most)) == most)
        try folder.write(most + [0x20], "manifest")
        #expect(throws: CommandFailure.failed("The manifest \(path) is longer than 8388608 bytes.")) {
            try MemberFiles.read(path, "manifest", in: session())
        }
        #expect(throws: CommandFailure.failed("The manifest on standard input is longer than 8388608 bytes.")) {
            try MemberFiles.read("-", "manifest", in: session(piped: most + [0x20]))
        }
    }

    @Test("a secret is read up to 4096 bytes")
    func secretLimits() throws {
        let folder = try TrialFolder()
        let most = [UInt8](repeating: 0x61, count: MemberFiles.secretLimit)
        let path = try folder.write(most, "secret")
        let secret = try MemberFiles.readSecret(path, "share", in: session())
        #expect(secret.count == most.count)
        let piped = try MemberFiles.readSecret("-", "share", in: session(piped: most))
        #expect(piped.withBytes { bytes in bytes.indices.map { bytes[$0] } } == most)
        try folder.write(most + [0x61], "secret")
        #expect(throws: CommandFailure.failed("The share is longer than 4096 bytes.")) {
            _ = try MemberFiles.readSecret(path, "share", in: session())
        }
        #expect(throws: CommandFailure.failed("The share is longer than 4096 bytes.")) {
            _ = try MemberFiles.readSecret("-", "share", in: session(piped: most + [0x61]))
        }
    }

    @Test("an empty secret is read as such")
    func empty() throws {
        let folder = try TrialFolder()
        let path = try folder.write("", "secret")
        let secret = try MemberFiles.readSecret(path, "share", in: session())
        #expect(secret.count == 0)
    }

    @Test("a file that cannot be read is named, unless it should hold a secret")
    func unreadable() {
        #expect(throws: CommandFailure.failed("The manifest /nowhere cannot be read: No such file or directory.")) {
            try MemberFiles.read("/nowhere", "manifest", in: session())
        }
        #expect(throws: CommandFailure.failed("The share cannot be read: Is a directory.")) {
            _ = try MemberFiles.readSecret("/", "share", in: session())
        }
    }

    @Test("two names cannot both be standard input")
    func standardInput() throws {
        try MemberFiles.demandOneStandardInput(["-", nil, "./-"])
        #expect(throws: CommandFailure.misuse("Only one file can be read from standard input.")) {
            try MemberFiles.demandOneStandardInput(["-", nil, "-"])
        }
    }

    @Test("a directory is made for its owner alone, or used where it is there")
    func directory() throws {
        let folder = try TrialFolder()
        let path = folder.path(of: "d")
        #expect(try MemberFiles.makeDirectory(path))
        #expect(try folder.permissions("d") == 0o700)
        #expect(try !MemberFiles.makeDirectory(path))
        let file = try folder.write("", "f")
        #expect(throws: CommandFailure.failed("The directory \(file) cannot be made: File exists.")) {
            _ = try MemberFiles.makeDirectory(file)
        }
    }
}
