// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

/// A phrase and what belongs to it, in locked memory until it has been sent.
struct GeneratedSeed: ~Copyable {
    let mnemonic: Mnemonic
    let phrase: SecretBytes
    let seed: SecretBytes?
    let language: SeedLanguage

    /// The message that announces the secrets, in the order in which they must follow.
    var result: SeedResult {
        SeedResult(
            strength: mnemonic.strength,
            language: language,
            phrase: SecretField(count: phrase.count),
            entropy: SecretField(count: mnemonic.strength.entropyBytes),
            seed: hasSeed ? SecretField(count: SeedStretching.seedBytes) : nil
        )
    }

    private var hasSeed: Bool {
        switch seed {
        case .some: true
        case .none: false
        }
    }

    /// Lends the BIP39 seed, where there is one.
    func withSeed(_ body: (borrowing Span<UInt8>) -> Void) {
        switch seed {
        case .some(let seed): seed.withBytes(body)
        case .none: break
        }
    }
}

/// What a phrase is made from, and how it is to be shown.
struct SeedOrder: Sendable {
    enum Source: Sendable {
        case fresh
        case derived(SeedDerivation, type: String, data: String)
    }

    let source: Source
    let strength: SeedStrength
    let language: SeedLanguage

    /// A phrase from fresh entropy.
    init(_ request: GenerateSeedRequest) {
        source = .fresh
        strength = request.strength
        language = request.language
    }

    /// The phrase that a quorum key determines.
    init(_ request: DeriveSeedRequest, from seeds: SeedDerivation) {
        source = .derived(seeds, type: request.seedType, data: request.seedData)
        strength = request.strength
        language = request.language
    }
}

extension Enclave {
    /// What a derived seed is to be made of.
    ///
    /// - Throws: ``EnclaveError/Reason/outOfRange``, ``EnclaveError/Reason/wrongState`` where no key is held,
    ///   ``EnclaveError/Reason/sealedSeedRequired`` where the rules let no phrase out in the clear.
    func order(_ request: DeriveSeedRequest) throws(EnclaveError) -> SeedOrder {
        let key = try read { state throws(EnclaveError) in
            try state.machine.admit(.deriveSeed)
            return state.holdings.key
        }
        guard !identity.policy.rules.sealsDerivedSeeds else { throw EnclaveError(.sealedSeedRequired) }
        guard let key else { throw EnclaveError(.internalFailure) }
        guard Limits.seedTypeBytes.contains(request.seedType.utf8.count) else {
            throw EnclaveError(.outOfRange, field: "seed_type")
        }
        guard Limits.seedDataBytes.contains(request.seedData.utf8.count) else {
            throw EnclaveError(.outOfRange, field: "seed_data")
        }
        return SeedOrder(request, from: key.seeds)
    }

    /// Makes a phrase; a few microseconds.
    ///
    /// - Throws: ``EnclaveError/Reason/entropyFailed``, ``EnclaveError/Reason/outOfSecureMemory``.
    func seed(_ order: SeedOrder) throws(EnclaveError) -> GeneratedSeed {
        let list = library[order.language]
        let mnemonic = try mnemonic(order)
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        return GeneratedSeed(mnemonic: mnemonic, phrase: phrase, seed: nil, language: order.language)
    }

    /// Makes a phrase and its BIP39 seed; about a millisecond, so for a worker only.
    ///
    /// - Parameters:
    ///   - passphrase: UTF-8 as received. It changes the seed, never the words.
    ///   - scratch: the worker's.
    /// - Throws: ``EnclaveError/Reason/outOfRange`` for a passphrase that is not UTF-8 or too long, and what
    ///   ``seed(_:)`` throws.
    func seed(
        _ order: SeedOrder,
        passphrase: borrowing SecretBytes,
        scratch: inout SecretBuffer
    ) throws(EnclaveError) -> GeneratedSeed {
        let list = library[order.language]
        let mnemonic = try mnemonic(order)
        // NFKD turns the ideographic space into a plain one; the words are in NFKD already.
        let normalized = try mnemonic.phrase(in: list, separator: [0x20], arena: arena)
        let seed = try SeedStretching.seed(
            phrase: normalized,
            passphrase: passphrase,
            scratch: &scratch,
            arena: arena
        )
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        return GeneratedSeed(mnemonic: mnemonic, phrase: phrase, seed: seed, language: order.language)
    }

    /// Judges a phrase.
    ///
    /// - Throws: ``EnclaveError/Reason/outOfRange`` for a phrase that is empty or not UTF-8.
    func validateSeed(
        _ request: ValidateSeedRequest,
        phrase: borrowing Span<UInt8>
    ) throws(EnclaveError) -> SeedVerdict {
        var validation = try PhraseValidation(library: library, arena: arena)
        return try validation.verdict(on: phrase, language: request.language)
    }

    private func mnemonic(_ order: SeedOrder) throws(EnclaveError) -> Mnemonic {
        try Mnemonic(strength: order.strength, arena: arena) { secret throws(EnclaveError) in
            switch order.source {
            case .fresh:
                do throws(PrimitiveError) {
                    try entropy.draw(into: &secret)
                } catch {
                    throw EnclaveError(lower: error)
                }
            case .derived(let seeds, let type, let data):
                secret.withMutableBytes { seeds.derive(type: type, data: data, into: &$0) }
            }
        }
    }
}
