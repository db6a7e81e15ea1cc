// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum

/// What a genesis is asked for, in either form of its request.
struct GenesisOrder: Sendable {
    var namespaceName = "qos-namespace"
    var namespaceNonce = 12345
    var manifestMembers: [Member]
    var manifestThreshold: Int
    var shareMembers: [Member]
    var shareThreshold: Int
    var recoveryKey: Member?
    var byteForm = ByteForm.list
    var aliasName = "alias"

    /// One group for both sets, and one threshold.
    init(_ threshold: Int, of members: [Member]) {
        manifestMembers = members
        manifestThreshold = threshold
        shareMembers = members
        shareThreshold = threshold
    }

    /// The flat form, without what is optional.
    var flat: JSON {
        var body: JSON = [
            "namespace_name": .string(namespaceName),
            "namespace_nonce": .number(Double(namespaceNonce)),
            "manifest_members": list(manifestMembers),
            "manifest_threshold": .number(Double(manifestThreshold)),
            "share_members": list(shareMembers),
            "share_threshold": .number(Double(shareThreshold)),
        ]
        if let recoveryKey {
            body = body.replacing(["dr_key"], with: byteForm.json(recoveryKey.key.publicKey.bytes))
        }
        return body
    }

    /// The envelope that key generators write, with a threshold for each set.
    var envelope: JSON {
        [
            "type": "ACTIVITY_TYPE_GENESIS_BOOT", "timestampMs": "1700000000000", "organizationId": "an organization",
            "parameters": flat.replacing(
                ["pivot"], with: ["hash": byteForm.json([UInt8](repeating: 0, count: 32)), "args": []]),
        ]
    }

    /// The envelope with one threshold for both sets.
    var envelopeOfOneThreshold: JSON {
        envelope.replacing(["parameters", "threshold"], with: .number(Double(shareThreshold)))
            .replacing(["parameters", "manifest_threshold"], with: nil)
            .replacing(["parameters", "share_threshold"], with: nil)
    }

    private func list(_ members: [Member]) -> JSON {
        .array(
            members.map {
                .object([aliasName: .string($0.alias), "pub_key": byteForm.json($0.key.publicKey.bytes)])
            })
    }
}
