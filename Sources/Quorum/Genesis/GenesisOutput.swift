// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// What a genesis gives: the new quorum key, a sealed share for each member, and what proves that they belong together.
package struct GenesisOutput: Equatable, Sendable {
    /// The bytes of each SHA-512 in it.
    package static let hashBytes = 64

    /// In which layout it is written, with what only that one has.
    package var layout: GenesisLayout
    /// The public quorum key, 130 bytes where it is one.
    package var quorumKey: [UInt8]
    package var memberOutputs: [GenesisMemberOutput]
    /// Plain shares of members who tried to combine them; always empty in practice.
    package var recoveryPermutations: [[RecoveredShare]]
    /// The seed, sealed to the disaster recovery key where there is one.
    package var wrappedQuorumKey: [UInt8]?
    /// SHA-512 of the seed in hexadecimal, 64 bytes.
    package let quorumKeyHash: [UInt8]
    /// The test message, sealed to the quorum key.
    package var testMessageCiphertext: [UInt8]
    /// The test message, signed by the quorum key.
    package var testMessageSignature: [UInt8]
    package var testMessage: [UInt8]

    /// - Throws: ``QuorumError/malformedManifest`` where the hash is not 64 bytes.
    package init(
        layout: GenesisLayout, quorumKey: [UInt8], memberOutputs: [GenesisMemberOutput],
        recoveryPermutations: [[RecoveredShare]] = [], wrappedQuorumKey: [UInt8]?, quorumKeyHash: [UInt8],
        testMessageCiphertext: [UInt8], testMessageSignature: [UInt8], testMessage: [UInt8]
    ) throws(QuorumError) {
        guard quorumKeyHash.count == Self.hashBytes else { throw .malformedManifest }
        self.layout = layout
        self.quorumKey = quorumKey
        self.memberOutputs = memberOutputs
        self.recoveryPermutations = recoveryPermutations
        self.wrappedQuorumKey = wrappedQuorumKey
        self.quorumKeyHash = quorumKeyHash
        self.testMessageCiphertext = testMessageCiphertext
        self.testMessageSignature = testMessageSignature
        self.testMessage = testMessage
    }

    /// How many shares give the key.
    package var threshold: UInt32 {
        switch layout {
        case .current(let set, _): set.threshold
        case .legacy(let threshold): threshold
        }
    }
}

// MARK: - Parts

/// The two layouts of a genesis output.
package enum GenesisLayout: Equatable, Sendable {
    /// With the request in it: the set, and the public disaster recovery key where one was asked for.
    case current(set: MemberSet, recoveryKey: [UInt8]?)
    /// Of releases up to 0.13.0.
    case legacy(threshold: UInt32)
}

/// A member's part of a genesis.
package struct GenesisMemberOutput: Equatable, Sendable {
    package var member: QuorumMember
    /// The share, sealed to the member's key.
    package var encryptedShare: [UInt8]
    /// SHA-512 of the share, 64 bytes.
    package let shareHash: [UInt8]

    /// - Throws: ``QuorumError/malformedManifest`` where the hash is not 64 bytes.
    package init(member: QuorumMember, encryptedShare: [UInt8], shareHash: [UInt8]) throws(QuorumError) {
        guard shareHash.count == GenesisOutput.hashBytes else { throw .malformedManifest }
        self.member = member
        self.encryptedShare = encryptedShare
        self.shareHash = shareHash
    }
}

/// A share that was published with a genesis.
package struct RecoveredShare: Equatable, Sendable {
    package var member: QuorumMember
    package var share: [UInt8]

    package init(member: QuorumMember, share: [UInt8]) {
        self.member = member
        self.share = share
    }
}

// MARK: - Encoding

extension GenesisOutput {
    /// An output in Borsh, in the current layout or else in the legacy one.
    ///
    /// - Throws: ``QuorumError/malformedManifest`` where it is in neither.
    package static func decode(_ bytes: [UInt8]) throws(QuorumError) -> GenesisOutput {
        for isLegacy in [false, true] {
            if let output = try? GenesisOutput(borsh: bytes, isLegacy: isLegacy) { return output }
        }
        throw .malformedManifest
    }

    /// The output in Borsh, in its layout.
    package func encoded() -> [UInt8] {
        var writer = BorshWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// What an attestation document of a genesis names: SHA-256 of the Borsh, 32 bytes.
    package func hash() -> [UInt8] {
        SHA256.digest(encoded())
    }
}

// MARK: - Borsh

extension GenesisOutput {
    init(borsh bytes: [UInt8], isLegacy: Bool) throws(QuorumError) {
        var reader = BorshReader(bytes)
        var layout = isLegacy ? nil : try GenesisLayout.current(from: &reader)
        let quorumKey = try reader.bytes()
        let outputs = try reader.array(minimumBytes: GenesisMemberOutput.minimumBorshBytes) {
            (reader) throws(QuorumError) in try GenesisMemberOutput(from: &reader)
        }
        let permutations = try reader.array(minimumBytes: 4) { (reader) throws(QuorumError) in
            try reader.array(minimumBytes: RecoveredShare.minimumBorshBytes) { (reader) throws(QuorumError) in
                try RecoveredShare(from: &reader)
            }
        }
        if isLegacy { layout = .legacy(threshold: try reader.u32()) }
        guard let layout else { throw .malformedManifest }
        let wrapped = try reader.optional { (reader) throws(QuorumError) in try reader.bytes() }
        let hash = try reader.fixed(Self.hashBytes)
        let ciphertext = try reader.bytes()
        let signature = try reader.bytes()
        let message = try reader.bytes()
        try reader.finish()
        try self.init(
            layout: layout, quorumKey: quorumKey, memberOutputs: outputs, recoveryPermutations: permutations,
            wrappedQuorumKey: wrapped, quorumKeyHash: hash, testMessageCiphertext: ciphertext,
            testMessageSignature: signature, testMessage: message)
    }

    func write(to writer: inout BorshWriter) {
        if case .current(let set, let recoveryKey) = layout {
            writer.array(set.members) { writer, member in member.write(to: &writer) }
            writer.u32(set.threshold)
            writer.optional(recoveryKey) { writer, key in writer.bytes(key) }
        }
        writer.bytes(quorumKey)
        writer.array(memberOutputs) { writer, output in output.write(to: &writer) }
        writer.array(recoveryPermutations) { writer, shares in
            writer.array(shares) { writer, share in share.write(to: &writer) }
        }
        if case .legacy(let threshold) = layout {
            writer.u32(threshold)
        }
        writer.optional(wrappedQuorumKey) { writer, key in writer.bytes(key) }
        writer.fixed(quorumKeyHash)
        writer.bytes(testMessageCiphertext)
        writer.bytes(testMessageSignature)
        writer.bytes(testMessage)
    }
}

// MARK: - Borsh of the parts

extension GenesisLayout {
    /// A genesis set has its members before its threshold, other than the sets of a manifest.
    fileprivate static func current(from reader: inout BorshReader) throws(QuorumError) -> GenesisLayout {
        let members = try QuorumMember.list(from: &reader)
        let threshold = try reader.u32()
        let recoveryKey = try reader.optional { (reader) throws(QuorumError) in try reader.bytes() }
        return .current(set: MemberSet(threshold: threshold, members: members), recoveryKey: recoveryKey)
    }
}

extension GenesisMemberOutput {
    /// Three lengths and a hash.
    fileprivate static let minimumBorshBytes = 12 + GenesisOutput.hashBytes

    fileprivate init(from reader: inout BorshReader) throws(QuorumError) {
        let member = try QuorumMember(from: &reader)
        let share = try reader.bytes()
        try self.init(member: member, encryptedShare: share, shareHash: try reader.fixed(GenesisOutput.hashBytes))
    }

    fileprivate func write(to writer: inout BorshWriter) {
        member.write(to: &writer)
        writer.bytes(encryptedShare)
        writer.fixed(shareHash)
    }
}

extension RecoveredShare {
    /// Three lengths.
    fileprivate static let minimumBorshBytes = 12

    fileprivate init(from reader: inout BorshReader) throws(QuorumError) {
        let member = try QuorumMember(from: &reader)
        self.init(member: member, share: try reader.bytes())
    }

    fileprivate func write(to writer: inout BorshWriter) {
        member.write(to: &writer)
        writer.bytes(share)
    }
}
