// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("requests for a genesis that are refused", .runningPair())
    struct RefusedGenesis {
        private let gateway: RunningGateway
        private let order: GenesisOrder

        init() throws {
            gateway = try Pair.shared.gateway
            order = GenesisOrder(2, of: try Member.group(of: 3))
        }

        private static let thresholds = [
            Fault("share threshold 0", ["share_threshold"], 0, "out_of_range", "share_threshold"),
            Fault("share threshold 1", ["share_threshold"], 1, "out_of_range", "share_threshold"),
            Fault("share threshold above the members", ["share_threshold"], 4, "out_of_range", "share_threshold"),
            Fault("a huge share threshold", ["share_threshold"], 4_294_967_298, "out_of_range", "share_threshold"),
            Fault("a negative share threshold", ["share_threshold"], -2, "out_of_range", "share_threshold"),
            Fault("manifest threshold 0", ["manifest_threshold"], 0, "out_of_range", "manifest_threshold"),
            Fault("manifest threshold 4 of 3", ["manifest_threshold"], 4, "out_of_range", "manifest_threshold"),
            Fault("a fraction", ["share_threshold"], .number(2.5), "wrong_type", "share_threshold"),
            Fault("a text for a threshold", ["manifest_threshold"], "2", "wrong_type", "manifest_threshold"),
        ]

        private static let namespaces = [
            Fault("no name", ["namespace_name"], "", "out_of_range", "namespace_name"),
            Fault(
                "a name of 257 bytes", ["namespace_name"], .string(String(repeating: "é", count: 128) + "a"),
                "out_of_range", "namespace_name"),
            Fault("a name that is a number", ["namespace_name"], 5, "wrong_type", "namespace_name"),
            Fault("a negative nonce", ["namespace_nonce"], -1, "out_of_range", "namespace_nonce"),
            Fault("a nonce of 33 bits", ["namespace_nonce"], 4_294_967_296, "out_of_range", "namespace_nonce"),
            Fault("a nonce of a half", ["namespace_nonce"], .number(0.5), "wrong_type", "namespace_nonce"),
            Fault("a nonce as text", ["namespace_nonce"], "1", "wrong_type", "namespace_nonce"),
            Fault("null", ["namespace_nonce"], .null, "wrong_type", "namespace_nonce"),
        ]

        private static let optional = [
            Fault("a pivot hash of 31 bytes", ["pivot_hash"], .string(zeros(31)), "out_of_range", "pivot_hash"),
            Fault("a pivot hash that is null", ["pivot_hash"], .null, "wrong_type", "pivot_hash"),
            Fault(
                "another pivot", ["pivot_hash"], .string(String(repeating: "ab", count: 32)), "pivot_mismatch",
                "pivot_hash"),
            Fault("pivot arguments", ["pivot_args"], ["-v"], "pivot_mismatch", "pivot_args"),
            Fault("a pivot argument that is a number", ["pivot_args"], [1], "wrong_type", "pivot_args[0]"),
            Fault("a recovery key of 129 bytes", ["dr_key"], .string(zeros(129)), "out_of_range", "dr_key"),
            Fault("a recovery key off the curve", ["dr_key"], .string(zeros(130)), "bad_public_key", "dr_key"),
            Fault("a nonce of 513 bytes", ["nonce"], .string(zeros(513)), "out_of_range", "nonce"),
            Fault("a field nobody knows", ["share_treshold"], 2, "unknown_field", "share_treshold"),
            Fault("a threshold for both, flat", ["threshold"], 2, "unknown_field", "threshold"),
        ]

        private static let absent = [
            "namespace_name", "namespace_nonce", "manifest_members", "manifest_threshold", "share_members",
            "share_threshold",
        ].map { Fault("no \($0)", [.member($0)], nil, "missing_field", $0) }

        /// The same for both lists of members.
        private static let members = ["manifest_members", "share_members"].flatMap { list -> [Fault] in
            let first: [JSONStep] = [.member(list), 0]
            let alias = "\(list)[0].alias"
            let key = "\(list)[0].pub_key"
            return [
                Fault("\(list): none", [.member(list)], [], "out_of_range", list),
                Fault("\(list): no list", [.member(list)], [:], "wrong_type", list),
                Fault("\(list): a number", first, 5, "wrong_type", "\(list)[0]"),
                Fault("\(list): no alias", first + ["alias"], nil, "missing_field", alias),
                Fault("\(list): no key", first + ["pub_key"], nil, "missing_field", key),
                Fault("\(list): an empty alias", first + ["alias"], "", "out_of_range", alias),
                Fault(
                    "\(list): an alias of 65 bytes", first + ["alias"], .string(String(repeating: "a", count: 65)),
                    "out_of_range", alias),
                Fault("\(list): a bell", first + ["alias"], "a\u{7}b", "out_of_range", alias),
                Fault("\(list): a C1 control", first + ["alias"], "a\u{85}b", "out_of_range", alias),
                Fault(
                    "\(list): an alias twice", first + ["alias"], "member2", "duplicate_member",
                    "\(list)[1].alias"),
                Fault(
                    "\(list): two names for an alias", first + ["member_alias"], "m", "unknown_field",
                    "\(list)[0].member_alias"),
                Fault("\(list): a key that is a number", first + ["pub_key"], 5, "wrong_type", key),
                Fault("\(list): 129 bytes", first + ["pub_key"], .string(zeros(129)), "out_of_range", key),
                Fault("\(list): 131 bytes", first + ["pub_key"], .string(zeros(131)), "out_of_range", key),
                Fault("\(list): no bytes", first + ["pub_key"], [], "out_of_range", key),
                Fault("\(list): zeros", first + ["pub_key"], .string(zeros(130)), "bad_public_key", key),
                Fault("\(list): half a digit pair", first + ["pub_key"], "0x041", "bad_encoding", key),
                Fault("\(list): no hex", first + ["pub_key"], "hello world!", "bad_encoding", key),
                Fault("\(list): bad base64", first + ["pub_key"], "base64:A+-A", "bad_encoding", key),
                Fault("\(list): a byte of 256", first + ["pub_key"], [4, 256], "bad_encoding", key),
                Fault("\(list): a byte of -1", first + ["pub_key"], [4, -1], "bad_encoding", key),
                Fault("\(list): half a byte", first + ["pub_key"], [.number(0.5)], "wrong_type", key),
                Fault("\(list): text among bytes", first + ["pub_key"], ["4"], "wrong_type", key),
            ]
        }

        private static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

        @Test("a fault in the flat form", arguments: thresholds + namespaces + optional + absent + members)
        func flat(fault: Fault) throws {
            let body = order.flat.replacing(fault.path, with: fault.value)
            try expectRefusal(
                gateway.post("/enclave/genesis-boot", body.text), fault.status, fault.reason,
                field: .string(fault.field))
        }

        @Test(
            "the same fault in the envelope has the envelope's name",
            arguments: thresholds + namespaces + absent + members)
        func envelope(fault: Fault) throws {
            let body = order.envelope.replacing(["parameters"] + fault.path, with: fault.value)
            try expectRefusal(
                gateway.post("/enclave/genesis-boot", body.text), fault.status, fault.reason,
                field: .string("parameters.\(fault.field)"))
        }

        @Test(
            "a fault of the envelope itself",
            arguments: [
                Fault("another activity", ["type"], "ACTIVITY_TYPE_OTHER", "out_of_range", "type"),
                Fault("a time as a number", ["timestampMs"], 1, "wrong_type", "timestampMs"),
                Fault("no object", ["parameters"], [], "wrong_type", "parameters"),
                Fault("a flat field beside it", ["namespace_name"], "n", "unknown_field", "namespace_name"),
                Fault(
                    "one threshold beside two", ["parameters", "threshold"], 2, "unknown_field",
                    "parameters.manifest_threshold"),
                Fault(
                    "another pivot", ["parameters", "pivot", "hash"], .string(String(repeating: "ab", count: 32)),
                    "pivot_mismatch", "parameters.pivot.hash"),
                Fault(
                    "pivot arguments", ["parameters", "pivot", "args"], ["x"], "pivot_mismatch",
                    "parameters.pivot.args"),
                Fault(
                    "a flat pivot", ["parameters", "pivot_hash"], .string(zeros(32)), "unknown_field",
                    "parameters.pivot_hash"),
                Fault(
                    "an unknown field of the pivot", ["parameters", "pivot", "env"], [:], "unknown_field",
                    "parameters.pivot.env"),
            ]
        )
        func envelopeItself(fault: Fault) throws {
            let body = order.envelope.replacing(fault.path, with: fault.value)
            try expectRefusal(
                gateway.post("/enclave/genesis-boot", body.text), fault.status, fault.reason,
                field: .string(fault.field))
        }

        @Test("one threshold that one of the sets cannot have is named as it was sent", arguments: [0, 1, 4, 300])
        func oneThreshold(value: Int) throws {
            let body = order.envelopeOfOneThreshold.replacing(
                ["parameters", "threshold"], with: .number(Double(value)))
            try expectRefusal(
                gateway.post("/enclave/genesis-boot", body.text), 400, "out_of_range", field: "parameters.threshold")
        }

        @Test("points that occur twice or are equal are named with their member")
        func points() throws {
            let keys = order.shareMembers.map(\.key.publicKey)
            let (first, second) = (keys[0], keys[1])
            let cases: [([UInt8], JSON, Int)] = [
                (first.bytes, "duplicate_member", 1),
                (first.encryptionPoint + second.signingPoint, "duplicate_member", 1),
                (second.encryptionPoint + first.signingPoint, "duplicate_member", 1),
                (second.encryptionPoint + second.encryptionPoint, "bad_public_key", 1),
                (second.encryptionPoint + [4] + [UInt8](repeating: 1, count: 64), "bad_public_key", 1),
                ([2] + second.bytes.dropFirst(), "bad_public_key", 1),
            ]
            for list in ["manifest_members", "share_members"] {
                for (key, reason, place) in cases {
                    let body = order.flat.replacing(
                        [.member(list), .element(place), "pub_key"], with: JSON(bytes: key))
                    try expectRefusal(
                        gateway.post("/enclave/genesis-boot", body.text), 400, reason,
                        field: .string("\(list)[\(place)].pub_key"))
                }
            }
            let equal = order.flat.replacing(["dr_key"], with: JSON(bytes: first.signingPoint + first.signingPoint))
            try expectRefusal(
                gateway.post("/enclave/genesis-boot", equal.text), 400, "bad_public_key", field: "dr_key")
        }

        @Test("more than 255 members are refused, and one member who would hold every share")
        func counts() throws {
            let member = try #require(order.flat["share_members"]?[0])
            for (list, members) in [
                ("share_members", [JSON](repeating: member, count: 256)),
                ("manifest_members", [JSON](repeating: member, count: 256)), ("share_members", [member]),
            ] {
                let body = order.flat.replacing([.member(list)], with: .array(members))
                try expectRefusal(
                    gateway.post("/enclave/genesis-boot", body.text), 400, "out_of_range", field: .string(list))
            }
        }

        @Test(
            "what is no JSON object is refused as everywhere",
            arguments: [
                BadBody("", "missing_field"), BadBody("{", "invalid_json"), BadBody("[]", "wrong_type"),
                BadBody("null", "wrong_type"), BadBody("{}", "missing_field", field: "namespace_name"),
                BadBody(#"{"namespace_name":"a","namespace_name":"b"}"#, "duplicate_key"),
                BadBody(#"{"parameters":{}}"#, "missing_field", field: "parameters.namespace_name"),
                BadBody(#"{"parameters":{"namespace_name":"a","namespace_name":"b"}}"#, "duplicate_key"),
                BadBody(#"{} {}"#, "invalid_json"),
            ]
        )
        func malformed(bad: BadBody) throws {
            for path in ["/enclave/genesis-boot", "/enclave/inject-shares", "/enclave/boot-standard"] {
                // The two others have no field of these names.
                guard path == "/enclave/genesis-boot" || bad.field == nil else { continue }
                let answer = try gateway.post(path, bad.body)
                let isNamed = path == "/enclave/genesis-boot" || bad.reason != "duplicate_key"
                if isNamed { try expectRefusal(answer, bad.status, bad.reason, field: bad.field) }
                #expect(try expectListedRefusal(answer).isEmpty == false)
            }
        }

        @Test("shares for an enclave that waits for a boot are refused with the states that take them")
        func tooEarly() throws {
            let share: JSON = ["member_alias": "member1", "decrypted_share": .string(Self.zeros(33))]
            let body: JSON = ["namespace_name": "n", "namespace_nonce": 1, "shares": [share]]
            let refusal = try expectRefusal(
                gateway.post("/enclave/inject-shares", body.text), 409, "wrong_state")
            #expect(refusal["state"] == "WaitingForBootInstruction")
            #expect(refusal["allowed_states"] == ["WaitingForQuorumShards"])
        }
    }
}
