// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// The same as ``ManifestPage``, for scripts: fingerprints and hashes in lower-case hexadecimal, numbers as numbers.
enum ManifestSummary {
    static func json(of offered: OfferedManifest) -> JSONValue {
        let manifest = offered.manifest
        let verdicts = ApprovalVerdict.judge(offered.envelope.manifestSetApprovals, of: manifest)
        let isGenesis = offered.genesis != nil
        return .fields([
            "version": .count(manifest.version.number),
            "manifest_hash": hex(offered.hash),
            "namespace": .fields([
                "name": .string(manifest.namespace.name), "nonce": .count(manifest.namespace.nonce),
            ]),
            "quorum_key_fingerprint": fingerprint(manifest.namespace.quorumKey),
            "manifest_set": json(manifest.manifestSet),
            "share_set": json(manifest.shareSet),
            "enclave": json(manifest.enclave),
            "pivot": json(manifest.pivot),
            "patch_set": manifest.patchSet.map(json),
            "resolvers": manifest.resolvers.map { .array($0.map { .string($0) }) },
            "recovery_key_fingerprint": isGenesis ? offered.recoveryKey.map(fingerprint) ?? .null : nil,
            "approvals": .array(verdicts.map(\.json)),
        ])
    }

    static func hex(_ bytes: [UInt8]) -> JSONValue {
        .string(Hex.encode(bytes))
    }

    private static func fingerprint(_ key: [UInt8]) -> JSONValue {
        hex(SHA256.digest(key))
    }

    private static func json(_ set: MemberSet) -> JSONValue {
        .fields([
            "threshold": .count(set.threshold),
            "members": .array(
                set.members.map { member in
                    .fields(["alias": .string(member.alias), "fingerprint": fingerprint(member.publicKey)])
                }),
        ])
    }

    private static func json(_ set: PatchSet) -> JSONValue {
        .fields(["threshold": .count(set.threshold), "fingerprints": .array(set.members.map(fingerprint))])
    }

    private static func json(_ enclave: NitroConfig) -> JSONValue {
        .fields([
            "pcr0": hex(enclave.pcr0), "pcr1": hex(enclave.pcr1), "pcr2": hex(enclave.pcr2),
            "pcr3": hex(enclave.pcr3),
            "debug": .bool([enclave.pcr0, enclave.pcr1, enclave.pcr2].contains { $0.isAllZero }),
            "root": .fields([
                "sha256": hex(SHA256.digest(enclave.awsRootCertificate)),
                "known": KnownRoot(enclave.awsRootCertificate).map { .string($0.name) } ?? .null,
            ]),
            "commit": .string(enclave.qosCommit),
        ])
    }

    private static func json(_ pivot: Pivot) -> JSONValue {
        .fields([
            "hash": hex(pivot.hash),
            "args": .array(pivot.arguments.map { .string($0) }),
            "restart": .string(pivot.restart == .always ? "always" : "never"),
            "bridges": .array(pivot.bridges.map(json)),
            "debug": .bool(pivot.debugMode),
            "env": .object(pivot.environment.map { JSONMember(name: $0.name, value: .string($0.value)) }),
        ])
    }

    private static func json(_ bridge: BridgeConfig) -> JSONValue {
        switch bridge {
        case .server(let port, let host):
            .fields(["type": .string("server"), "port": .count(port), "host": .string(host)])
        case .client(let port, let host):
            .fields(["type": .string("client"), "port": .count(port), "host": host.map { .string($0) } ?? .null])
        }
    }
}
