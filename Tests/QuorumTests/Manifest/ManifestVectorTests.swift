// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

@Suite("Manifests of QuorumOS")
struct ManifestVectorTests {
    @Test("have their published hash, read from JSON", arguments: try ManifestVectors.all())
    func hashes(vector: ManifestVector) throws {
        let manifest = try vector.manifest
        #expect(manifest.version == vector.version)
        #expect(manifest.hash() == vector.hash)
    }

    @Test("hash as worked out by hand")
    func workedHashes() throws {
        let hashes = try ManifestVectors.all().map { Hex.encode(try $0.manifest.hash()) }
        #expect(
            hashes == [
                "cf5bf1ae8cfbcd75adf506b53cb60f1dcf7a99593ef12430f905ecab078f5eac",
                "18d92a489c19df71f6a05c6e59c91ae90bbc7f2ed640e74a9d5fb62239de3396",
                "f0b9cab413e884b9b7703e60553cdbb8a717860f6f5525a47d6b750ae25030bc",
                "96fb9c4368379baf96946849a82561733b984377a25bbb4a0c52463bc3da30ab",
            ])
    }

    @Test("are one value in JSON and in Borsh", arguments: try ManifestVectors.all())
    func borsh(vector: ManifestVector) throws {
        guard let borsh = vector.borsh else { return }
        let manifest = try Manifest.decode(borsh)
        #expect(try manifest == vector.manifest)
        #expect(manifest.borsh() == borsh)
        #expect(manifest.hash() == vector.hash)
    }

    @Test("are stored as they were", arguments: try ManifestVectors.all())
    func storage(vector: ManifestVector) throws {
        let manifest = try vector.manifest
        #expect(manifest.encoded() == vector.canonical ?? vector.json.compact())
        #expect(try Manifest.decode(manifest.encoded()) == manifest)
    }

    @Test("are read and stored in their envelopes", arguments: try ManifestVectors.all())
    func envelopes(vector: ManifestVector) throws {
        guard let json = vector.envelope else { return }
        let envelope = try ManifestEnvelope.decode(json.compact())
        #expect(try envelope.manifest == vector.manifest)
        #expect(envelope.manifestSetApprovals.count == 2)
        #expect(envelope.shareSetApprovals.isEmpty)
        #expect(envelope.encoded() == (vector.version == .v2 ? json.canonical() : json.compact()))
        #expect(try ManifestEnvelope.decode(envelope.encoded()) == envelope)
        if let borsh = vector.borsh {
            #expect(envelope.borsh.starts(with: borsh))
            #expect(try ManifestEnvelope.decode(envelope.borsh) == envelope)
        }
    }

    @Test("approvals in them are by the published hash", arguments: try ManifestVectors.all())
    func approvals(vector: ManifestVector) throws {
        guard let json = vector.envelope else { return }
        for approval in try ManifestEnvelope.decode(json.compact()).manifestSetApprovals {
            #expect(approval.signature.count == 64)
            #expect(try vector.manifest.manifestSet.members.contains(approval.member))
        }
    }

    @Test("another spelling of version 2 has the same hash, once nothing unknown stands in it")
    func otherSpelling() throws {
        let minimal = try ManifestVectors.file("manifests.json").required("v2_minimal")
        let spelling = try minimal.required("same_hash_spelling")
        #expect(throws: QuorumError.malformedManifest) { try Manifest.decode(spelling.compact()) }
        let known = spelling.changing("namespace") { $0.setting("ignored", to: nil) }
        let manifest = try Manifest.decode(known.compact())
        #expect(try manifest.hash() == minimal.required("hash").hexBytes())
        #expect(try manifest.encoded() == Array(minimal.required("canonical").text().utf8))
    }

    @Test("may have integers as text in every version", arguments: try ManifestVectors.all())
    func integersAsText(vector: ManifestVector) throws {
        let canonical = vector.json.canonical()
        #expect(String(decoding: canonical, as: UTF8.self).contains(#""nonce":"3""#))
        #expect(try Manifest.decode(canonical) == vector.manifest)
        let spelled = vector.json.changing("namespace.nonce") { _ in .string("+0003") }
        #expect(try Manifest.decode(spelled.compact()).hash() == vector.hash)
    }

    @Test("differ in hash between version 0 and the same in version 1")
    func conversion() throws {
        let old = try ManifestVectors.version(.v0).manifest
        let converted = try Manifest(
            version: .v1, namespace: old.namespace, pivot: old.pivot, manifestSet: old.manifestSet,
            shareSet: old.shareSet, enclave: old.enclave, patchSet: old.patchSet)
        #expect(converted.borsh().count == old.borsh().count + 5)
        #expect(converted.hash() != old.hash())
    }
}
