// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// A change to the manifest of version 2.
struct ManifestChange: Sendable, CustomTestStringConvertible {
    let path: String
    let value: JSONValue?
    let error: QuorumError

    init(_ path: String, _ value: JSONValue?, _ error: QuorumError = .malformedManifest) {
        self.path = path
        self.value = value
        self.error = error
    }

    var testDescription: String { "\(path) = \(value.map { String(decoding: $0.compact(), as: UTF8.self) } ?? "none")" }
}

@Suite("The fields of a manifest")
struct ManifestFieldTests {
    private static func number(_ value: UInt64) -> JSONValue { .integer(JSONInteger(value)) }

    static let refusals = [
        ManifestChange("namespace.nonce", number(1 << 32)), ManifestChange("namespace.nonce", .string("4294967296")),
        ManifestChange("namespace.nonce", .string("")), ManifestChange("namespace.nonce", .string(" 1")),
        ManifestChange("namespace.nonce", .integer(JSONInteger(-1 as Int64))), ManifestChange("namespace.nonce", .null),
        ManifestChange("namespace.name", number(1)), ManifestChange("namespace", .array([])),
        ManifestChange("namespace.quorumKey", .string("0"), .malformedHex),
        ManifestChange("namespace.quorumKey", .string("+a"), .malformedHex),
        ManifestChange("pivot.hash", .string(String(repeating: "0", count: 62)), .malformedHex),
        ManifestChange("pivot.hash", .string(String(repeating: "0", count: 66)), .malformedHex),
        ManifestChange("pivot.restart", .string("never")), ManifestChange("pivot.restart", number(0)),
        ManifestChange("pivot.debugMode", .string("true")), ManifestChange("pivot.args", .null),
        ManifestChange("pivot.args.0", number(1)), ManifestChange("pivot.env", .null),
        ManifestChange("pivot.env", .array([])), ManifestChange("pivot.env.ALPHA", .string("plain")),
        ManifestChange("pivot.env.ALPHA.plain.value", .null),
        ManifestChange("pivot.env.ALPHA.plain.value", .string("\0"), .badPivotEnvironment),
        ManifestChange("pivot.bridgeConfig.0.type", .string("Server")),
        ManifestChange("pivot.bridgeConfig.0.host", .null), ManifestChange("pivot.bridgeConfig.0.port", number(65_536)),
        ManifestChange("manifestSet.threshold", number(1 << 32)), ManifestChange("manifestSet.members", .object([])),
        ManifestChange("enclave.qosCommit", .null), ManifestChange("dns.resolvers", .null),
        ManifestChange("dns.resolvers.0", .string("1.1.1.01")), ManifestChange("dns.resolvers.0", .string("localhost")),
    ]

    @Test("are refused with a value of another kind", arguments: refusals)
    func refusal(change: ManifestChange) throws {
        let vector = try ManifestVectors.version(.v2)
        let json = vector.json.changing(change.path) { _ in change.value ?? .null }
        try #require(json != vector.json)
        #expect(throws: change.error) { try Manifest.decode(json.compact()) }
    }

    static let allowances = [
        ManifestChange("namespace.quorumKey", .string("")), ManifestChange("enclave.pcr0", .string("0xAb")),
        ManifestChange("manifestSet.members", .array([])), ManifestChange("manifestSet.threshold", number(9)),
        ManifestChange("pivot.env", .object([])), ManifestChange("dns", .null),
        ManifestChange("dns.resolvers", .array([])), ManifestChange("pivot.bridgeConfig.1.host", .string("h")),
        ManifestChange("pivot.restart", .string("Always")), ManifestChange("namespace.nonce", number((1 << 32) - 1)),
    ]

    @Test("are as QuorumOS takes them, whatever they mean", arguments: allowances)
    func allowance(change: ManifestChange) throws {
        let vector = try ManifestVectors.version(.v2)
        let manifest = try Manifest.decode(vector.json.changing(change.path) { _ in change.value ?? .null }.compact())
        #expect(try Manifest.decode(manifest.encoded()) == manifest)
    }

    @Test("leave out what has no value")
    func leftOut() throws {
        let json = try ManifestVectors.version(.v2).json.setting("dns", to: .null)
            .changing("pivot") { $0.setting("env", to: .object([])) }
            .changing("pivot.bridgeConfig.1") { $0.setting("host", to: .null) }
        let text = String(decoding: try Manifest.decode(json.compact()).encoded(), as: UTF8.self)
        #expect(!text.contains("dns"))
        #expect(!text.contains("env"))
        #expect(text.contains(#"{"port":"0","type":"client"}"#))
        let empty = json.setting("dns", to: .object([JSONMember(name: "resolvers", value: .array([]))]))
        #expect(try Manifest.decode(empty.compact()).resolvers == [])
    }

    @Test("keep more than 255 members, whose hash is asked for too")
    func manyMembers() throws {
        var manifest = try ManifestVectors.small(.v1)
        manifest.shareSet.members = (0..<300).map { QuorumMember(alias: "m\($0)", publicKey: [UInt8($0 % 256)]) }
        #expect(try Manifest.decode(manifest.borsh()) == manifest)
        #expect(try Manifest.decode(manifest.encoded()) == manifest)
    }

    @Test("resolvers are hashed in one spelling")
    func resolverSpelling() throws {
        let vector = try ManifestVectors.version(.v2)
        let json = vector.json.changing("dns.resolvers.1") { _ in .string("2606:4700:4700:0:0:0:0:1111") }
        #expect(try Manifest.decode(json.compact()).hash() == vector.hash)
    }
}

@Suite("A manifest made of its parts")
struct ManifestPartsTests {
    private func manifest(
        _ version: ManifestVersion, pivot: Pivot = Pivot(hash: [UInt8](repeating: 0, count: 32), restart: .never),
        patchSet: PatchSet? = nil, resolvers: [String]? = nil
    ) throws(QuorumError) -> Manifest {
        try Manifest(
            version: version, namespace: Namespace(name: "", nonce: 0, quorumKey: []), pivot: pivot,
            manifestSet: MemberSet(threshold: 0, members: []), shareSet: MemberSet(threshold: 0, members: []),
            enclave: NitroConfig(pcr0: [], pcr1: [], pcr2: [], pcr3: [], awsRootCertificate: [], qosCommit: ""),
            patchSet: patchSet, resolvers: resolvers)
    }

    private let hash = [UInt8](repeating: 0, count: 32)
    private let patchSet = PatchSet(threshold: 0, members: [])

    @Test("has those of its version")
    func fitting() throws {
        #expect(try manifest(.v0, patchSet: patchSet).version == .v0)
        #expect(try manifest(.v1, patchSet: patchSet).patchSet == patchSet)
        #expect(try manifest(.v2, resolvers: ["::ffff:102:304"]).resolvers == ["::ffff:1.2.3.4"])
    }

    @Test("has none of another version")
    func unfitting() throws {
        let environment = [try PivotVariable(name: "A", value: "")]
        let bridged = Pivot(hash: hash, restart: .never, bridges: [.client(port: 1, host: nil)])
        let debugged = Pivot(hash: hash, restart: .never, debugMode: true)
        let variable = Pivot(hash: hash, restart: .never, environment: environment)
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v0, pivot: bridged, patchSet: patchSet) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v0, pivot: debugged, patchSet: patchSet) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v1, pivot: variable, patchSet: patchSet) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v1) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v1, patchSet: patchSet, resolvers: []) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v2, patchSet: patchSet) }
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v2, resolvers: ["here"]) }
        let short = Pivot(hash: [1], restart: .never)
        #expect(throws: QuorumError.malformedManifest) { try manifest(.v2, pivot: short) }
    }

    @Test("orders its environment by name, and has each name once")
    func environment() throws {
        let variables = try ["b", "a", "_", "B"].map { name throws(QuorumError) in
            try PivotVariable(name: name, value: "")
        }
        let made = try manifest(.v2, pivot: Pivot(hash: hash, restart: .never, environment: variables))
        #expect(made.pivot.environment.map(\.name) == ["B", "_", "a", "b"])
        #expect(try Manifest.decode(made.encoded()) == made)
        #expect(throws: QuorumError.badPivotEnvironment) {
            try manifest(.v2, pivot: Pivot(hash: hash, restart: .never, environment: variables + variables))
        }
    }
}
