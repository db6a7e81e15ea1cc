// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory

extension Enclave {
    /// Whether shares of a namespace are awaited, before they are looked at.
    ///
    /// - Throws: as ``injectShares(namespace:_:)``.
    func expectShares(for namespace: EnclaveInfo.Namespace) throws(EnclaveError) {
        let manifest = try read { $0.holdings.manifest }
        guard let manifest else { throw EnclaveError(.internalFailure) }
        try check(namespace, against: manifest)
    }

    /// Judges shares, keeps those that are good, and rebuilds the key once there are enough.
    ///
    /// - Throws: ``EnclaveError/Reason/namespaceMismatch``, ``EnclaveError/Reason/manifestNotApproved``, or what the
    ///   machine could not do; nothing has then changed.
    func injectShares(
        namespace: EnclaveInfo.Namespace,
        _ shares: [BroughtShare]
    ) throws(EnclaveError) -> InjectSharesResult {
        let outcome = try change(for: .injectShares) { state throws(EnclaveError) in
            guard let manifest = state.holdings.manifest else { throw EnclaveError(.internalFailure) }
            try check(namespace, against: manifest)
            var judge = try ShareJudge(state.holdings, rules: identity.policy.rules, arena: arena)
            var judgements: [InjectSharesResult.Judgement] = []
            for share in shares {
                judgements.append(.init(memberAlias: share.memberAlias, flaw: try judge.judge(share)))
            }
            let held = judge.held
            guard held.count >= manifest.checked.shareSet.threshold, held.count > state.holdings.shares.count else {
                return Self.keeping(held, manifest, judgements)
            }
            guard let pair = try rebuild(from: held), pair.publicKey == manifest.checked.quorumKey else {
                return Self.dropping(state.holdings, manifest, judgements)
            }
            do throws(QuorumError) {
                let key = try ProvisionedKey(pair, namespaceName: manifest.checked.manifest.namespace.name)
                return Self.providing(
                    key, sharesUsed: held.count, manifest, keys: state.holdings.bootKeys, judgements)
            } catch {
                throw EnclaveError(lower: error)
            }
        }
        return try outcome.get()
    }

    private func check(_ namespace: EnclaveInfo.Namespace, against manifest: AdoptedManifest) throws(EnclaveError) {
        let own = manifest.checked.manifest.namespace
        guard namespace.name.utf8.elementsEqual(own.name.utf8) else {
            throw EnclaveError(.namespaceMismatch, field: "namespace_name")
        }
        guard namespace.nonce == own.nonce else { throw EnclaveError(.namespaceMismatch, field: "namespace_nonce") }
        guard !identity.policy.rules.requiresApprovals || manifest.isApproved else {
            throw EnclaveError(.manifestNotApproved)
        }
    }

    /// The key that all shares held give together; `nil` where they give none.
    private func rebuild(from held: [Int: HeldShare]) throws(EnclaveError) -> QuorumKeyPair? {
        do {
            var collection = try ShareCollection(capacity: held.count, shareBytes: ShareCollection.seedShareBytes)
            for share in held.values {
                try share.withBytes { bytes throws(QuorumError) in try collection.append(bytes) }
            }
            let seed = try collection.combined(memory: .arena(arena))
            return try seed.withBytes { bytes throws(QuorumError) in try QuorumKeyPair(seed: bytes) }
        } catch {
            if error.isOfTheMachine { throw EnclaveError(lower: error) }
            return nil
        }
    }

    // MARK: What comes of it

    private typealias Outcome = Change<Result<InjectSharesResult, EnclaveError>>

    /// Too few so far, or nothing new.
    private static func keeping(
        _ held: [Int: HeldShare],
        _ manifest: AdoptedManifest,
        _ judgements: [InjectSharesResult.Judgement]
    ) -> Outcome {
        let result = InjectSharesResult(
            phase: .waitingForQuorumShards,
            sharesReceived: UInt32(held.count),
            threshold: manifest.checked.shareSet.set.threshold,
            judgements: judgements,
            quorumPublicKey: nil,
            isOtherKey: false
        )
        return Change(value: .success(result)) { state, _ in state.holdings.shares = held }
    }

    /// The shares give another key. Without commitments one of them was wrong, and nobody can tell which. Commitments
    /// that somebody brought show only that the holder of the manifest's key signed hashes, which can be anybody's. But
    /// those that this enclave made and checked itself cannot be contradicted while it works.
    private static func dropping(
        _ holdings: Holdings,
        _ manifest: AdoptedManifest,
        _ judgements: [InjectSharesResult.Judgement]
    ) -> Outcome {
        guard holdings.genesisAnswer == nil else {
            return Change(value: .failure(EnclaveError(.internalFailure))) { state, now throws(EnclaveError) in
                try state.fail(at: now)
            }
        }
        let result = InjectSharesResult(
            phase: .waitingForQuorumShards,
            sharesReceived: 0,
            threshold: manifest.checked.shareSet.set.threshold,
            judgements: judgements,
            quorumPublicKey: nil,
            isOtherKey: true
        )
        return Change(value: .success(result)) { state, _ in state.holdings.shares = [:] }
    }

    /// The key is whole: shares, setup key and genesis answer go.
    private static func providing(
        _ key: ProvisionedKey,
        sharesUsed: Int,
        _ manifest: AdoptedManifest,
        keys: BootKeys?,
        _ judgements: [InjectSharesResult.Judgement]
    ) -> Outcome {
        let result = InjectSharesResult(
            phase: .applicationReady,
            sharesReceived: UInt32(sharesUsed),
            threshold: manifest.checked.shareSet.set.threshold,
            judgements: judgements,
            quorumPublicKey: key.pair.publicKey.bytes,
            isOtherKey: false
        )
        return Change(value: .success(result)) { state, now throws(EnclaveError) in
            try state.machine.enter(.quorumKeyProvisioned, at: now)
            try state.machine.enter(.applicationReady, at: now)
            state.holdings = Holdings(
                manifest: manifest, bootKeys: keys?.provisioned, sharesUsed: sharesUsed, key: key)
        }
    }
}
