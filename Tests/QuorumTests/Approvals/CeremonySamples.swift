// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// Members with numbered keys, and what they decide on.
enum CeremonySamples {
    static func member(_ alias: String, numbered number: Int) throws -> QuorumMember {
        QuorumMember(alias: alias, publicKey: try KeySamples.pair(numbered: number).publicKey.bytes)
    }

    /// As many members, of whom each has the key of its place, from 1.
    static func members(_ count: Int) throws -> [QuorumMember] {
        try (1...count).map { try member("member \($0)", numbered: $0) }
    }

    /// Three members, of whom the last has a name outside ASCII.
    static func three() throws -> [QuorumMember] {
        [
            try member("alice", numbered: 1), try member("bob", numbered: 2), try member("zo\u{EB}", numbered: 3),
        ]
    }

    static let pivot = Pivot(hash: [UInt8](repeating: 0x22, count: 32), restart: .never, arguments: ["--n", "1"])

    static let enclave = NitroConfig(
        pcr0: [UInt8](repeating: 0x30, count: 48), pcr1: [UInt8](repeating: 0x31, count: 48),
        pcr2: [UInt8](repeating: 0x32, count: 48), pcr3: [UInt8](repeating: 0x33, count: 48),
        awsRootCertificate: [UInt8](repeating: 0x34, count: 5), qosCommit: "renclave 1.0.0")

    /// Two of the three approve and hold the shares of the key of the first sample seed.
    static func manifest() throws -> Manifest {
        let set = MemberSet(threshold: 2, members: try three())
        return try Manifest(
            version: .v2,
            namespace: Namespace(
                name: "prod/zo\u{EB}", nonce: 0x0102_0304, quorumKey: try KeySamples.pair().publicKey.bytes),
            pivot: pivot, manifestSet: set, shareSet: set, enclave: enclave)
    }

    /// SHA-256 of its canonical JSON, by another program.
    static let manifestHash = "43d6ad918139ac0d1613dcd569c8240b54c3d139128b56af6f8056bf56dd5c19"

    static func checked(_ change: (inout Manifest) -> Void = { _ in }) throws -> CheckedManifest {
        var manifest = try manifest()
        change(&manifest)
        return try CheckedManifest(manifest)
    }

    static func plan(
        threshold: Int, of count: Int, approvals: Int = 1, recoveryKey: QuorumPublicKey? = nil
    ) throws -> GenesisPlan {
        let members = try members(count)
        return GenesisPlan(
            namespaceName: "qos-namespace", namespaceNonce: 12345,
            manifestSet: try CheckedMembers(
                MemberSet(threshold: UInt32(approvals), members: members), as: .manifestSet),
            shareSet: try CheckedMembers(MemberSet(threshold: UInt32(threshold), members: members), as: .shareSet),
            pivot: pivot, enclave: enclave, recoveryKey: recoveryKey)
    }
}
