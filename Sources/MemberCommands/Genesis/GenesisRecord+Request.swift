// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

extension GenesisRecord {
    /// Compares the genesis with what this member knows to have been asked for.
    ///
    /// - Throws: ``CommandFailure`` that lists every difference.
    func compare(with request: GenesisRequest) throws(CommandFailure) {
        let found = differences(from: request)
        guard found.isEmpty else {
            throw .differing("The genesis is not the one that the request asks for; nothing was decrypted.", found)
        }
    }

    /// What of the genesis was not asked for, each as a sentence without its end.
    func differences(from request: GenesisRequest) -> [String] {
        let found = Self.differences(in: shareSet.set, from: request.shareSet, named: "share set")
        return found + recoveryKeyDifferences(from: request)
            + (manifest.map { Self.differences(in: $0.manifest, from: request) } ?? [])
    }

    private func recoveryKeyDifferences(from request: GenesisRequest) -> [String] {
        switch (recoveryKey, request.recoveryKey) {
        case (.none, nil), (.unnamed, .some): []
        case (.key(let key), .some(let asked)) where key == asked: []
        case (.none, .some): ["no disaster recovery key was used, although one was asked for"]
        case (_, nil): ["the seed is also sealed to a disaster recovery key that nobody asked for"]
        case (_, .some): ["the disaster recovery key is another one"]
        }
    }

    /// The same of all that a manifest says besides its share set.
    private static func differences(in manifest: Manifest, from request: GenesisRequest) -> [String] {
        var found: [String] = []
        let (name, nonce) = (manifest.namespace.name, manifest.namespace.nonce)
        if !name.utf8.elementsEqual(request.namespaceName.utf8) {
            found.append("the namespace is \(name.spelled), not \(request.namespaceName.spelled)")
        }
        if nonce != request.namespaceNonce { found.append("the nonce is \(nonce), not \(request.namespaceNonce)") }
        found += differences(in: manifest.manifestSet, from: request.manifestSet, named: "manifest set")
        if request.namesPivot, let hash = request.pivotHash, hash != manifest.pivot.hash {
            found.append("the pivot's hash is \(Hex.encode(manifest.pivot.hash)), not \(Hex.encode(hash))")
        }
        // A genesis asks for nothing else of a manifest.
        let plain = Pivot(hash: manifest.pivot.hash, restart: .never, arguments: request.pivotArguments)
        if manifest.pivot != plain {
            found.append("the pivot has other arguments, or a restart, bridges, debugging or an environment")
        }
        if manifest.resolvers != nil || manifest.patchSet != nil {
            found.append("the manifest names resolvers or a patch set")
        }
        if !manifest.enclave.qosCommit.utf8.starts(with: "renclave ".utf8) {
            found.append("the manifest's commit is \(manifest.enclave.qosCommit.spelled), and not that of a renclave")
        }
        return found
    }

    private static func differences(in set: MemberSet, from asked: MemberSet, named name: String) -> [String] {
        var found: [String] = []
        if set.threshold != asked.threshold {
            found.append("the \(name)'s threshold is \(set.threshold), not \(asked.threshold)")
        }
        if set.members.count != asked.members.count {
            found.append("the \(name) has \(set.members.count) members, not \(asked.members.count)")
        }
        for (index, pair) in zip(set.members, asked.members).enumerated() where pair.0 != pair.1 {
            let (alias, other) = (pair.0.alias.spelled, pair.1.alias.spelled)
            found.append(
                alias.utf8.elementsEqual(other.utf8)
                    ? "member \(index + 1) of the \(name), \(alias), has another key"
                    : "member \(index + 1) of the \(name) is \(alias), not \(other)"
            )
        }
        return found
    }
}

extension CommandFailure {
    /// Something that is not what was asked for.
    static func differing(_ sentence: String, _ differences: [String]) -> Self {
        .refused(sentence, details: differences.map { Detail(label: "differs", text: $0) })
    }
}
