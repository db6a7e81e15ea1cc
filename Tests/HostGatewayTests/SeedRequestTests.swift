// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

@Suite("requests for seeds")
struct SeedRequestTests {
    private func request(_ json: String) throws(RequestError) -> SeedRequest {
        let fields = ["strength", "passphrase", "language", "seed_type", "seed_data"]
        return try SeedRequest(JSONBody(ByteBuffer(string: json), allowing: fields))
    }

    private func generate(
        _ strength: SeedStrength,
        _ language: SeedLanguage = .english,
        passphrase: Int? = nil
    ) -> Protocol.Operation {
        .generateSeed(
            GenerateSeedRequest(
                strength: strength, language: language, passphrase: passphrase.map { SecretField(count: $0) }))
    }

    @Test(
        "nothing said means 256 bits in English, and the language is not named",
        arguments: ["", "{}", #"{"seed_type":null}"#, #"{"seed_type":null,"seed_data":null}"#])
    func defaults(json: String) throws {
        let request = try request(json)
        #expect(request.operation == generate(.bits256))
        #expect(request.passphrase == nil)
        #expect(request.seedType == nil)
        #expect(!request.namesLanguage)
    }

    @Test("each strength is one", arguments: SeedStrength.allCases)
    func strengths(strength: SeedStrength) throws {
        #expect(try request("{\"strength\":\(strength.rawValue)}").operation == generate(strength))
    }

    @Test(
        "no other strength is, however large",
        arguments: ["0", "127", "129", "255", "257", "512", "-128", "65664", "1e300", "99999999999999999999", "128.5"])
    func noStrengths(number: String) {
        let error = #expect(throws: RequestError.self) { try request("{\"strength\":\(number)}") }
        #expect(error?.field == "strength")
        #expect(error?.reason == (number == "128.5" ? .wrongType : .outOfRange))
        if error?.reason == .outOfRange {
            #expect(error?.message == "The field \"strength\" must be one of 128, 160, 192, 224, 256.")
        }
    }

    @Test("each language is one, and is named in the answer", arguments: SeedLanguage.allCases)
    func languages(language: SeedLanguage) throws {
        let request = try request("{\"language\":\"\(language.rawValue)\"}")
        #expect(request.operation == generate(.bits256, language))
        #expect(request.namesLanguage)
    }

    @Test("no other language is", arguments: ["", "English", "russian", "chinese", "en"])
    func noLanguages(name: String) {
        let error = #expect(throws: RequestError.self) { try request("{\"language\":\"\(name)\"}") }
        #expect(error?.reason == .outOfRange)
        #expect(error?.field == "language")
    }

    @Test("a passphrase is passed on in its bytes, an empty one too", arguments: ["", "TREZOR", "é", "e\u{301}", "🔑"])
    func passphrase(text: String) throws {
        let request = try request("{\"passphrase\":\"\(text)\"}")
        #expect(request.passphrase?.bytes == Array(text.utf8))
        #expect(request.operation == generate(.bits256, passphrase: text.utf8.count))
    }

    @Test("a passphrase of 1024 bytes is taken, a longer one is not")
    func longPassphrase() throws {
        let longest = String(repeating: "é", count: 512)
        #expect(try request("{\"passphrase\":\"\(longest)\"}").passphrase?.count == 1024)
        let error = #expect(throws: RequestError.self) { try request("{\"passphrase\":\"\(longest)x\"}") }
        #expect(error == .outOfRange("passphrase", expected: "at most 1024 bytes of UTF-8"))
    }

    @Test("type and data ask for a derived seed, and each demands the other")
    func derived() throws {
        let request = try request(#"{"seed_type":"t","seed_data":"","strength":128}"#)
        #expect(request.seedType == "t")
        #expect(
            request.operation
                == .deriveSeed(
                    DeriveSeedRequest(
                        seedType: "t", seedData: "", strength: .bits128, language: .english, passphrase: nil)))
        #expect(throws: RequestError.missingField("seed_data")) { try self.request(#"{"seed_type":"t"}"#) }
        #expect(throws: RequestError.missingField("seed_data")) {
            try self.request(#"{"seed_type":"t","seed_data":null}"#)
        }
        #expect(throws: RequestError.missingField("seed_type")) { try self.request(#"{"seed_data":"d"}"#) }
    }

    @Test("type and data have their lengths in bytes")
    func derivedLengths() throws {
        func json(_ type: Int, _ data: Int) -> String {
            let text = { (count: Int) in String(repeating: "x", count: count) }
            return "{\"seed_type\":\"\(text(type))\",\"seed_data\":\"\(text(data))\"}"
        }
        #expect(try request(json(128, 4096)).seedType?.utf8.count == 128)
        for (type, data, field) in [(0, 1, "seed_type"), (129, 1, "seed_type"), (1, 4097, "seed_data")] {
            let error = #expect(throws: RequestError.self) { try request(json(type, data)) }
            #expect(error?.reason == .outOfRange)
            #expect(error?.field == field)
        }
    }

    @Test(
        "null is a wrong type everywhere else",
        arguments: ["strength", "language", "passphrase"])
    func null(field: String) {
        let error = #expect(throws: RequestError.self) { try request("{\"\(field)\":null}") }
        #expect(error?.reason == .wrongType)
        #expect(error?.field == field)
    }
}
