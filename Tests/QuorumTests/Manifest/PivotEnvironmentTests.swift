// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("A pivot's environment")
struct PivotEnvironmentTests {
    private func decode(_ variables: [(String, String)]) throws -> Manifest {
        let members = variables.map { name, value in
            JSONMember(name: name, value: .fields(["plain": .fields(["value": .string(value)])]))
        }
        let json = try ManifestVectors.small(.v2).json.changing("pivot.env") { _ in .object(members) }
        return try Manifest.decode(json.compact())
    }

    @Test(
        "has names of letters, digits and underlines",
        arguments: ["A", "_", "a9", "Z_z0", String(repeating: "n", count: 1_024)])
    func names(name: String) throws {
        #expect(try decode([(name, "")]).pivot.environment == [PivotVariable(name: name, value: "")])
    }

    @Test(
        "has no other names",
        arguments: [
            "", "9", "A-B", "A B", "A=", "é", "A\u{301}", "\u{212A}", "A\0", String(repeating: "n", count: 1_025),
        ])
    func otherNames(name: String) {
        #expect(throws: QuorumError.badPivotEnvironment) { try decode([(name, "")]) }
    }

    @Test("has values of up to 65,536 bytes without a NUL")
    func values() throws {
        let longest = String(repeating: "é", count: 32_768)
        #expect(try decode([("A", longest)]).pivot.environment.first?.value == longest)
        #expect(throws: QuorumError.badPivotEnvironment) { try decode([("A", longest + "a")]) }
        #expect(throws: QuorumError.badPivotEnvironment) { try decode([("A", "a\0b")]) }
    }

    @Test("has up to 512 variables")
    func count() throws {
        let variables = (0..<513).map { ("A\($0)", "") }
        #expect(try decode(Array(variables.dropLast())).pivot.environment.count == 512)
        #expect(throws: QuorumError.badPivotEnvironment) { try decode(variables) }
    }
}
