// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// Plain shares that members brought together, counted from 1 in the order in which their files were named.
struct GivenShares: ~Copyable {
    private let shares: ShareCollection

    /// Reads the shares.
    ///
    /// - Parameter names: paths, or `-` for standard input; at least two, which errors do not repeat.
    init(reading names: [String], in session: CommandSession) throws(CommandFailure) {
        var shares = try CommandFailure.making("shares") { () throws(QuorumError) in
            try ShareCollection(capacity: names.count, shareBytes: ShareCollection.seedShareBytes)
        }
        for (index, name) in names.enumerated() {
            let contents = try MemberFiles.readSecret(name, "share \(index + 1)", in: session)
            let share = try Self.share(in: contents, at: index + 1)
            try Self.append(share, to: &shares)
        }
        try Self.demandDistinct(Self.identifiers(of: shares))
        self.shares = shares
    }

    private static func share(in contents: borrowing SecretBytes, at place: Int) throws(CommandFailure) -> SecretBytes {
        let isSealed = contents.withBytes { $0.count == SealedShare.byteCount && Envelope.looksLikeEnvelope($0) }
        guard !isSealed else {
            throw .failed("Share \(place) is still encrypted.", hint: "Its member decrypts it: renclave share decrypt")
        }
        guard let share = try contents.withBytes({ (bytes) throws(CommandFailure) in try PlainShare.read(bytes) })
        else {
            throw .failed("Share \(place) is not a share: 33 bytes, raw, in hexadecimal or as a JSON array.")
        }
        return share
    }

    private static func append(
        _ share: borrowing SecretBytes,
        to shares: inout ShareCollection
    ) throws(CommandFailure) {
        do {
            try share.withBytes { (share) throws(QuorumError) in try shares.append(share) }
        } catch {
            throw error.failure(writing: "shares")
        }
    }

    /// The x of each share; no secret.
    private static func identifiers(of shares: borrowing ShareCollection) -> [UInt8] {
        (0..<shares.count).map { shares.withShare(at: $0) { $0[0] } }
    }

    private static func demandDistinct(_ identifiers: [UInt8]) throws(CommandFailure) {
        for (index, identifier) in identifiers.enumerated() {
            guard identifier != 0 else { throw .failed("Share \(index + 1) is not a share: its number is 0.") }
            if let first = identifiers.firstIndex(of: identifier), first < index {
                throw .failed("Share \(first + 1) and share \(index + 1) are both the share with number \(identifier).")
            }
        }
    }

    /// Holds each share against its hash.
    ///
    /// - Throws: ``CommandFailure`` that names the first wrong one and its member, or says how many are missing.
    borrowing func check(against record: GenesisRecord) throws(CommandFailure) {
        for (index, identifier) in Self.identifiers(of: shares).enumerated() {
            let place = Int(identifier) - 1
            guard record.shares.indices.contains(place) else {
                throw .failed(
                    "Share \(index + 1) is not of this genesis: it has number \(identifier) of \(record.shares.count)."
                )
            }
            let hash = shares.withShare(at: index) { SHA512.digest($0) }
            guard hash == record.shares[place].shareHash else {
                let alias = record.shares[place].member.alias.quoted
                throw .failed("Share \(index + 1) is not the one that \(alias) got in this genesis.")
            }
        }
        guard shares.count >= record.shareSet.threshold else {
            throw .failed("\(shares.count) shares are too few; \(record.shareSet.threshold) give the key.")
        }
    }

    /// The key that the shares give together.
    ///
    /// - Throws: ``CommandFailure`` where it is not the expected one.
    borrowing func key(expecting publicKey: QuorumPublicKey) throws(CommandFailure) -> QuorumKeyPair {
        let pair: QuorumKeyPair
        do {
            let seed = try shares.combined(memory: .guarded)
            pair = try seed.withBytes { (seed) throws(QuorumError) in try QuorumKeyPair(seed: seed) }
        } catch .badSecret {
            throw .otherKey
        } catch {
            throw error.failure(writing: "quorum key")
        }
        guard pair.publicKey == publicKey else { throw .otherKey }
        return pair
    }
}

extension CommandFailure {
    fileprivate static var otherKey: Self {
        .failed(
            "These shares do not give this quorum key, and nothing was written.",
            hint: "They are too few, or one of them is wrong; with --genesis a wrong one is named."
        )
    }
}
