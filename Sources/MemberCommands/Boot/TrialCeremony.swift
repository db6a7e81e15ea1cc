// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// The second half of a ceremony, in which this process acts for the members: their shares are decrypted, sealed to the
/// enclave and injected, until it has the key.
struct TrialCeremony: Sendable {
    /// Of the genesis in which the shares were made.
    let record: GenesisRecord
    /// Under which the enclave waits.
    let manifest: CheckedManifest
    /// As the gateway tells it.
    let ephemeralKey: QuorumPublicKey
    /// As many as are needed.
    let keys: [TrialKey]

    /// Holds it.
    ///
    /// - Returns: what the enclave says of the key that it now has, which is the manifest's.
    func hold(
        with client: GatewayClient,
        telling steps: inout CeremonySteps
    ) async throws -> EnclaveKeyReport {
        var shares: [JSONValue] = []
        for key in keys { shares.append(try seal(with: key).json) }
        let aliases = keys.map(\.alias.quoted).joined(separator: ", ")
        try steps.tell("Decrypted, checked and sealed: the shares of \(aliases)")
        let injection = try await inject(shares, with: client)
        for verdict in injection.verdicts { try steps.tell("Injected: \(verdict.line)") }
        guard injection.quorumKey == manifest.quorumKey, injection.state == "ApplicationReady" else {
            throw CommandFailure.failed(
                "The enclave took \(injection.received) of \(injection.threshold) shares and is in "
                    + "\(injection.state.quoted), without the manifest's quorum key.")
        }
        let report = try await EnclaveKeyReport.ask(client)
        guard report.fingerprint == Hex.encode(manifest.quorumKey.fingerprint) else {
            throw CommandFailure.failed(
                "The enclave says that it holds another quorum key: \(report.fingerprint.quoted).")
        }
        try steps.tell(
            "\(report.state): quorum key \(report.fingerprint), key check \(report.keyCheck)",
            [
                "shares": .array(injection.verdicts.map(\.json)), "state": .string(report.state),
                "key_check": .string(report.keyCheck),
            ]
        )
        return report
    }

    private func seal(with key: TrialKey) throws(CommandFailure) -> ShareSealing {
        let share = try ShareSealSource(alias: key.alias, pair: key.pair, manifest: manifest).open(from: record)
        return try ShareSealing(
            share, alias: key.alias, pair: key.pair, ephemeralKey: ephemeralKey, manifestHash: manifest.hash)
    }

    private func inject(_ shares: [JSONValue], with client: GatewayClient) async throws -> ShareInjection {
        let namespace = manifest.manifest.namespace
        let body = ShareInjection.body(
            namespaceName: namespace.name, namespaceNonce: namespace.nonce, shares: shares)
        let answer = try await client.post(ShareInjection.path, json: body)
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        guard let injection = ShareInjection(answer) else { throw answer.notUnderstood(from: client.address) }
        return injection
    }
}

extension ShareInjection.Verdict {
    /// As the gateway writes it.
    fileprivate var json: JSONValue {
        .fields([
            "member_alias": .string(alias), "accepted": .bool(reason == nil), "reason": reason.map { .string($0) },
        ])
    }
}
