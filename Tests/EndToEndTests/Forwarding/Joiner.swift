// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// Instances that join a fleet by themselves.
enum Joiner {
    /// Starts one, and leaves it to itself.
    ///
    /// - Parameters:
    ///   - peers: as `PEERS` has them.
    ///   - gateway: further settings of the gateway.
    static func start(
        _ workplace: Workplace,
        peers: [String],
        _ settings: [String: String] = [:],
        gateway: [String: String] = [:],
        executable: Executable = .developmentEnclave
    ) throws -> RestartablePair {
        let usual = [
            "PEERS": peers.joined(separator: ","), "READY_STATE": "ApplicationReady", "LOG_LEVEL": "debug",
        ]
        return try RestartablePair(
            workplace, settings, gateway: usual.merging(gateway) { $1 }, executable: executable, isReady: false)
    }
}

extension RestartablePair {
    /// As `PEERS` has this instance.
    var url: String { "http://127.0.0.1:\(gateway.port)" }

    /// Waits until this instance is ready, and gives what shows which key it has.
    func joined() throws -> KeyEvidence {
        try gateway.waitUntilReady()
        return try KeyEvidence(gateway)
    }

    /// What `/readyz?verbose` says of the joining, once it says what is wanted.
    func waitForReport(
        _ condition: String, _ holds: @escaping (_ state: String, _ reason: String) -> Bool
    ) throws {
        try wait(until: condition, found: { [gateway] in "\((try? gateway.get("/readyz?verbose").text) ?? "")" }) {
            let answer = try gateway.get("/readyz?verbose")
            guard answer.status == 503, let join = try answer.json()["join"] else { return false }
            return holds(join["state"]?.string ?? "", join["reason"]?.string ?? "")
        }
    }
}

extension RunningGateway {
    /// As `PEERS` has this gateway.
    var url: String { "http://127.0.0.1:\(port)" }
}
