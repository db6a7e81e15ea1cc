// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Quorum
import Testing
import VectorKit

@testable import MemberCommands

@Suite("renclave attestation verify of real Nitro documents", .enabled(if: Vectors.areAvailable, Vectors.need))
struct RealDocumentTests {
    private struct File: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable, Sendable {
        struct Fields: Decodable, Sendable {
            let moduleID: String
            let timestamp: UInt64
            let pcrs: [String: String]
            let userData: String?
            let nonce: String?
            let publicKey: String?
            /// Seconds since 1970.
            let chainEnd: Int

            private enum CodingKeys: String, CodingKey {
                case pcrs, nonce
                case moduleID = "module_id"
                case timestamp = "timestamp_ms"
                case userData = "user_data"
                case publicKey = "public_key"
                case chainEnd = "chain_not_after"
            }
        }

        let file: String
        let time: Int
        let root: String
        let fields: Fields

        private enum CodingKeys: String, CodingKey {
            case file, root, fields
            case time = "verify_at"
        }
    }

    private func cases() throws -> [Case] {
        try Vectors.decode(File.self, from: "nitro/expected.json").cases
    }

    private func run(_ document: Case, _ more: [String]) async throws -> RecordedSession {
        let path = try Vectors.url("nitro/\(document.file)").path(percentEncoded: false)
        return await RecordedSession.run(["attestation", "verify", path] + more)
    }

    @Test("each is valid under AWS's root at its time, and everything in it is told")
    func valid() async throws {
        for document in try cases() {
            let run = try await run(document, ["--at", "\(document.time)", "--json"])
            #expect(run.status == .done)
            let json = try JSONValue(parsing: Array(run.output.utf8))
            let fields = document.fields
            #expect(json.member("valid") == .bool(true))
            #expect(json.member("reason") == .null)
            #expect(json.member("module_id") == .string(fields.moduleID))
            #expect(json.member("timestamp") == .count(fields.timestamp))
            #expect(json.member("digest") == .string("SHA384"))
            for (name, value) in [
                ("user_data", fields.userData), ("nonce", fields.nonce), ("public_key", fields.publicKey),
            ] {
                #expect(json.member(name) == value.map { .string($0) } ?? .null)
            }
            let registers = try #require(json.member("pcrs")).members()
            #expect(registers.count == fields.pcrs.count)
            for register in registers {
                #expect(register.value == fields.pcrs[register.name].map { .string($0) })
            }
        }
    }

    @Test("each shows its root, its chain and that its enclave is in debug mode where it is")
    func shown() async throws {
        for document in try cases() {
            let run = try await run(document, ["--at", "document"])
            #expect(run.status == .done)
            #expect(run.output.contains("              AWS Nitro Enclaves\n"))
            #expect(run.output.contains("\n              5. \""))
            let isDebug = document.fields.pcrs["0"]?.allSatisfy { $0 == "0" } ?? false
            #expect(run.output.contains("ALL ZERO: a debug enclave") == isDebug)
        }
    }

    @Test("each is expired today, and valid no second longer than its chain")
    func expired() async throws {
        for document in try cases() {
            #expect(try await run(document, []).status == .failed)
            #expect(try await run(document, ["--at", "\(document.fields.chainEnd)"]).status == .done)
            let late = try await run(document, ["--at", "\(document.fields.chainEnd + 1)"])
            #expect(late.status == .failed)
            #expect(late.output.contains("NOT VALID: a certificate was no longer valid at the time in question\n"))
        }
    }

    @Test("the root's own file is the same root, and another root is another")
    func roots() async throws {
        let mock = try Vectors.url("nitro/mock/mock_root.pem").path(percentEncoded: false)
        for document in try cases() {
            let root = try Vectors.url("nitro/\(document.root)").path(percentEncoded: false)
            #expect(try await run(document, ["--at", "document", "--root", root]).status == .done)
            #expect(try await run(document, ["--at", "document", "--root", mock, "--root", root]).status == .done)
            let other = try await run(document, ["--at", "document", "--root", mock])
            #expect(other.status == .failed)
            #expect(other.output.contains("NOT VALID: its certificates come from a root that is not trusted here\n"))
        }
    }
}
