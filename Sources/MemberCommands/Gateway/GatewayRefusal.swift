// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The gateway's error body.
struct GatewayRefusal: Decodable, Equatable {
    /// One sentence for a person.
    let error: String
    let reason: String
    let requestIdentifier: String?
    let field: String?
    let state: String?
    let allowedStates: [String]?
    let hint: String?

    private enum CodingKeys: String, CodingKey {
        case error, reason, field, state, hint
        case requestIdentifier = "request_id"
        case allowedStates = "allowed_states"
    }

    /// What a person sees of it.
    var details: [CommandFailure.Detail] {
        var details = [CommandFailure.Detail(label: "reason", text: reason)]
        if let field { details.append(.init(label: "field", text: field)) }
        if let state { details.append(.init(label: "state", text: state + allowed)) }
        if let hint { details.append(.init(label: "hint", text: hint)) }
        if let requestIdentifier { details.append(.init(label: "request id", text: requestIdentifier)) }
        return details
    }

    private var allowed: String {
        guard let allowedStates, !allowedStates.isEmpty else { return "" }
        return " (needed: \(allowedStates.joined(separator: ", ")))"
    }
}

extension GatewayAnswer {
    /// The failure that an answer of another status than the expected one is.
    func refusal(from address: GatewayAddress) -> CommandFailure {
        if (300..<400).contains(status) {
            return .failed(
                "\(address.text) answered with a redirect (HTTP \(status)), which is never followed.",
                hint: "Give the final address with --url or \(GatewayOptions.variable)."
            )
        }
        guard let refusal = decoded(as: GatewayRefusal.self) else { return notUnderstood(from: address) }
        return .refused(refusal.error, details: refusal.details)
    }

    /// The failure that an answer which the contract does not know is. Nothing of it is shown.
    func notUnderstood(from address: GatewayAddress) -> CommandFailure {
        var details: [CommandFailure.Detail] = [
            .init(label: "hint", text: "Is this the address of a renclave gateway, with its path prefix if it has one?")
        ]
        if let requestIdentifier { details.append(.init(label: "request id", text: requestIdentifier)) }
        return .refused(
            "\(address.text) answered something (HTTP \(status)) that is not understood, and it is not shown.",
            details: details
        )
    }
}
