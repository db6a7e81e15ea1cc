// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension QuorumMember {
    /// Two lengths.
    static let minimumBorshBytes = 8

    init(from reader: inout BorshReader) throws(QuorumError) {
        let alias = try reader.string()
        self.init(alias: alias, publicKey: try reader.bytes())
    }

    func write(to writer: inout BorshWriter) {
        writer.string(alias)
        writer.bytes(publicKey)
    }

    /// A count and as many members.
    static func list(from reader: inout BorshReader) throws(QuorumError) -> [QuorumMember] {
        try reader.array(minimumBytes: minimumBorshBytes) { (reader) throws(QuorumError) in
            try QuorumMember(from: &reader)
        }
    }
}

extension MemberSet {
    init(from reader: inout BorshReader) throws(QuorumError) {
        let threshold = try reader.u32()
        self.init(threshold: threshold, members: try QuorumMember.list(from: &reader))
    }

    func write(to writer: inout BorshWriter) {
        writer.u32(threshold)
        writer.array(members) { writer, member in member.write(to: &writer) }
    }
}

extension PatchSet {
    init(from reader: inout BorshReader) throws(QuorumError) {
        let threshold = try reader.u32()
        let members = try reader.array(minimumBytes: 4) { (reader) throws(QuorumError) in try reader.bytes() }
        self.init(threshold: threshold, members: members)
    }

    func write(to writer: inout BorshWriter) {
        writer.u32(threshold)
        writer.array(members) { writer, key in writer.bytes(key) }
    }
}

extension Namespace {
    init(from reader: inout BorshReader) throws(QuorumError) {
        let name = try reader.string()
        let nonce = try reader.u32()
        self.init(name: name, nonce: nonce, quorumKey: try reader.bytes())
    }

    func write(to writer: inout BorshWriter) {
        writer.string(name)
        writer.u32(nonce)
        writer.bytes(quorumKey)
    }
}

extension NitroConfig {
    init(from reader: inout BorshReader) throws(QuorumError) {
        let pcr0 = try reader.bytes()
        let pcr1 = try reader.bytes()
        let pcr2 = try reader.bytes()
        let pcr3 = try reader.bytes()
        let certificate = try reader.bytes()
        let commit = try reader.string()
        self.init(
            pcr0: pcr0, pcr1: pcr1, pcr2: pcr2, pcr3: pcr3, awsRootCertificate: certificate, qosCommit: commit)
    }

    func write(to writer: inout BorshWriter) {
        for bytes in [pcr0, pcr1, pcr2, pcr3, awsRootCertificate] {
            writer.bytes(bytes)
        }
        writer.string(qosCommit)
    }
}
