// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

@testable import HostGateway

/// The body of a genesis boot, in each of its forms.
struct GenesisText {
    private let request: GenesisBootRequest

    init(_ request: GenesisBootRequest) {
        self.request = request
    }

    /// The fields at the top.
    var flat: ByteBuffer {
        object(
            common + thresholds + [
                ("pivot_hash", request.pivotHash.map(list)), ("pivot_args", array(request.pivotArguments.map(string))),
            ])
    }

    /// The same under `parameters`.
    var envelope: ByteBuffer { envelope(thresholds) }

    /// With the one threshold that both sets have; nil where they have two.
    var envelopeWithOneThreshold: ByteBuffer? {
        guard request.manifestThreshold == request.shareThreshold else { return nil }
        return envelope([("threshold", ByteBuffer(string: "\(request.shareThreshold)"))])
    }

    private typealias Field = (name: String, value: ByteBuffer?)

    private func envelope(_ thresholds: [Field]) -> ByteBuffer {
        let pivot = object([
            ("hash", request.pivotHash.map(list)), ("args", array(request.pivotArguments.map(string))),
        ])
        return object([
            ("type", string("ACTIVITY_TYPE_GENESIS_BOOT")), ("timestampMs", string("0")),
            ("parameters", object(common + thresholds + [("pivot", pivot)])),
        ])
    }

    private var thresholds: [Field] {
        [
            ("manifest_threshold", ByteBuffer(string: "\(request.manifestThreshold)")),
            ("share_threshold", ByteBuffer(string: "\(request.shareThreshold)")),
        ]
    }

    private var common: [Field] {
        [
            ("namespace_name", string(request.namespaceName)),
            ("namespace_nonce", ByteBuffer(string: "\(request.namespaceNonce)")),
            ("manifest_members", array(request.manifestMembers.map(member))),
            ("share_members", array(request.shareMembers.map(member))),
            ("dr_key", request.recoveryKey.map(list)), ("nonce", request.nonce.map(list)),
        ]
    }

    // MARK: JSON

    private func member(_ member: MemberRecord) -> ByteBuffer {
        object([("alias", string(member.alias)), ("pub_key", list(member.publicKey))])
    }

    private func string(_ text: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        JSONString.write(text, to: &buffer)
        return buffer
    }

    private func list(_ bytes: [UInt8]) -> ByteBuffer {
        ByteBuffer(string: "\(bytes)")
    }

    private func array(_ elements: [ByteBuffer]) -> ByteBuffer {
        joined(elements, in: ("[", "]"))
    }

    /// Fields without a value are left out.
    private func object(_ fields: [Field]) -> ByteBuffer {
        let members = fields.compactMap { field -> ByteBuffer? in
            guard let value = field.value else { return nil }
            var member = string(field.name)
            member.writeString(":")
            member.writeImmutableBuffer(value)
            return member
        }
        return joined(members, in: ("{", "}"))
    }

    private func joined(_ elements: [ByteBuffer], in brackets: (String, String)) -> ByteBuffer {
        var text = ByteBuffer(string: brackets.0)
        for (index, element) in elements.enumerated() {
            if index > 0 { text.writeString(",") }
            text.writeImmutableBuffer(element)
        }
        text.writeString(brackets.1)
        return text
    }
}
