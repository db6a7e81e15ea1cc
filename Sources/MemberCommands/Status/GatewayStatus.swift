// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a gateway says of itself and of its enclave.
struct GatewayStatus: Sendable {
    let address: GatewayAddress
    let readiness: ReadinessReport
    let health: HealthReport
    /// Absent where the gateway cannot ask its enclave.
    let enclave: EnclaveReport?
    /// The answers to `/health` and `/enclave/info` as they came, each on one line.
    private let healthJSON: String
    private let enclaveJSON: String?

    var isReady: Bool { readiness.isReady }

    /// Asks the three questions.
    ///
    /// - Throws: ``CommandFailure``; a gateway that is not ready, or has no enclave, is an answer and no failure.
    static func ask(_ client: GatewayClient) async throws -> Self {
        let readiness = try await answer(to: "/readyz?verbose", client)
        let health = try await answer(to: "/health", client)
        let enclave = try await answer(to: "/enclave/info", client)
        guard let healthReport = health.decoded(as: HealthReport.self), let healthJSON = health.json else {
            throw health.notUnderstood(from: client.address)
        }
        let enclaveReport = enclave.status == 200 ? enclave.decoded(as: EnclaveReport.self) : nil
        guard enclaveReport != nil || enclave.status != 200 else {
            throw enclave.notUnderstood(from: client.address)
        }
        return Self(
            address: client.address,
            readiness: ReadinessReport(readiness),
            health: healthReport,
            enclave: enclaveReport,
            healthJSON: healthJSON,
            enclaveJSON: enclaveReport == nil ? nil : enclave.json
        )
    }

    /// 200 and 503 are both answers.
    private static func answer(to path: String, _ client: GatewayClient) async throws -> GatewayAnswer {
        let answer = try await client.get(path)
        guard answer.status == 200 || answer.status == 503 else { throw answer.refusal(from: client.address) }
        return answer
    }

    /// One JSON object; the two answers in it are unchanged.
    var json: String {
        Self.json(of: address, ready: isReady, health: healthJSON, enclave: enclaveJSON)
    }

    /// The same object where the gateway gave no answer.
    static func unknownJSON(of address: GatewayAddress) -> String {
        json(of: address, ready: false, health: nil, enclave: nil)
    }

    private static func json(of address: GatewayAddress, ready: Bool, health: String?, enclave: String?) -> String {
        // An address has no character that JSON escapes.
        #"{"url":"\#(address.text)","ready":\#(ready),"health":\#(health ?? "null"),"enclave":\#(enclave ?? "null")}"#
    }
}
