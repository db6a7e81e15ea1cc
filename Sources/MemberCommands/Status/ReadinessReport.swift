// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The answer to `GET /readyz?verbose`: the status decides, the body says why.
struct ReadinessReport: Sendable, Equatable {
    let isReady: Bool
    /// Why not, one line each; empty where it is ready.
    let shortcomings: [String]

    init(_ answer: GatewayAnswer) {
        isReady = answer.status == 200
        let body = answer.decoded(as: Body.self)
        shortcomings = isReady ? [] : body?.shortcomings ?? ["the gateway does not say why"]
    }
}

/// What the contract leaves open is read leniently: a body in another form costs the reasons, not the page.
private struct Body: Decodable {
    struct Check: Decodable {
        let name: String
        let ok: Bool
        let reason: String?
    }

    let checks: [Check]
    let error: String?
    let hint: String?

    private enum CodingKeys: String, CodingKey {
        case checks, error, hint
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        checks = (try? fields.decode([Check].self, forKey: .checks)) ?? []
        error = try? fields.decode(String.self, forKey: .error)
        hint = try? fields.decode(String.self, forKey: .hint)
    }

    /// The checks that failed, else the sentence of an error body; absent where there is neither.
    var shortcomings: [String]? {
        let failed = checks.filter { !$0.ok }.map { check in
            check.reason.map { "\(check.name): \($0)" } ?? check.name
        }
        let reasons = failed.isEmpty ? error.map { [$0] } : failed
        return reasons.map { $0 + (hint.map { ["hint: \($0)"] } ?? []) }
    }
}
