// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import Primitives
import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("secrets of a ceremony")
    struct CeremonyCanary {
        private static let passphrase = "kXq7vwzJbirdY3 passphrase"

        /// Parts of a secret in every form in which they could get out.
        static func forms(of secret: [UInt8]) -> [Data] {
            // A part of twelve bytes is no chance hit, and shows what was cut as well.
            let starts = Set([0, max(0, secret.count / 2 - 6), max(0, secret.count - 12)])
            return starts.flatMap { start -> [Data] in
                let part = Array(secret[start..<min(secret.count, start + 12)])
                let hex = Hex.encode(part)
                var texts = [hex, hex.uppercased()]
                texts += [",", ", ", " "].map { separator in part.map { "\($0)" }.joined(separator: separator) }
                // Base64 of a longer text has it at one of three places in a group.
                for skipped in 0..<3 {
                    let whole = Data(part.dropFirst(skipped).prefix(9)).base64EncodedString()
                    texts += [whole, whole.replacing("+", with: "-").replacing("/", with: "_")]
                }
                return [Data(part)] + texts.map { Data($0.utf8) }
            }
        }

        static func expectNone(of forms: [Data], in bytes: Data, _ place: String) {
            for form in forms where bytes.range(of: form) != nil {
                Issue.record("\(place) has \(String(decoding: form, as: UTF8.self))")
            }
        }

        @Test("no log at the most verbose level and no answer has a share, a seed, a phrase or a passphrase")
        func nothingLeaks() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace, ["LOG_LEVEL": "trace"], gateway: ["LOG_LEVEL": "trace"])
                let order = GenesisOrder(3, of: try Member.group(of: 4))
                var answers: [HTTPAnswer] = []
                let first = try pair.gateway.post("/enclave/genesis-boot", order.flat.text)
                answers.append(first)
                var ceremony = try Ceremony(gateway: pair.gateway, order: order, genesis: expectSuccess(first))
                answers += try Self.bringEverything(ceremony)
                let made = try Self.derive(ceremony)
                try pair.restart()
                let boot = try ceremony.bootBody(approvedBy: [0]).text
                answers.append(try pair.gateway.post("/enclave/boot-standard", boot))
                let key = try #require(try answers.last?.json()["ephemeral_key"]?.bytes)
                ceremony.ephemeralKey = try QuorumPublicKey(key)
                answers += try Self.bringEverything(ceremony)
                #expect(try Self.derive(ceremony) == made)
                for path in ["/enclave/info", "/enclave/manifest", "/enclave/genesis", "/metrics"] {
                    answers.append(try pair.gateway.get(path))
                }
                try pair.stop()

                let secrets = try Self.secrets(ceremony) + made
                let forms = secrets.flatMap { Self.forms(of: $0) }
                for answer in answers {
                    Self.expectNone(of: forms, in: Data(answer.body), "an answer of \(answer.status)")
                }
                let logs = pair.logs
                #expect(logs.count == 3)
                for log in logs {
                    // A log that has nothing of these requests would prove nothing.
                    #expect(log.bytes.range(of: Data("request_id=canary-shares".utf8)) != nil, "\(log.path)")
                    Self.expectNone(of: forms, in: log.bytes, log.path)
                }
            }
        }

        @Test("the search finds what it is to find")
        func search() {
            let secret = (0..<33).map { UInt8($0 * 7 % 256) }
            let log = Data("x".utf8) + Data(secret) + Data("x".utf8)
            let texts = [
                Hex.encode(secret), "0x" + Hex.encode(secret).uppercased(), "\(secret)",
                Data(secret).base64EncodedString(), Data([1] + secret).base64EncodedString(),
                Data([1, 2] + secret).base64EncodedString(),
            ]
            for bytes in [log] + texts.map({ Data("a log of \($0).".utf8) }) {
                #expect(Self.forms(of: secret).contains { bytes.range(of: $0) != nil })
            }
        }

        /// What no process may show: shares, the master seed and its keys, the members' seeds, the passphrase.
        static func secrets(_ ceremony: Ceremony) throws -> [[UInt8]] {
            let key = try ceremony.key()
            let seed = key.withSeed { seed in
                var copy: [UInt8] = []
                for index in seed.indices { copy.append(seed[index]) }
                return copy
            }
            let shares = try ceremony.order.shareMembers.indices.map { try ceremony.share($0) }
            // A share without its x too, and the text whose hash is published.
            return [seed, Array(Hex.encode(seed).utf8), Array(passphrase.utf8)] + shares
                + shares.map { Array($0.dropFirst()) } + ceremony.order.shareMembers.map(\.seed)
        }

        /// Brings shares in every way that is refused, and then those that are needed.
        private static func bringEverything(_ ceremony: Ceremony) throws -> [HTTPAnswer] {
            let plain = try ceremony.plain(0)
            let share = try ceremony.share(0)
            var bodies = [
                ceremony.body([plain.replacing(["member_alias"], with: "stranger")]),
                ceremony.body([plain.replacing(["member_alias"], with: "member2")]),
                ceremony.body([Ceremony.plain("member1", share + [0]), Ceremony.plain("member1", share.dropLast())]),
                ceremony.body([Ceremony.plain("member1", share.reversed(), form: .base64)]),
                ceremony.body([plain]).replacing(["namespace_nonce"], with: 1),
                ceremony.body([plain.replacing(["decrypted_share", 32], with: 256)]),
                ceremony.body([plain.replacing(["decrypted_share", 32], with: .number(0.5))]),
                ceremony.body([plain.replacing(["other"], with: plain["decrypted_share"])]),
                ceremony.body([plain.replacing(["sealed_share"], with: plain["decrypted_share"])]),
                ceremony.body([try ceremony.sealed(0).replacing(["sealed_share"], with: plain["decrypted_share"])]),
                ceremony.body([plain]).replacing(["namespace_name"], with: plain["decrypted_share"]),
                ceremony.body([plain]).replacing(["shares"], with: plain["decrypted_share"]),
            ].map(\.text)
            for form in ByteForm.allCases {
                let text = ceremony.body([try ceremony.plain(0, form: form)]).text
                bodies += [String(text.dropLast()), String(text.dropLast(4)), text + "x", text + text]
                bodies.append(text.replacing("decrypted_share", with: "decrypted"))
                bodies.append(text.replacing(#""shares""#, with: #""shares":[],"shares""#))
            }
            var answers: [HTTPAnswer] = []
            let identifier = [("X-Request-Id", "canary-shares")]
            for body in bodies {
                let answer = try ceremony.gateway.post("/enclave/inject-shares", body, headers: identifier)
                try expectListedRefusal(answer)
                let undeclared = HTTPCall("POST", "/enclave/inject-shares", body: Array(body.utf8))
                answers += [answer, try ceremony.gateway.answer(to: undeclared)]
            }
            for shares in [[plain], [try ceremony.plain(1, form: .base64URL)], [plain, try ceremony.sealed(2)]] {
                let body = ceremony.body(shares).text
                let answer = try ceremony.gateway.post("/enclave/inject-shares", body, headers: identifier)
                try expectSuccess(answer)
                answers.append(answer)
            }
            #expect(try answers.last?.json()["state"] == "ApplicationReady")
            return answers
        }

        /// Derives phrases, and gives what of them no log may have.
        private static func derive(_ ceremony: Ceremony) throws -> [[UInt8]] {
            var made: [[UInt8]] = []
            for language in ["english", "japanese", "korean", "french"] {
                for fields in [[:], ["passphrase": .string(passphrase)]] as [[String: JSON]] {
                    let body = JSON.object(
                        fields.merging(["seed_type": "t", "seed_data": "d", "language": .string(language)]) { $1 })
                    let answer = try expectSuccess(ceremony.gateway.post("/generate-seed", body.text))
                    let phrase = try #require(answer["seed_phrase"]?.string)
                    made.append(Array(phrase.utf8))
                    let entropy = try #require(answer["entropy"]?.string)
                    made.append(try #require(Hex.decode(entropy)))
                    if let seed = answer["seed"]?.string { made.append(try #require(Hex.decode(seed))) }
                    let judged = JSON.object(["seed_phrase": .string(phrase)])
                    try expectSuccess(ceremony.gateway.post("/validate-seed", judged.text))
                }
            }
            return made
        }
    }
}
