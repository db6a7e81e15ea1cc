// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

/// Judges the shares of one call, one by one, each on its own merits: a wrong one disturbs neither those held nor those
/// beside it.
struct ShareJudge {
    typealias Flaw = InjectSharesResult.Flaw

    private let manifest: AdoptedManifest
    private let setupKey: QuorumKeyPair
    private let genesis: GenesisAnswer?
    private let rules: TrustRules
    private let arena: SecretArena

    /// Those held before, and those accepted since, by the member's place.
    private(set) var held: [Int: HeldShare]

    /// - Parameter holdings: must have a manifest and a setup key.
    /// - Throws: ``EnclaveError/Reason/internalFailure``.
    init(_ holdings: Holdings, rules: TrustRules, arena: SecretArena) throws(EnclaveError) {
        guard let manifest = holdings.manifest, let setupKey = holdings.bootKeys?.setup else {
            throw EnclaveError(.internalFailure)
        }
        self.manifest = manifest
        self.setupKey = setupKey
        genesis = holdings.genesisAnswer
        self.rules = rules
        self.arena = arena
        held = holdings.shares
    }

    /// Accepts a share, or says what is wrong with it.
    ///
    /// - Throws: ``EnclaveError/Reason/outOfSecureMemory`` and other failures of the machine.
    mutating func judge(_ share: BroughtShare) throws(EnclaveError) -> Flaw? {
        guard let place = manifest.checked.shareSet.index(ofAlias: share.memberAlias) else { return .unknownMember }
        switch share.form {
        case .plain(let secret):
            guard !rules.requiresSealedShares else { return .sealedShareRequired }
            return try secret.withBytes { bytes throws(EnclaveError) in
                if Envelope.looksLikeEnvelope(bytes) { return .shareStillEncrypted }
                return try accept(bytes, from: place)
            }
        case .sealed(let ciphertext, let approval):
            if let flaw = try judge(approval, of: ciphertext, from: place) { return flaw }
            guard let opened = try open(ciphertext) else {
                return isOfTheGenesis(ciphertext) ? .shareStillEncrypted : .badShare
            }
            return try opened.withBytes { bytes throws(EnclaveError) in try accept(bytes, from: place) }
        }
    }

    /// Whether the approval is the member's; QuorumOS's form, a signature over the manifest's hash, counts where the
    /// rules do not ask for more.
    private func judge(
        _ approval: [UInt8]?,
        of ciphertext: [UInt8],
        from place: Int
    ) throws(EnclaveError) -> Flaw? {
        guard let approval else { return rules.requiresSealedShares ? .approvalRequired : nil }
        let key = manifest.checked.shareSet.keys[place]
        let message = ShareApproval.message(
            manifestHash: manifest.checked.hash, ephemeralKey: setupKey.publicKey, sealedShare: ciphertext)
        if try isValid(approval, of: message, by: key) { return nil }
        guard !rules.requiresSealedShares, try isValid(approval, of: manifest.checked.hash, by: key) else {
            return .badApproval
        }
        return nil
    }

    private func isValid(
        _ signature: [UInt8], of message: [UInt8], by key: QuorumPublicKey
    ) throws(EnclaveError) -> Bool {
        do {
            try key.verify(signature, of: message)
            return true
        } catch {
            if error.isOfTheMachine { throw EnclaveError(lower: error) }
            return false
        }
    }

    private func open(_ ciphertext: [UInt8]) throws(EnclaveError) -> SecretBytes? {
        do {
            return try setupKey.open(ciphertext, memory: .arena(arena))
        } catch {
            if error.isOfTheMachine { throw EnclaveError(lower: error) }
            return nil
        }
    }

    /// Whether a ciphertext is one that the genesis gave to a member, who has not decrypted it.
    private func isOfTheGenesis(_ ciphertext: [UInt8]) -> Bool {
        genesis?.encryptedShares.contains { $0.ciphertext == ciphertext } ?? false
    }

    private mutating func accept(_ share: borrowing Span<UInt8>, from place: Int) throws(EnclaveError) -> Flaw? {
        guard share.count == ShareCollection.seedShareBytes else { return .badShare }
        let identifier = Int(share[0])
        if let commitments = manifest.commitments {
            let hash = SHA512.digest(share)
            guard place < commitments.shares.count else { return .badShare }
            let committed = commitments.shares[place].shareHash
            guard identifier == place + 1, ConstantTime.equal(hash.span, committed.span) else { return .badShare }
        }
        guard (1...manifest.checked.shareSet.keys.count).contains(identifier) else { return .badShare }
        for (other, held) in held {
            // The same share again is no news; another one of a member or of an x would take somebody's place.
            if other == place { return held.isEqual(to: share) ? nil : .badShare }
            guard held.identifier != share[0] else { return .badShare }
        }
        held[place] = try HeldShare(share)
        return nil
    }
}
