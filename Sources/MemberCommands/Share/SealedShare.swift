// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// A member's share as it was sealed to the member, with what is known of it.
struct SealedShare {
    /// What a genesis said of a share.
    struct Expectation {
        /// Its x.
        let identifier: UInt8
        /// SHA-512 of the plain share.
        let hash: [UInt8]
    }

    /// An envelope of a share of a master seed.
    static let byteCount = Envelope.overhead + ShareCollection.seedShareBytes

    let envelope: [UInt8]
    /// nil for a share that was kept without its genesis.
    let expectation: Expectation?

    /// Opens the share and holds it against what is known of it.
    ///
    /// - Returns: 33 bytes.
    func open(with key: QuorumKeyPair) throws(CommandFailure) -> SecretBytes {
        let share = try plain(with: key)
        let flaw: CommandFailure? = share.withBytes { self.flaw(in: $0) }
        if let flaw { throw flaw }
        return share
    }

    private func plain(with key: QuorumKeyPair) throws(CommandFailure) -> SecretBytes {
        guard envelope.count == Self.byteCount, Envelope.looksLikeEnvelope(envelope.span) else {
            throw .failed("This is not an encrypted share, which is an envelope of \(Self.byteCount) bytes.")
        }
        do {
            return try key.open(envelope, memory: .guarded)
        } catch .cannotDecrypt {
            throw .failed(
                "The share is encrypted to another key than this one, or was changed.",
                hint: "This key's fingerprint is \(Hex.encode(key.publicKey.fingerprint))."
            )
        } catch .badEnvelopePoint {
            throw .failed("The share was changed: the sender's key in it is not on the curve.")
        } catch {
            throw error.failure(writing: "share")
        }
    }

    private func flaw(in share: borrowing Span<UInt8>) -> CommandFailure? {
        guard share.count == ShareCollection.seedShareBytes, share[0] != 0 else {
            return .failed("What was encrypted to this key is not a share of a quorum key.")
        }
        guard let expectation else { return nil }
        guard SHA512.digest(share) == expectation.hash else {
            return .failed("The share is not the one that the genesis committed to: its hash differs.")
        }
        guard share[0] == expectation.identifier else {
            return .failed("The share has number \(share[0]), but this member's is \(expectation.identifier).")
        }
        return nil
    }
}

extension GenesisRecord {
    /// The share of a member, who must be in the share set under this alias and with this key.
    func share(ofAlias alias: String, key: QuorumPublicKey) throws(CommandFailure) -> SealedShare {
        let keyPlace = shareSet.keys.firstIndex(of: key)
        let fingerprint = Hex.encode(key.fingerprint)
        guard let place = shareSet.index(ofAlias: alias) else {
            guard let keyPlace else {
                throw .failed("The share set has no \(alias.quoted), and nobody in it has the key \(fingerprint).")
            }
            let owner = shareSet.set.members[keyPlace].alias.quoted
            throw .failed("The share set has no \(alias.quoted); this key is that of \(owner).")
        }
        guard place == keyPlace else {
            throw .failed(
                "\(alias.quoted) has another key in the share set: \(Hex.encode(shareSet.keys[place].fingerprint)).",
                hint: keyPlace.map { "The key \(fingerprint) is that of \(shareSet.set.members[$0].alias.quoted)." }
                    ?? "Nobody in it has the key \(fingerprint)."
            )
        }
        return SealedShare(
            envelope: shares[place].encryptedShare,
            expectation: .init(identifier: UInt8(truncatingIfNeeded: place + 1), hash: shares[place].shareHash)
        )
    }
}
