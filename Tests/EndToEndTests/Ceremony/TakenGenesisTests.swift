// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("requests for a genesis that are taken")
    struct TakenGenesis {
        @Test("bytes in each of their forms mean the same")
        func byteForms() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let hash = try #require(try gateway.get("/enclave/info").json()["application_hash"]?.bytes)
                let forms = ByteForm.allCases
                let order = GenesisOrder(forms.count, of: try Member.group(of: forms.count))
                let keys = order.shareMembers.map(\.key.publicKey.bytes)
                var body = order.flat.replacing(["pivot_hash"], with: ByteForm.base64URL.json(hash))
                    .replacing(["nonce"], with: ByteForm.base64.json([0, 255])).replacing(["pivot_args"], with: [])
                    .replacing(["dr_key"], with: ByteForm.prefixedHex.json(try Member(9).key.publicKey.bytes))
                for list in ["manifest_members", "share_members"] {
                    for (place, form) in forms.enumerated() {
                        body = body.replacing(
                            [.member(list), .element(place), "pub_key"], with: form.json(keys[place]))
                    }
                }
                let answer = try expectSuccess(gateway.post("/enclave/genesis-boot", body.text))
                let ceremony = try Ceremony(gateway: gateway, order: order, genesis: answer)
                let members = answer["encrypted_shares"]?.array?.map { $0["share_set_member"]?["pub_key"]?.bytes }
                #expect(members == keys)
                // In both forms of a share; the second is the same share again.
                for (place, form) in forms.enumerated().dropLast() {
                    let shares = [
                        try ceremony.plain(place, form: form), try ceremony.sealed(place, form: form),
                    ]
                    #expect(try expectSuccess(ceremony.inject(shares))["shares_received"]?.int == place + 1)
                }
                let last = forms.count - 1
                _ = try expectSuccess(ceremony.inject([try ceremony.sealed(last, form: forms[last])]))
                try ceremony.expectInfo(Course.ready(after: Course.born), received: forms.count)
            }
        }

        private static let forms: [@Sendable (GenesisOrder) -> JSON] = [
            { $0.envelope },
            { $0.envelopeOfOneThreshold },
            { $0.envelopeOfOneThreshold.replacing(["parameters", "pivot"], with: nil) },
            { JSON.object(["parameters": $0.flat]) },
            { $0.flat.replacing(["dr_key"], with: .null) },
            { $0.flat.replacing(["pivot_hash"], with: JSON(bytes: [UInt8](repeating: 0, count: 32))) },
        ]

        @Test(
            "the envelope is the flat form in other words, and what is optional may be left out",
            arguments: forms.indices)
        func bodyForms(index: Int) throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                var order = GenesisOrder(2, of: try Member.group(of: 3))
                if index.isMultiple(of: 2) { order.aliasName = "member_alias" }
                let answer = try gateway.post("/enclave/genesis-boot", Self.forms[index](order).text)
                let ceremony = try Ceremony(gateway: gateway, order: order, genesis: expectSuccess(answer))
                try ceremony.expectInfo(Course.born, received: 0)
                try ceremony.provision()
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
            }
        }

        @Test("what is just within the limits is taken, and the sets need not be of the same people")
        func limits() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                var order = GenesisOrder(2, of: try Member.group(of: 2))
                order.namespaceName = String(repeating: "é", count: 128)
                order.namespaceNonce = 4_294_967_295
                order.manifestMembers = [try Member(7)]
                order.manifestThreshold = 1
                let alias = String(repeating: "🗝", count: 16)
                let body = order.flat.replacing(["manifest_members", 0, "alias"], with: .string(alias))
                    .replacing(["nonce"], with: JSON(bytes: [UInt8](repeating: 7, count: 512)))
                let answer = try expectSuccess(gateway.post("/enclave/genesis-boot", body.text))
                let ceremony = try Ceremony(gateway: gateway, order: order, genesis: answer)
                let manifest = answer["manifest_envelope"]?["manifest"]
                #expect(manifest?["manifestSet"]?["members"]?[0]?["alias"]?.string == alias)
                try ceremony.provision()
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
            }
        }
    }
}
