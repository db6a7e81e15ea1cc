// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// The *Seeds* part of the contract.
struct SeedRoutes: Sendable {
    let timeout: TimeAmount

    var routes: [Route] {
        [
            Route(
                method: .post,
                path: "/generate-seed",
                body: .optional,
                isAdmitted: true,
                example: #"curl -X POST URL/generate-seed -H 'Content-Type: application/json' -d '{"strength":256}'"#,
                begin: { try generate($0) }
            ),
            Route(
                method: .post,
                path: "/validate-seed",
                body: .required,
                isAdmitted: true,
                example: "curl -X POST URL/validate-seed -H 'Content-Type: application/json' "
                    + #"-d '{"seed_phrase":"…"}'"#,
                begin: { try validate($0) }
            ),
        ]
    }

    // MARK: Generate

    private static let generateFields = ["strength", "passphrase", "language", "seed_type", "seed_data"]

    private func generate(_ call: Call) throws -> Step {
        let request = try SeedRequest(JSONBody(call.body, allowing: Self.generateFields))
        return .call(
            EnclaveCall(
                operation: request.operation,
                secrets: request.passphrase.map { [$0] } ?? [],
                timeout: timeout
            ) { outcome in
                let answer = try outcome.get()
                guard case .seed(let result) = answer.reply else { throw EnclaveCallError.wrongAnswer }
                return Self.answer(result, answer, to: request)
            }
        )
    }

    private static func answer(_ result: SeedResult, _ answer: EnclaveAnswer, to request: SeedRequest) -> Answer {
        .json { object in
            object.words("seed_phrase", answer.bytes(of: result.phrase))
            object.hex("entropy", answer.bytes(of: result.entropy))
            object.integer("strength", result.strength.rawValue)
            object.integer("word_count", result.strength.wordCount)
            if let seed = result.seed { object.hex("seed", answer.bytes(of: seed)) }
            if request.namesLanguage { object.string("language", result.language.rawValue) }
            if let seedType = request.seedType {
                object.string("seed_type", seedType)
                object.bool("deterministic", true)
            }
        }
    }

    // MARK: Validate

    private func validate(_ call: Call) throws -> Step {
        let body = try JSONBody(call.body, allowing: ["seed_phrase", "language"])
        guard let phrase = try body.text("seed_phrase").map(RedactedText.init) else {
            throw RequestError.missingField("seed_phrase")
        }
        guard phrase.count > 0 else {
            throw RequestError.outOfRange("seed_phrase", expected: "a phrase that is not empty")
        }
        let request = ValidateSeedRequest(
            phrase: SecretField(count: phrase.count),
            language: try SeedRequest.language(body)
        )
        return .call(
            EnclaveCall(operation: .validateSeed(request), secrets: [phrase], timeout: timeout) { outcome in
                guard case .verdict(let verdict) = try outcome.get().reply else { throw EnclaveCallError.wrongAnswer }
                return .json { Self.write(verdict, to: &$0) }
            }
        )
    }

    private static func write(_ verdict: SeedVerdict, to object: inout JSONObject) {
        object.bool("valid", verdict.flaw == nil)
        object.integer("word_count", verdict.wordCount)
        if let language = verdict.language {
            if let strength = SeedStrength(wordCount: Int(verdict.wordCount)) {
                object.integer("strength", strength.rawValue)
            }
            object.string("language", language.rawValue)
        }
        if let flaw = verdict.flaw { object.string("reason", flaw.rawValue) }
        if let position = verdict.position { object.integer("position", position) }
        if verdict.knownInLowerCase { object.string("hint", "the words of a phrase are in lower case") }
    }
}
