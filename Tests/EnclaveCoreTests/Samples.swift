// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import Foundation
import Primitives
import Protocol
import Quorum
import SecretMemory

@testable import EnclaveCore

/// What many tests need; nothing that a test puts into secret memory is a secret.
enum Samples {
    static let library = WordlistLibrary()

    /// Registers of one byte each, as no enclave has them.
    static let measurements = Measurements(
        pcr0: [UInt8](repeating: 1, count: 48),
        pcr1: [UInt8](repeating: 2, count: 48),
        pcr2: [UInt8](repeating: 3, count: 48),
        pcr3: [UInt8](repeating: 4, count: 48),
        rootCertificate: AttestationRoot.development.certificate
    )

    /// Of no executable.
    static let applicationHash = [UInt8](repeating: 9, count: 32)

    /// An enclave's, always the same one.
    static func identity(
        _ policy: EnclavePolicy = .development,
        measurements: Measurements = measurements,
        applicationHash: [UInt8] = applicationHash
    ) -> EnclaveIdentity {
        EnclaveIdentity(
            identifier: Array(0..<16),
            applicationHash: applicationHash,
            measurements: measurements,
            policy: policy,
            sandbox: .init(seccomp: false, landlockABI: nil)
        )
    }

    /// An order for a fresh phrase.
    static func order(_ strength: SeedStrength, _ language: SeedLanguage) -> SeedOrder {
        SeedOrder(GenerateSeedRequest(strength: strength, language: language, passphrase: nil))
    }

    /// 32 bytes that depend on a number, so that tests can be repeated.
    static func entropy(_ strength: SeedStrength, _ number: Int) -> [UInt8] {
        Array(SHA256.digest(Array("entropy \(number)".utf8)).prefix(strength.entropyBytes))
    }

    static func mnemonic(_ entropy: [UInt8], _ arena: SecretArena) throws -> Mnemonic {
        let strength = try unwrap(SeedStrength(rawValue: UInt16(entropy.count * 8)))
        return try Mnemonic(strength: strength, arena: arena) { secret in
            secret.withMutableBytes { $0.copy(entropy.span, at: 0) }
        }
    }

    /// The phrase of an entropy as an answer has it.
    static func phrase(_ entropy: [UInt8], _ language: SeedLanguage) throws -> String {
        let arena = try SecretArena()
        let list = library[language]
        let phrase = try mnemonic(entropy, arena).phrase(in: list, separator: list.separator, arena: arena)
        return String(decoding: phrase.copied(), as: UTF8.self)
    }

    /// The phrase of twelve words that begins with these eleven; the last one is what the checksum makes of `rest`.
    ///
    /// - Parameter rest: the seven bits of entropy in the last word.
    static func phrase(of numbers: [Int], rest: Int, _ language: SeedLanguage) throws -> String {
        var bits = numbers.flatMap { number in (0..<11).map { number >> (10 - $0) & 1 } }
        bits += (0..<7).map { rest >> (6 - $0) & 1 }
        let entropy = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
        }
        return try phrase(entropy, language)
    }

    /// The words of a list.
    static func words(_ language: SeedLanguage) -> [String] {
        String(decoding: library[language].published, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    static func verdict(
        on phrase: [UInt8],
        _ language: SeedLanguage? = nil
    ) throws -> SeedVerdict {
        let arena = try SecretArena([.init(bytes: 64, slots: 1), .init(bytes: 4096, slots: 2)])
        var validation = try PhraseValidation(library: library, arena: arena)
        return try validation.verdict(on: phrase.span, language: language)
    }

    static func verdict(on phrase: String, _ language: SeedLanguage? = nil) throws -> SeedVerdict {
        try verdict(on: Array(phrase.utf8), language)
    }

    static func hex(_ text: String) throws -> [UInt8] {
        let digits = Array(text)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try unwrap(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
        }
    }

    private struct Absent: Error {}

    private static func unwrap<T>(_ value: T?) throws -> T {
        guard let value else { throw Absent() }
        return value
    }
}

extension Measurements {
    /// What a module measured.
    init(of module: any SecurityModule) throws {
        self.init(
            pcr0: try module.register(0),
            pcr1: try module.register(1),
            pcr2: try module.register(2),
            pcr3: try module.register(3),
            rootCertificate: module.rootCertificate
        )
    }
}

extension SecretArena {
    func secret(_ bytes: [UInt8]) throws -> SecretBytes {
        var secret: SecretBytes = try lend(count: bytes.count)
        secret.withMutableBytes { $0.copy(bytes.span, at: 0) }
        return secret
    }
}

extension SecretBytes {
    borrowing func copied() -> [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
}

extension SecretBuffer {
    borrowing func copied(_ range: Range<Int>) -> [UInt8] {
        withBytes { bytes in range.map { bytes[$0] } }
    }
}
