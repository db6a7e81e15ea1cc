// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("The version of a manifest")
struct ManifestDetectionTests {
    static let otherVersions: [JSONValue] = [
        .string("v0"), .string("v1"), .string("v3"), .string("V2"), .string("2"), .string(""),
        .integer(JSONInteger(2 as UInt64)),
        .null, .bool(true), .array([]), .object([]),
    ]

    @Test("is two or nothing where the JSON says one", arguments: otherVersions)
    func otherVersion(version: JSONValue) throws {
        for vector in try ManifestVectors.all() {
            let manifest = vector.json.setting("version", to: version)
            #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(manifest.compact()) }
            guard let envelope = vector.envelope?.setting("manifest", to: manifest) else { continue }
            #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(envelope.compact()) }
        }
    }

    @Test("is not taken from an older manifest that says two")
    func olderSayingTwo() throws {
        for version in [ManifestVersion.v0, .v1] {
            let manifest = try ManifestVectors.version(version).json.setting("version", to: .string("v2"))
            #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(manifest.compact()) }
        }
    }

    @Test("is not two where the JSON says none")
    func missingVersion() throws {
        let manifest = try ManifestVectors.version(.v2).json.setting("version", to: nil)
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(manifest.compact()) }
    }

    @Test("is zero where bridges or debug mode are missing", arguments: ["bridgeConfig", "debugMode"])
    func withoutBridges(name: String) throws {
        let json = try ManifestVectors.version(.v1).json.changing("pivot") { $0.setting(name, to: nil) }
        let manifest = try Manifest.decode(json.compact())
        #expect(manifest.version == .v0)
        #expect(manifest.pivot.bridges.isEmpty)
    }

    @Test("gives an envelope the names of its approvals")
    func envelopeNames() throws {
        let old = try ManifestVectors.version(.v0)
        let renamed = try #require(old.envelope)
            .setting("manifestSetApprovals", to: .array([])).setting("shareSetApprovals", to: .array([]))
            .setting("manifest_set_approvals", to: nil).setting("share_set_approvals", to: nil)
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(renamed.compact()) }
        let new = try #require(try ManifestVectors.version(.v1).envelope).setting("shareSetApprovals", to: nil)
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(new.compact()) }
    }

    @Test("is ambiguous for Borsh that both older versions read")
    func ambiguity() {
        // No name, nonce or key; 32 bytes of hash; never restarted; no arguments, or no bridges.
        var bytes = [UInt8](repeating: 0, count: 4 + 4 + 4 + 32 + 1 + 4)
        // Version 0 sees empty sets and a PCR0 of five bytes, version 1 a share threshold of 5 · 2²⁴ and nothing else.
        var rest = [UInt8](repeating: 0, count: 53)
        rest[16] = 5
        bytes += rest
        #expect(throws: QuorumError.ambiguousManifest) { try Manifest.decode(bytes) }
        #expect(throws: QuorumError.ambiguousManifest) {
            try ManifestEnvelope.decode(bytes + [UInt8](repeating: 0, count: 8))
        }
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(bytes + [0]) }
    }

    @Test(
        "is none of what is neither JSON nor Borsh",
        arguments: ["", "{}", "[]", "null", "\"v2\"", "{", "{\"manifest\":{}}", "\u{FEFF}{}"])
    func neither(text: String) {
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(Array(text.utf8)) }
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(Array(text.utf8)) }
    }

    @Test("refuses counts that the bytes cannot hold, without allocating for them")
    func hugeCounts() throws {
        let manifest = try ManifestVectors.small(.v1)
        let borsh = manifest.borsh()
        for offset in 0...(borsh.count - 4) {
            var bytes = borsh
            bytes.replaceSubrange(offset..<offset + 4, with: [0xff, 0xff, 0xff, 0xff])
            // Some of these bytes are no count: what is read then is what was written.
            guard let read = try? Manifest.decode(bytes) else { continue }
            #expect(read.borsh() == bytes)
        }
    }
}
