// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("Damaged manifests")
struct ManifestDamageTests {
    /// Whatever was read is written and read again as the same.
    private func check(_ bytes: [UInt8]) throws {
        if let manifest = try? Manifest.decode(bytes) {
            let again = try Manifest.decode(manifest.encoded())
            #expect(again == manifest)
            #expect(again.hash() == manifest.hash())
        }
        if let envelope = try? ManifestEnvelope.decode(bytes) {
            #expect(try ManifestEnvelope.decode(envelope.encoded()) == envelope)
        }
    }

    @Test("are refused wherever their Borsh ends early or goes on", arguments: try ManifestVectors.all())
    func borshTruncations(vector: ManifestVector) throws {
        guard let manifest = vector.borsh, let json = vector.envelope else { return }
        let envelope = try ManifestEnvelope.decode(json.compact()).borsh
        for count in manifest.indices {
            #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(Array(manifest.prefix(count))) }
        }
        for count in envelope.indices {
            #expect(throws: QuorumError.malformedManifest) {
                try ManifestEnvelope.decode(Array(envelope.prefix(count)))
            }
        }
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(manifest + [0]) }
        #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(envelope + [0]) }
    }

    @Test("are refused wherever their JSON ends early or goes on", arguments: try ManifestVectors.all())
    func jsonTruncations(vector: ManifestVector) throws {
        let bytes = vector.json.compact()
        for count in bytes.indices {
            #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(Array(bytes.prefix(count))) }
        }
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(bytes + [UInt8(ascii: "}")]) }
        #expect(try Manifest.decode(bytes + [UInt8(ascii: "\n")]).hash() == vector.hash)
    }

    @Test("are refused wherever the JSON of their envelope ends early", arguments: try ManifestVectors.all())
    func envelopeTruncations(vector: ManifestVector) throws {
        guard let bytes = vector.envelope?.compact() else { return }
        for count in bytes.indices {
            #expect(throws: QuorumError.malformedManifest) { try ManifestEnvelope.decode(Array(bytes.prefix(count))) }
        }
    }

    @Test("are read in full or refused after random changes", arguments: try ManifestVectors.all())
    func mutatedVectors(vector: ManifestVector) throws {
        var source = MutationSource(seed: 1)
        let documents = [vector.borsh, vector.canonical, vector.json.compact(), vector.envelope?.compact()]
        for document in documents.compactMap(\.self) {
            for _ in 0..<300 { try check(source.mutation(of: document)) }
        }
    }

    @Test("are so too where each byte tells", arguments: [ManifestVersion.v0, .v1, .v2])
    func mutatedSmall(version: ManifestVersion) throws {
        var source = MutationSource(seed: 2)
        let manifest = try ManifestVectors.small(version)
        let envelope = try ManifestVectors.smallEnvelope(version)
        var documents = [manifest.encoded(), envelope.encoded()]
        if version != .v2 { documents += [manifest.borsh(), envelope.borsh] }
        for document in documents {
            for _ in 0..<1_500 { try check(source.mutation(of: document)) }
        }
    }

    @Test("small ones are the same in each form", arguments: [ManifestVersion.v0, .v1, .v2])
    func small(version: ManifestVersion) throws {
        let manifest = try ManifestVectors.small(version)
        let envelope = try ManifestVectors.smallEnvelope(version)
        #expect(try Manifest.decode(manifest.encoded()) == manifest)
        #expect(try ManifestEnvelope.decode(envelope.encoded()) == envelope)
        guard version != .v2 else { return }
        #expect(try Manifest.decode(manifest.borsh()) == manifest)
        #expect(try ManifestEnvelope.decode(envelope.borsh) == envelope)
    }
}
