// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// What must hold for the gateway to call itself ready.
struct Readiness: Sendable {
    /// One condition and what was found.
    struct Check: Equatable, Sendable {
        let name: String
        let isPassed: Bool
        let finding: String
    }

    /// `READY_STATE`.
    let states: Set<Phase>
    /// `EXPECTED_QUORUM_KEY`: the SHA-256 of the quorum public key.
    let expectedKey: [UInt8]?

    /// - Parameter info: `nil` where the enclave did not answer.
    func checks(_ info: EnclaveInfo?) -> [Check] {
        var checks = [
            Check(
                name: "enclave",
                isPassed: info != nil,
                finding: info == nil ? "the enclave does not answer" : "the enclave answers"
            )
        ]
        if let info {
            let wanted = states.map(\.rawValue).sorted().joined(separator: ", ")
            checks.append(
                Check(
                    name: "state",
                    isPassed: states.contains(info.phase),
                    finding: "the state is \(info.phase.rawValue), wanted: \(wanted)"
                )
            )
        }
        if let expectedKey { checks.append(Self.key(info, expectedKey)) }
        return checks
    }

    /// A manifest names a key before it is held; only a key check tells that it is.
    private static func key(_ info: EnclaveInfo?, _ expectedKey: [UInt8]) -> Check {
        guard let quorum = info?.quorum, quorum.keyCheck != nil else {
            return Check(name: "quorum_key", isPassed: false, finding: "the enclave holds no quorum key")
        }
        let isExpected = quorum.fingerprint == expectedKey
        let finding = isExpected ? "the enclave holds the expected quorum key" : "the enclave holds another quorum key"
        return Check(name: "quorum_key", isPassed: isExpected, finding: finding)
    }
}
