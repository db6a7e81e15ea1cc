// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Protocol
import Testing

@testable import MemberCommands

@Suite("Where a secret comes from")
struct SecretOriginTests {
    @Test(
        "one line end at the end is dropped, more are kept",
        arguments: [
            ("word", "word"), ("word\n", "word"), ("word\r\n", "word"), ("word\n\n", "word\n"),
            ("word\r\n\r\n", "word\r\n"), ("word\r", "word\r"), ("\n", ""), ("", ""), (" word \n", " word "),
        ]
    )
    func lineEnd(bytes: String, secret: String) {
        var line = Array(bytes.utf8)
        SecretOrigin.dropLineEnd(of: &line)
        #expect(line == Array(secret.utf8))
    }

    @Test("a dash is standard input, anything else a file")
    func dash() {
        #expect(SecretOrigin("-") == .standardInput)
        #expect(SecretOrigin("./-") == .file("./-"))
    }

    @Test(
        "a file that is no secret is refused for what it is",
        arguments: [
            (Data(), SecretInputError.empty), (Data("\n".utf8), .empty), (Data([0x61, 0xFF]), .notUTF8),
            (Data(repeating: 0x61, count: 4097), .tooLarge),
        ]
    )
    func refused(contents: Data, error: SecretInputError) async throws {
        try await withFile(contents) { path in
            #expect(throws: error) { try SecretOrigin.file(path).read(prompt: "", in: silent) }
        }
    }

    @Test("a file of 4096 bytes is read whole")
    func largest() async throws {
        try await withFile(Data(repeating: 0x61, count: 4096)) { path in
            let secret = try SecretOrigin.file(path).read(prompt: "", in: silent)
            #expect(secret.count == 4096)
        }
    }

    @Test("a file that is not there, and a folder, are refused with the system's reason")
    func unreadable() {
        #expect(throws: SecretInputError.unreadable(ENOENT)) {
            try SecretOrigin.file("/nonexistent/file").read(prompt: "", in: silent)
        }
        #expect(throws: SecretInputError.unreadable(EISDIR)) {
            try SecretOrigin.file("/").read(prompt: "", in: silent)
        }
    }

    @Test("a secret prints as redacted")
    func redacted() async throws {
        try await withFile(Data("hunter2".utf8)) { path in
            let secret = try SecretOrigin.file(path).read(prompt: "", in: silent)
            var dumped = ""
            dump(secret, to: &dumped)
            #expect(!"\(secret)\(dumped)".contains("hunter2"))
        }
    }

    private var silent: CommandSession {
        CommandSession(
            environment: { _ in nil },
            input: RecordedSession.Input(),
            output: CommandOutput(
                isTerminal: false,
                standardOutput: { _ throws(OutputError) in },
                standardError: { _ throws(OutputError) in }
            ),
            timeLimit: .seconds(1)
        )
    }
}

/// Lends a file that holds these bytes.
func withFile(_ contents: Data, _ body: (_ path: String) async throws -> Void) async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try contents.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await body(file.path)
}
