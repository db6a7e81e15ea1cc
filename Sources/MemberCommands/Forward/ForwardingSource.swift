// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// The enclave that has the quorum key, and the manifest under which others may get it.
struct ForwardingSource: Sendable {
    /// What it says of its key.
    let key: EnclaveKeyReport
    /// What the others are given: its own manifest, or a later one.
    let envelope: ManifestEnvelope
    let manifest: CheckedManifest
    /// Those of the genesis, as they came, where it has them.
    let commitments: JSONValue?

    /// Asks the source, and holds against each other what it says.
    ///
    /// - Parameters:
    ///   - later: a manifest that is to be given instead of the source's own.
    ///   - expected: the fingerprint that the key must have; nil where none is expected.
    static func ask(
        _ client: GatewayClient,
        later: OfferedManifest?,
        expecting expected: String?
    ) async throws(CommandFailure) -> ForwardingSource {
        let standing = try await EnclaveStanding.ask(client)
        guard let key = standing.key, standing.state.utf8.elementsEqual(Self.ready.utf8) else {
            throw .failed(
                "\(client.address.text) has no quorum key to forward: its enclave is in \(standing.quotedState).",
                hint: "The source must be in \(Self.ready).")
        }
        if let expected, !key.fingerprint.utf8.elementsEqual(expected.utf8) {
            throw .failed(
                "\(client.address.text) holds another quorum key than the one that is expected: "
                    + "\(key.fingerprint.quoted).",
                hint: "Expected was \(expected).")
        }
        let held = try await manifest(of: client)
        let (heldManifest, commitments) = (try held.checked(), held.answer?.commitmentsJSON)
        guard Hex.encode(heldManifest.quorumKey.fingerprint) == key.fingerprint else {
            throw .failed("\(client.address.text) has a manifest of another quorum key than the one that it holds.")
        }
        try held.answer?.checkCommitments(of: heldManifest)
        guard let later else {
            return Self(key: key, envelope: held.envelope, manifest: heldManifest, commitments: commitments)
        }
        let checked = try later.checked()
        try checkSuccession(from: heldManifest, to: checked, ManifestVerdict(later.envelope))
        return Self(key: key, envelope: later.envelope, manifest: checked, commitments: commitments)
    }

    /// Where an enclave has the key and serves with it.
    static let ready = "ApplicationReady"

    private static func manifest(of client: GatewayClient) async throws(CommandFailure) -> OfferedManifest {
        let answer = try await client.get("/enclave/manifest")
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        guard (try? JSONValue(parsing: answer.body))?.member("manifest_envelope") != nil else {
            throw answer.notUnderstood(from: client.address)
        }
        return try OfferedManifest(answer.body)
    }

    /// What the source would refuse is refused here, with its reason, before any target is touched.
    private static func checkSuccession(
        from held: CheckedManifest,
        to later: CheckedManifest,
        _ verdict: ManifestVerdict
    ) throws(CommandFailure) {
        let (old, new) = (held.manifest, later.manifest)
        let flaw: String? =
            if held.hash == later.hash {
                nil
            } else if new.namespace.quorumKey != old.namespace.quorumKey {
                "is of another quorum key"
            } else if !new.namespace.name.utf8.elementsEqual(old.namespace.name.utf8) {
                "is of the namespace \(new.namespace.name.spelled), not \(old.namespace.name.spelled)"
            } else if new.namespace.nonce <= old.namespace.nonce {
                "has nonce \(new.namespace.nonce), which is not above \(old.namespace.nonce)"
            } else if new.manifestSet != old.manifestSet {
                "has another manifest set"
            } else if new.shareSet != old.shareSet {
                "has another share set"
            } else if !verdict.isApproved {
                "has \(verdict.validCount) valid approvals of the \(new.manifestSet.threshold) that it needs"
            } else {
                nil
            }
        if let flaw { throw .failed("The source would not forward its key: the manifest of --manifest \(flaw).") }
    }
}
