// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// One call that brings shares to an enclave, and what came of it.
struct ShareInjection: Sendable {
    /// What became of one share.
    struct Verdict: Equatable, Sendable {
        let alias: String
        /// nil where it was accepted.
        let reason: String?

        /// For a person.
        var line: String { alias.quoted + (reason.map { "  not accepted: \($0.quoted)" } ?? "  accepted") }
    }

    let verdicts: [Verdict]
    let state: String
    /// How many the enclave holds.
    let received: Int
    let threshold: Int
    /// Once there were enough.
    let quorumKey: QuorumPublicKey?

    static let path = "/enclave/inject-shares"

    /// The body of the call.
    ///
    /// - Parameter shares: elements as the contract has them.
    static func body(namespaceName: String, namespaceNonce: UInt32, shares: [JSONValue]) -> [UInt8] {
        JSONValue.fields([
            "namespace_name": .string(namespaceName), "namespace_nonce": .count(namespaceNonce),
            "shares": .array(shares),
        ]).compact()
    }

    /// Reads an answer of status 200; nil for what is none.
    init?(_ answer: GatewayAnswer) {
        guard answer.status == 200, let json = try? JSONValue(parsing: answer.body),
            let verdicts = Self.verdicts(in: answer), let state = try? json.required("state").text(),
            let received = try? json.required("shares_received").unsigned(max: 255),
            let threshold = try? json.required("threshold").unsigned(max: 255)
        else { return nil }
        let key = json.member("reconstructed_quorum_key").flatMap { try? QuorumPublicKey($0.byteArray()) }
        guard json.member("success") == .bool(key != nil) else { return nil }
        self.verdicts = verdicts
        self.state = state
        self.received = Int(received)
        self.threshold = Int(threshold)
        quorumKey = key
    }

    /// What an answer of any status says of each share; nil where it says nothing.
    static func verdicts(in answer: GatewayAnswer) -> [Verdict]? {
        guard let json = try? JSONValue(parsing: answer.body), let shares = try? json.required("shares").elements()
        else { return nil }
        return try? shares.map { share in
            let isAccepted = try share.required("accepted").boolean()
            return Verdict(
                alias: try share.required("member_alias").text(),
                reason: isAccepted ? nil : try share.optional("reason")?.text() ?? "no reason given"
            )
        }
    }
}
