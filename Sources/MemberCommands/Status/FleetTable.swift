// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// The status of several gateways as a person reads it: a line for each.
struct FleetTable {
    private let fleet: FleetStatus

    /// A hash or fingerprint is told from others by so many characters.
    private static let shortened = 12
    /// What a gateway says takes no more Unicode scalars than this.
    private static let widest = 32

    init(_ fleet: FleetStatus) {
        self.fleet = fleet
    }

    /// The lines, without line ends.
    var lines: [String] {
        let head = [
            "GATEWAY", "READY", "STATE", "KEY", "KEY CHECK", "MANIFEST", "SHARES", "VERSION", "ATTESTATION", "",
        ]
        let rows = [head] + fleet.members.map(cells)
        let widths = head.indices.map { column in rows.map { $0[column].displayWidth }.max() ?? 0 }
        let table = rows.map { row in
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
        return table + remarks
    }

    private func cells(_ member: FleetStatus.Member) -> [String] {
        guard let status = member.status else {
            return [member.address.text, "no", "no answer"] + Array(repeating: "-", count: 6) + [""]
        }
        let address = status.address.text
        guard let enclave = status.enclave else {
            return [address, status.isReady ? "yes" : "no", Self.cut(status.health.enclave)]
                + Array(repeating: "-", count: 4) + [Self.cut(status.health.version), "-", ""]
        }
        return [address, status.isReady ? "yes" : "no"] + Self.cells(of: enclave) + [mark(of: member)]
    }

    /// What an enclave says of itself: its state, key, key check, manifest, shares, version and attestation.
    static func cells(of enclave: EnclaveReport) -> [String] {
        [
            cut(enclave.state), enclave.key.map { cut($0.fingerprint, to: shortened) } ?? "-",
            enclave.key.map { cut($0.keyCheck, to: 2 * shortened) } ?? "-", manifest(of: enclave),
            shares(of: enclave), cut(enclave.version), cut("\(enclave.attestation), \(enclave.mode)"),
        ]
    }

    /// Its hash, and behind it the nonce that people know it by.
    private static func manifest(of enclave: EnclaveReport) -> String {
        guard let hash = enclave.manifestHash else { return "-" }
        let nonce = enclave.namespace.map { " nonce \($0.nonce)" } ?? ""
        return cut(Hex.encode(Array(hash.prefix(shortened))), to: shortened) + nonce
    }

    /// How many it has of those that it waits for.
    private static func shares(of enclave: EnclaveReport) -> String {
        guard enclave.keyCheck == nil, let received = enclave.sharesReceived, let threshold = enclave.threshold else {
            return "-"
        }
        return "\(received) of \(threshold)"
    }

    private func mark(of member: FleetStatus.Member) -> String {
        switch member.hasSameKey {
        case true: ""
        case false: "OTHER KEY"
        case nil: fleet.expectation == .any ? "" : "NO KEY"
        }
    }

    private static func cut(_ text: String, to length: Int = widest) -> String {
        CommandOutput.printable(text).cut(toScalars: length)
    }

    /// Below the table: why a gateway gave no answer, or is not ready.
    private var remarks: [String] {
        fleet.members.flatMap { member -> [String] in
            if let failure = member.failure { return ["\(member.address.text): \(failure.sentence)"] }
            return (member.status?.readiness.shortcomings ?? []).map { "\(member.address.text): \($0)" }
        }
    }
}
