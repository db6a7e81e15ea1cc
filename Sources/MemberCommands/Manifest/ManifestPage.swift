// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// Everything that a member is asked to approve, as a person reads it: nothing of the manifest is left out.
struct ManifestPage {
    private let offered: OfferedManifest
    private let evidence: GenesisEvidence
    private var manifest: Manifest { offered.manifest }

    /// - Parameter evidence: what vouches for the genesis that the manifest came with.
    init(_ offered: OfferedManifest, _ evidence: GenesisEvidence = .nothing) {
        self.offered = offered
        self.evidence = evidence
    }

    /// The lines, without line ends.
    var lines: [String] {
        var rows = LabelledLines()
        rows.add("Manifest", "version \(manifest.version.number), hash \(Hex.encode(offered.hash))")
        rows.add("Namespace", "\(manifest.namespace.name.quoted), nonce \(manifest.namespace.nonce)")
        rows.add("Quorum key", Self.fingerprint(manifest.namespace.quorumKey))
        addSet("Manifest set", manifest.manifestSet, "must approve", to: &rows)
        addSet("Share set", manifest.shareSet, "give the key", to: &rows)
        addMeasurements(to: &rows)
        addPivot(to: &rows)
        addRest(to: &rows)
        addApprovals(to: &rows)
        return rows.lines
    }

    /// The fingerprint of a key, or what there is instead of one.
    static func fingerprint(_ key: [UInt8]) -> String {
        guard let key = try? QuorumPublicKey(key) else { return "NO KEY: \(key.count) bytes that are none" }
        return Hex.encode(key.fingerprint)
    }

    private func addSet(_ label: String, _ set: MemberSet, _ deed: String, to rows: inout LabelledLines) {
        rows.add(label, "\(set.threshold) of \(set.members.count) \(deed)")
        for member in set.members {
            rows.addBelow("\(member.alias.quoted) \(Self.fingerprint(member.publicKey))")
        }
    }

    private func addMeasurements(to rows: inout LabelledLines) {
        let enclave = manifest.enclave
        let debug = "  ALL ZERO: a debug enclave, into which others can look"
        for (label, value) in [("PCR0", enclave.pcr0), ("PCR1", enclave.pcr1), ("PCR2", enclave.pcr2)] {
            rows.add(label, Self.register(value) + (value.isAllZero ? debug : ""))
        }
        let role = enclave.pcr3.isAllZero ? "  all zero: bound to no role" : ""
        rows.add("PCR3", Self.register(enclave.pcr3) + role)
        let root = enclave.awsRootCertificate
        rows.add("Root", "SHA-256 \(Hex.encode(SHA256.digest(root)))")
        rows.addBelow(KnownRoot(root)?.meaning ?? "NOT KNOWN to this tool")
        rows.add("Commit", enclave.qosCommit.isEmpty ? "none" : enclave.qosCommit.quoted)
    }

    private static func register(_ value: [UInt8]) -> String {
        Hex.encode(value) + (value.count == PCR.byteCount ? "" : "  NO MEASUREMENT: \(value.count) bytes")
    }

    private func addPivot(to rows: inout LabelledLines) {
        let pivot = manifest.pivot
        rows.add("Pivot", "SHA-256 \(Hex.encode(pivot.hash))")
        Self.addList("Arguments", pivot.arguments.map(\.quoted), to: &rows)
        rows.add("Restart", pivot.restart == .always ? "always" : "never")
        Self.addList("Bridges", pivot.bridges.map(\.words), to: &rows)
        rows.add("Debug mode", pivot.debugMode ? "ON" : "off")
        Self.addList("Environment", pivot.environment.map { "\($0.name)=\($0.value.quoted)" }, to: &rows)
    }

    private func addRest(to rows: inout LabelledLines) {
        if let patchSet = manifest.patchSet {
            rows.add("Patch set", "\(patchSet.threshold) of \(patchSet.members.count) (hashed, but used for nothing)")
            for key in patchSet.members { rows.addBelow(Self.fingerprint(key)) }
        }
        if manifest.version == .v2 {
            Self.addList("Resolvers", manifest.resolvers ?? [], to: &rows)
        }
        rows.add("Recovery key", recoveryKey)
    }

    private var recoveryKey: String {
        guard offered.genesis != nil else { return "not said: only the answer to a genesis can name one" }
        let key = offered.recoveryKey.map(Self.fingerprint)
        return key.map { "\($0)  ITS HOLDER HAS THE WHOLE QUORUM KEY" } ?? evidence.noRecoveryKey
    }

    private func addApprovals(to rows: inout LabelledLines) {
        let approvals = offered.envelope.manifestSetApprovals
        Self.addList("Approvals", ApprovalVerdict.judge(approvals, of: manifest).map(\.line), to: &rows)
        if let flaw = Self.flaw(of: manifest) { rows.add("NOT SOUND", flaw) }
    }

    private static func flaw(of manifest: Manifest) -> String? {
        do {
            _ = try CheckedManifest(manifest)
            return nil
        } catch {
            return error.words(in: manifest)
        }
    }

    private static func addList(_ label: String, _ values: [String], to rows: inout LabelledLines) {
        rows.add(label, values.first ?? "none")
        for value in values.dropFirst() { rows.addBelow(value) }
    }
}

extension ManifestVersion {
    /// The number of the version.
    var number: Int {
        switch self {
        case .v0: 0
        case .v1: 1
        case .v2: 2
        }
    }
}

extension [UInt8] {
    /// Whether there are bytes, and all of them zero.
    var isAllZero: Bool { !isEmpty && allSatisfy { $0 == 0 } }
}

extension BridgeConfig {
    fileprivate var words: String {
        switch self {
        case .server(let port, let host): "server, port \(port), host \(host.quoted)"
        case .client(let port, let host): "client, port \(port), " + (host.map { "host \($0.quoted)" } ?? "any host")
        }
    }
}
