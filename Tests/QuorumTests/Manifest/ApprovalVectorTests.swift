// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("Approvals")
struct ApprovalVectorTests {
    @Test("are read and written as in the vectors")
    func approvals() throws {
        let checks = try ManifestVectors.file("approvals.json").required("checks").elements()
        #expect(checks.count == 11)
        for check in checks {
            for json in try check.required("approvals").elements() {
                let approval = try Approval.decode(json.compact())
                #expect(approval.encoded() == json.compact())
                #expect(approval.signature.count == 64)
            }
            for json in try check.required("members").elements() {
                #expect(try QuorumMember(json: json, unknown: .refused).json == json)
            }
        }
    }

    @Test("have no unknown member and miss none", arguments: ["", "member"])
    func strictness(path: String) throws {
        let json = try ManifestVectors.smallEnvelope(.v2).manifestSetApprovals[0].json
        let unknown = json.changing(path) { $0.setting("unknown", to: .null) }
        #expect(throws: QuorumError.malformedManifest) { try Approval.decode(unknown.compact()) }
        for name in ["signature", "member", "alias", "pubKey"] {
            let missing = json.changing(path) { $0.setting(name, to: nil) }
            guard missing != json else { continue }
            #expect(throws: QuorumError.malformedManifest) { try Approval.decode(missing.compact()) }
        }
    }

    @Test("are JSON and nothing else")
    func otherwise() {
        #expect(throws: QuorumError.malformedJSON) { try Approval.decode([]) }
        #expect(throws: QuorumError.malformedManifest) { try Approval.decode(Array("[]".utf8)) }
        let text = #"{"signature":"0","member":{"alias":"a","pubKey":""}}"#
        #expect(throws: QuorumError.malformedHex) { try Approval.decode(Array(text.utf8)) }
    }
}
