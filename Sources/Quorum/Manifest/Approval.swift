// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A member's signature of a manifest's hash.
package struct Approval: Equatable, Sendable {
    /// r ‖ s, 64 bytes where it is a signature; any number where it was read.
    package var signature: [UInt8]
    package var member: QuorumMember

    package init(signature: [UInt8], member: QuorumMember) {
        self.signature = signature
        self.member = member
    }

    /// An approval from a file: JSON, in which no unknown member may stand.
    ///
    /// - Throws: ``QuorumError/malformedJSON``, ``QuorumError/malformedHex`` or ``QuorumError/malformedManifest``.
    package static func decode(_ bytes: [UInt8]) throws(QuorumError) -> Approval {
        try Approval(json: JSONValue(parsing: bytes), unknown: .refused)
    }

    /// As QuorumOS writes it to a file: compact JSON.
    package func encoded() -> [UInt8] {
        json.compact()
    }
}

// MARK: - JSON

extension Approval {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["signature", "member"])
        let signature = try json.required("signature").hexBytes()
        self.init(
            signature: signature, member: try QuorumMember(json: json.required("member"), unknown: unknown))
    }

    /// The approval as QuorumOS declares it.
    package var json: JSONValue {
        .fields(["signature": .hex(signature), "member": member.json])
    }
}

// MARK: - Borsh

extension Approval {
    /// Three lengths.
    static let minimumBorshBytes = 12

    init(from reader: inout BorshReader) throws(QuorumError) {
        let signature = try reader.bytes()
        self.init(signature: signature, member: try QuorumMember(from: &reader))
    }

    func write(to writer: inout BorshWriter) {
        writer.bytes(signature)
        member.write(to: &writer)
    }
}
