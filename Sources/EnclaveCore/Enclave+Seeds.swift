// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
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

extension Enclave {
    /// Makes a phrase from fresh entropy; a few microseconds.
    ///
    /// - Throws: ``EnclaveError/Reason/entropyFailed``, ``EnclaveError/Reason/outOfSecureMemory``.
    func generateSeed(_ request: GenerateSeedRequest) throws(EnclaveError) -> GeneratedSeed {
        let list = library[request.language]
        let mnemonic = try freshMnemonic(request.strength)
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        return GeneratedSeed(mnemonic: mnemonic, phrase: phrase, seed: nil, language: request.language)
    }

    /// Makes a phrase from fresh entropy, and its BIP39 seed; about a millisecond, so for a worker only.
    ///
    /// - Parameters:
    ///   - passphrase: UTF-8 as received. It changes the seed, never the words.
    ///   - scratch: the worker's.
    /// - Throws: ``EnclaveError/Reason/outOfRange`` for a passphrase that is not UTF-8 or too long, and what
    ///   ``generateSeed(_:)`` throws.
    func generateSeed(
        _ request: GenerateSeedRequest,
        passphrase: borrowing SecretBytes,
        scratch: inout SecretBuffer
    ) throws(EnclaveError) -> GeneratedSeed {
        let list = library[request.language]
        let mnemonic = try freshMnemonic(request.strength)
        // NFKD turns the ideographic space into a plain one; the words are in NFKD already.
        let normalized = try mnemonic.phrase(in: list, separator: [0x20], arena: arena)
        let seed = try SeedStretching.seed(
            phrase: normalized,
            passphrase: passphrase,
            scratch: &scratch,
            arena: arena
        )
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        return GeneratedSeed(mnemonic: mnemonic, phrase: phrase, seed: seed, language: request.language)
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

    private func freshMnemonic(_ strength: SeedStrength) throws(EnclaveError) -> Mnemonic {
        try Mnemonic(strength: strength, arena: arena) { secret throws(EnclaveError) in
            try entropy.draw(into: &secret)
        }
    }
}
