// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The status as a person reads it.
struct StatusPage {
    private let status: GatewayStatus
    /// What to say of the key; nil where none is expected.
    private let keyVerdict: String?

    /// - Parameters:
    ///   - expectation: which key the enclave must hold.
    ///   - hasSameKey: whether it does; nil where it holds none.
    init(_ status: GatewayStatus, expecting expectation: FleetKey.Expectation = .any, hasSameKey: Bool? = nil) {
        self.status = status
        guard expectation != .any else {
            keyVerdict = nil
            return
        }
        let held = status.enclave?.key?.fingerprint.quoted
        keyVerdict = hasSameKey == true ? "held" : held.map { "NOT HELD: it holds \($0)" } ?? "NOT HELD: it holds none"
    }

    /// The lines, without line ends.
    var lines: [String] {
        var rows = LabelledLines()
        rows.add("Gateway", status.address.text)
        rows.add("Version", status.health.version + uptime)
        rows.add("Ready", status.isReady ? "yes" : "no")
        for shortcoming in status.readiness.shortcomings {
            rows.addBelow("- \(shortcoming)")
        }
        if let keyVerdict { rows.add("Expected key", keyVerdict) }
        guard let enclave = status.enclave else {
            rows.add("Enclave", status.health.enclave)
            return rows.lines
        }
        rows.add("Enclave", enclave.state + (enclave.since.map { " since \(Self.moment($0))" } ?? ""))
        if enclave.version != status.health.version { rows.addBelow("version \(enclave.version)") }
        rows.add("Mode", enclave.mode)
        rows.add("Attestation", enclave.attestation + Self.meaning(of: enclave.attestation))
        rows.add("Sandbox", enclave.sandbox.line)
        return rows.lines
    }

    private var uptime: String {
        guard let seconds = status.health.uptimeSeconds, let whole = Int(exactly: seconds.rounded(.down)) else {
            return ""
        }
        return ", up \(Self.span(seconds: whole))"
    }

    /// The root of emulated documents is public: anybody can make one.
    private static func meaning(of attestation: String) -> String {
        attestation == "emulated" ? " (can be forged: for development only)" : ""
    }

    /// The two largest units.
    static func span(seconds: Int) -> String {
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        if days > 0 { return "\(days) d \(hours % 24) h" }
        if hours > 0 { return "\(hours) h \(minutes % 60) min" }
        if minutes > 0 { return "\(minutes) min \(seconds % 60) s" }
        return "\(seconds) s"
    }

    /// RFC 3339 in UTC to the second, with a space for the `T`; anything else as it came.
    static func moment(_ text: String) -> String {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 10, parts[1].utf8.count >= 9, parts[1].hasSuffix("Z") else {
            return text
        }
        return "\(parts[0]) \(parts[1].prefix(8)) UTC"
    }
}
