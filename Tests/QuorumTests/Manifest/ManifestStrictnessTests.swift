// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("Unknown members of a manifest")
struct ManifestStrictnessTests {
    static let levels = [
        "", "namespace", "pivot", "pivot.bridgeConfig.0", "pivot.bridgeConfig.1", "pivot.env", "pivot.env.ALPHA",
        "pivot.env.ALPHA.plain", "manifestSet", "manifestSet.members.0", "shareSet", "shareSet.members.2", "enclave",
        "dns",
    ]
    static let olderLevels = [
        "", "namespace", "pivot", "manifestSet", "manifestSet.members.0", "shareSet", "shareSet.members.2", "enclave",
        "patchSet", "patchSet.members.0",
    ]
    static let envelopeLevels = ["", "manifestSetApprovals.0", "manifestSetApprovals.1.member"]

    private let unknown = JSONValue.string("unknown")

    private func adding(_ path: String, to json: JSONValue) throws -> [UInt8] {
        let changed = json.changing(path) { $0.setting("unknown", to: unknown) }
        try #require(changed != json, "no such level: \(path)")
        return changed.compact()
    }

    @Test("are refused in version 2", arguments: levels)
    func refused(path: String) throws {
        let vector = try ManifestVectors.version(.v2)
        let bytes = try adding(path, to: vector.json)
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(bytes) }
        let envelope = try adding(path.isEmpty ? "manifest" : "manifest.\(path)", to: try #require(vector.envelope))
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(envelope) }
    }

    @Test("are refused in an envelope of version 2", arguments: envelopeLevels)
    func refusedInEnvelope(path: String) throws {
        let bytes = try adding(path, to: try #require(try ManifestVectors.version(.v2).envelope))
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(bytes) }
    }

    @Test("are ignored in version 0 and 1", arguments: olderLevels)
    func ignored(path: String) throws {
        for version in [ManifestVersion.v0, .v1] {
            let vector = try ManifestVectors.version(version)
            let manifest = try Manifest.decode(adding(path, to: vector.json))
            #expect(try manifest == vector.manifest)
            #expect(manifest.hash() == vector.hash)
        }
    }

    @Test("are ignored in bridges of version 1", arguments: ["pivot.bridgeConfig.0", "pivot.bridgeConfig.1"])
    func ignoredInBridges(path: String) throws {
        let vector = try ManifestVectors.version(.v1)
        #expect(try Manifest.decode(adding(path, to: vector.json)) == vector.manifest)
    }

    @Test("are ignored in envelopes of version 0 and 1", arguments: envelopeLevels)
    func ignoredInEnvelope(path: String) throws {
        for version in [ManifestVersion.v0, .v1] {
            let envelope = try #require(try ManifestVectors.version(version).envelope)
            let path = version == .v0 ? path.replacing("manifestSetApprovals", with: "manifest_set_approvals") : path
            #expect(
                try ManifestEnvelope.decode(adding(path, to: envelope)) == ManifestEnvelope.decode(envelope.compact()))
        }
    }

    @Test("are those too that only look like a known one")
    func lookAlike() throws {
        let json = try ManifestVectors.version(.v2).json
        // The Kelvin sign is the canonical equivalent of K.
        let renamed = json.changing("namespace") { namespace in
            namespace.setting("quorum\u{212A}ey", to: namespace.member("quorumKey"))
        }
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(renamed.compact()) }
    }

    @Test("do not stand for known ones: each that is needed is asked for", arguments: try ManifestVectors.all())
    func missing(vector: ManifestVector) throws {
        for path in Self.levels + ["patchSet"] where !path.hasPrefix("pivot.env") && path != "dns" {
            var members: [JSONMember] = []
            _ = vector.json.changing(path) { value in
                members = (try? value.members()) ?? []
                return value
            }
            // A pivot without them is one of version 0; a client's bridge needs no host.
            for name in members.map(\.name) where !["bridgeConfig", "debugMode", "env", "dns"].contains(name) {
                let bytes = vector.json.changing(path) { $0.setting(name, to: nil) }.compact()
                if vector.version == .v1, path.hasPrefix("pivot.bridgeConfig") {
                    #expect(try Manifest.decode(bytes).version == .v0)
                } else {
                    #expect(throws: QuorumError.malformedManifest, "\(path).\(name)") { try Manifest.decode(bytes) }
                }
            }
        }
    }
}
