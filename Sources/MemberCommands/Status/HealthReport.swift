// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The answer to `GET /health`.
struct HealthReport: Decodable, Sendable {
    /// `healthy` or `unhealthy`.
    let status: String
    /// `connected` or `unreachable`.
    let enclave: String
    /// The gateway's.
    let version: String
    let uptimeSeconds: Double?

    private enum CodingKeys: String, CodingKey {
        case status, enclave, version
        case uptimeSeconds = "uptime_seconds"
    }
}
