// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

/// A quorum key that was born, split and forgotten: what is left of it, none of it secret.
package struct Genesis: Sendable {
    /// QuorumOS's test message, signed by and encrypted to every new key.
    private static let testMessage = Array("qos-test-message".utf8)

    package let manifest: CheckedManifest
    /// In QuorumOS's current layout.
    package let output: GenesisOutput
    package let commitments: ShareCommitments

    /// Holds the ceremony. The key and the shares are gone when this returns.
    ///
    /// Before anything is given out, all shares are checked to lie on one polynomial of the threshold's degree, and to
    /// give back the key: QuorumOS leaves its place for that empty.
    ///
    /// - Throws: ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``; anything else is an error in this program.
    package init(_ plan: GenesisPlan, entropy: EntropySource, memory: SecretSupply) throws(QuorumError) {
        let key = try QuorumKeyPair.generate(from: entropy, memory: memory)
        let manifest = try plan.manifest(for: key.publicKey)
        let members = plan.shareSet
        let shares = try key.withSeed { seed throws(QuorumError) in
            try ShareCollection.splitting(
                seed, count: members.keys.count, threshold: members.threshold, entropy: entropy, memory: memory)
        }
        try Self.check(shares, give: key, threshold: members.threshold, memory: memory)

        var outputs: [GenesisMemberOutput] = []
        for (index, member) in members.set.members.enumerated() {
            outputs.append(
                try shares.withShare(at: index) { share throws(QuorumError) in
                    try GenesisMemberOutput(
                        member: member,
                        encryptedShare: Envelope.seal(
                            share, to: members.keys[index], entropy: entropy, memory: memory),
                        shareHash: SHA512.digest(share)
                    )
                }
            )
        }
        self.manifest = manifest
        commitments = try ShareCommitments(to: outputs.map(\.shareHash), of: manifest, key: key)
        output = try Self.output(of: key, outputs, plan, entropy, memory)
    }

    private static func check(
        _ shares: borrowing ShareCollection,
        give key: QuorumKeyPair,
        threshold: Int,
        memory: SecretSupply
    ) throws(QuorumError) {
        guard shares.areConsistent(threshold: threshold) else { throw .badShare }
        let combined = try shares.combined(memory: memory)
        let isKey = combined.withBytes { combined in key.withSeed { ConstantTime.equal($0, combined) } }
        guard isKey else { throw .badShare }
    }

    private static func output(
        of key: QuorumKeyPair,
        _ members: [GenesisMemberOutput],
        _ plan: GenesisPlan,
        _ entropy: EntropySource,
        _ memory: SecretSupply
    ) throws(QuorumError) -> GenesisOutput {
        let wrapped = try plan.recoveryKey.map { recoveryKey throws(QuorumError) in
            try key.withSeed { seed throws(QuorumError) in
                try Envelope.seal(seed, to: recoveryKey, entropy: entropy, memory: memory)
            }
        }
        return try GenesisOutput(
            layout: .current(set: plan.shareSet.set, recoveryKey: plan.recoveryKey?.bytes),
            quorumKey: key.publicKey.bytes,
            memberOutputs: members,
            wrappedQuorumKey: wrapped,
            quorumKeyHash: key.seedHash(memory: memory),
            testMessageCiphertext: Envelope.seal(
                testMessage.span, to: key.publicKey, entropy: entropy, memory: memory),
            testMessageSignature: key.sign(testMessage),
            testMessage: testMessage
        )
    }
}
