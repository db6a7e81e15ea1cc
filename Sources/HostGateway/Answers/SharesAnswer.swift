// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Protocol

extension Answer {
    /// What became of the shares of a call: an answer where at least one was taken.
    ///
    /// - Throws: ``Refusal`` where none was, or where they gave another key; ``EnclaveCallError`` for a result that is
    ///   none.
    static func shares(_ result: InjectSharesResult) throws -> Answer {
        if result.isOtherKey { throw Refusal(otherKey: result) }
        guard result.judgements.contains(where: { $0.flaw == nil }) else {
            guard let refusal = Refusal(noShareTaken: result) else { throw EnclaveCallError.wrongAnswer }
            throw refusal
        }
        return .json(capacity: 1024 + 128 * result.judgements.count) { object in
            object.bool("success", result.quorumPublicKey != nil)
            object.string("state", result.phase.rawValue)
            if let key = result.quorumPublicKey { object.byteArray("reconstructed_quorum_key", key) }
            object.integer("shares_received", result.sharesReceived)
            object.integer("threshold", result.threshold)
            object.judgements("shares", result.judgements)
            if let hint = result.hint { object.string("hint", hint) }
        }
    }
}

extension Refusal {
    /// The shares that were held gave another key than the manifest's.
    fileprivate init(otherKey result: InjectSharesResult) {
        self.init(
            .unprocessableContent, "key_mismatch",
            "The shares give another key than the manifest's, and have been dropped.")
        state = result.phase
        shares = result.judgements
        hint = "with \"share_commitments\" at boot, a wrong share is found when it comes"
    }

    /// No share of the call was taken; the first one's flaw is the reason.
    fileprivate init?(noShareTaken result: InjectSharesResult) {
        guard let first = result.judgements.first, let flaw = first.flaw else { return nil }
        self.init(.unprocessableContent, flaw.rawValue, flaw.sentence(first.memberAlias, place: 0))
        shares = result.judgements
        hint = result.hint
    }
}

extension InjectSharesResult {
    /// How a member decrypts a share, where one of the call was not.
    fileprivate var hint: String? {
        guard judgements.contains(where: { $0.flaw == .shareStillEncrypted }) else { return nil }
        return "a member decrypts a share with: "
            + "renclave share decrypt --key KEYFILE --genesis GENESIS.json --alias NAME --json"
    }
}

extension InjectSharesResult.Flaw {
    /// - Parameters:
    ///   - alias: repeated only where the share set has it.
    ///   - place: of the share in the call.
    fileprivate func sentence(_ alias: String, place: Int) -> String {
        switch self {
        case .unknownMember: "The share set has no member of the name in \"shares[\(place)]\"."
        case .badShare: "The share of \"\(alias)\" is not the one that was made for this member."
        case .shareStillEncrypted: "The share of \"\(alias)\" is still encrypted to this member."
        case .sealedShareRequired: "The share of \"\(alias)\" is not sealed, and this enclave takes no other."
        case .approvalRequired: "The share of \"\(alias)\" comes without this member's approval."
        case .badApproval: "The approval beside the share of \"\(alias)\" does not hold."
        }
    }
}
