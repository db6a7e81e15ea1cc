// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension QuorumMember {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["alias", "pubKey"])
        let alias = try json.required("alias").text()
        self.init(alias: alias, publicKey: try json.required("pubKey").hexBytes())
    }

    var json: JSONValue {
        .fields(["alias": .string(alias), "pubKey": .hex(publicKey)])
    }
}

extension MemberSet {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["threshold", "members"])
        let threshold = try json.required("threshold").unsigned32()
        let members = try json.required("members").elements().map { (member) throws(QuorumError) in
            try QuorumMember(json: member, unknown: unknown)
        }
        self.init(threshold: threshold, members: members)
    }

    var json: JSONValue {
        .fields(["threshold": .number(threshold), "members": .array(members.map(\.json))])
    }
}

extension PatchSet {
    /// Only the versions that ignore unknown members have a patch set.
    init(json: JSONValue) throws(QuorumError) {
        let threshold = try json.required("threshold").unsigned32()
        let members = try json.required("members").elements().map { (member) throws(QuorumError) in
            try member.required("pubKey").hexBytes()
        }
        self.init(threshold: threshold, members: members)
    }

    var json: JSONValue {
        .fields([
            "threshold": .number(threshold),
            "members": .array(members.map { .fields(["pubKey": .hex($0)]) }),
        ])
    }
}

extension Namespace {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["name", "nonce", "quorumKey"])
        let name = try json.required("name").text()
        let nonce = try json.required("nonce").unsigned32()
        self.init(name: name, nonce: nonce, quorumKey: try json.required("quorumKey").hexBytes())
    }

    var json: JSONValue {
        .fields(["name": .string(name), "nonce": .number(nonce), "quorumKey": .hex(quorumKey)])
    }
}

extension NitroConfig {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["pcr0", "pcr1", "pcr2", "pcr3", "awsRootCertificate", "qosCommit"])
        let pcr0 = try json.required("pcr0").hexBytes()
        let pcr1 = try json.required("pcr1").hexBytes()
        let pcr2 = try json.required("pcr2").hexBytes()
        let pcr3 = try json.required("pcr3").hexBytes()
        let certificate = try json.required("awsRootCertificate").hexBytes()
        let commit = try json.required("qosCommit").text()
        self.init(
            pcr0: pcr0, pcr1: pcr1, pcr2: pcr2, pcr3: pcr3, awsRootCertificate: certificate, qosCommit: commit)
    }

    var json: JSONValue {
        .fields([
            "pcr0": .hex(pcr0), "pcr1": .hex(pcr1), "pcr2": .hex(pcr2), "pcr3": .hex(pcr3),
            "awsRootCertificate": .hex(awsRootCertificate), "qosCommit": .string(qosCommit),
        ])
    }
}

extension JSONValue {
    /// An integer of at most 32 bits, as a number or as decimal digits.
    func unsigned32() throws(QuorumError) -> UInt32 {
        UInt32(truncatingIfNeeded: try unsigned(max: UInt64(UInt32.max)))
    }

    /// An integer of at most 16 bits, as a number or as decimal digits.
    func unsigned16() throws(QuorumError) -> UInt16 {
        UInt16(truncatingIfNeeded: try unsigned(max: UInt64(UInt16.max)))
    }
}
