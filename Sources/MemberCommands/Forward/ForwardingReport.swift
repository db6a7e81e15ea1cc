// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What is told of one target while the key is forwarded to it: a line for each check, or, for a script, one object.
struct ForwardingReport: Sendable {
    let target: GatewayAddress
    private let output: CommandOutput
    private let isJSON: Bool
    private var checks: [String] = []
    private(set) var outcome: Result<KeyForwarding.Outcome, CommandFailure>?

    init(of target: GatewayAddress, output: CommandOutput, json: Bool) {
        self.target = target
        self.output = output
        isJSON = json
    }

    /// Whether the target holds the key.
    var isDone: Bool { (try? outcome?.get()) != nil }

    /// Begins to tell.
    func begin() throws(OutputError) {
        if !isJSON { try output.lines(["Target \(target.text)"]) }
    }

    /// Tells a check that held.
    mutating func tell(_ line: String) throws(OutputError) {
        checks.append(line)
        if !isJSON { try output.lines(["  \(line)"]) }
    }

    /// Says that the gateway alone says that the target holds the key.
    func remarkUnverified() {
        output.remark(
            "Not verified: that the enclave of \(target.text) holds the key; its gateway alone says so (--root, "
                + "--policy).")
    }

    /// Tells how it ended.
    mutating func end(_ outcome: Result<KeyForwarding.Outcome, CommandFailure>) throws(OutputError) {
        self.outcome = outcome
        if case .failure(let failure) = outcome {
            if !isJSON { try output.lines(["  FAILED"]) }
            output.failure(failure, of: target.text)
        }
    }

    /// For a script.
    var json: JSONValue {
        let failure: CommandFailure? = if case .failure(let failure) = outcome { failure } else { nil }
        return .fields([
            "url": .string(target.text),
            "done": .bool(isDone),
            "outcome": .string((try? outcome?.get())?.rawValue ?? "failed"),
            "checks": .array(checks.map { .string($0) }),
            "error": failure.map { .string($0.sentence) } ?? .null,
        ])
    }
}
