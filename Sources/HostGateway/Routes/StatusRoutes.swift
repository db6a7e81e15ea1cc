// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// The *Service* part of the contract.
struct StatusRoutes: Sendable {
    /// What `/health` and `/readyz` give the enclave, whatever the other limits are.
    static let watchTimeout = TimeAmount.milliseconds(500)

    let timeout: TimeAmount
    let readiness: Readiness
    let registry: PrometheusRegistry
    let startedAt: ContinuousClock.Instant
    /// Where this gateway has peers.
    let joining: JoinStatus?

    var routes: [Route] {
        [
            get("/health") { _ in watch { health($0) } },
            get("/livez") { _ in .answer(livez()) },
            get("/readyz") { call in watch { readyz($0, isVerbose: Self.isVerbose(call.query)) } },
            get("/info") { _ in watch { info($0) } },
            get("/enclave/info") { _ in .call(enclaveInfo()) },
            get("/metrics") { _ in .answer(metrics()) },
        ]
    }

    private func get(_ path: String, _ begin: @escaping @Sendable (Call) throws -> Step) -> Route {
        Route(
            method: .get,
            path: path,
            body: .ignored,
            isAdmitted: false,
            example: "curl URL\(path)",
            begin: begin
        )
    }

    /// Asks the enclave, and answers whether it does or not.
    private func watch(_ answer: @escaping @Sendable (EnclaveInfo?) -> Answer) -> Step {
        .call(
            EnclaveCall(operation: .info, timeout: Self.watchTimeout) { outcome in
                answer(EnclaveInfo(outcome))
            }
        )
    }

    private var uptime: Int64 { startedAt.nanoseconds(until: .now) / 1_000_000_000 }

    // MARK: Watching

    private func health(_ info: EnclaveInfo?) -> Answer {
        let isHealthy = info.map { $0.phase != .unrecoverableError } ?? false
        return .json(status: isHealthy ? .ok : .serviceUnavailable) { object in
            object.string("status", isHealthy ? "healthy" : "unhealthy")
            object.string("enclave", info == nil ? "unreachable" : "connected")
            object.string("version", Version.product)
            object.integer("uptime_seconds", uptime)
        }
    }

    private func livez() -> Answer {
        .json { object in
            object.string("status", "alive")
            object.string("version", Version.product)
            object.integer("uptime_seconds", uptime)
        }
    }

    private static func isVerbose(_ query: Substring) -> Bool {
        query.split(separator: "&").contains { $0 == "verbose" || $0.hasPrefix("verbose=") }
    }

    private func readyz(_ info: EnclaveInfo?, isVerbose: Bool) -> Answer {
        let checks = readiness.checks(info)
        let failed = checks.first { !$0.isPassed }
        return .json(status: failed == nil ? .ok : .serviceUnavailable) { object in
            object.bool("ready", failed == nil)
            if let failed { object.string("reason", "\(failed.name): \(failed.finding)") }
            guard isVerbose else { return }
            object.objects("checks", checks) { object, check in
                object.string("name", check.name)
                object.bool("ok", check.isPassed)
                object.string("reason", check.finding)
            }
            guard let report = joining?.report else { return }
            object.object("join") { object in
                object.string("state", report.state.rawValue)
                object.string("reason", report.reason)
            }
        }
    }

    // MARK: Information

    /// What an enclave of this version can do, for as long as it cannot be asked.
    private static let capabilities = [
        "seed_generation", "seed_validation", "genesis_boot", "share_injection", "attestation", "manifest_sharing",
        "key_export", "key_injection",
    ]

    private func info(_ info: EnclaveInfo?) -> Answer {
        .json { object in
            object.string("version", Version.product)
            object.string("service", "QEMU Host API Gateway")
            object.string("enclave_id", info.map { Hex.encode($0.enclaveIdentifier) } ?? "unavailable")
            object.strings("capabilities", info?.capabilities ?? Self.capabilities)
            // Until a network test has been run, nothing is known to be reachable.
            object.string("network_status", "disconnected")
            object.bool("healthy", info.map { $0.phase != .unrecoverableError } ?? false)
        }
    }

    private func enclaveInfo() -> EnclaveCall {
        EnclaveCall(operation: .info, timeout: timeout) { outcome in
            guard case .info(let info) = try outcome.get().reply else { throw EnclaveCallError.wrongAnswer }
            return .json(capacity: 2048) { Self.write(info, to: &$0) }
        }
    }

    private static func write(_ info: EnclaveInfo, to object: inout JSONObject) {
        object.bool("healthy", info.phase != .unrecoverableError)
        object.string("version", info.version)
        object.string("enclave_id", Hex.encode(info.enclaveIdentifier))
        object.strings("capabilities", info.capabilities)
        object.string("state", info.phase.rawValue)
        object.objects("state_history", info.history) { object, entry in
            object.string("state", entry.phase.rawValue)
            object.string("entered_at", Timestamp.rfc3339(milliseconds: entry.enteredAt))
        }
        object.string("mode", info.mode.rawValue)
        object.string("attestation", info.attestation.rawValue)
        object.string("attestation_root", Hex.encode(info.attestationRoot))
        object.byteArray("application_hash", info.applicationHash)
        if let quorum = info.quorum { write(quorum, to: &object) }
        object.object("sandbox") { object in
            object.bool("seccomp", info.sandbox.seccomp)
            if let version = info.sandbox.landlockABI {
                object.integer("landlock_abi", version)
            } else {
                object.null("landlock_abi")
            }
        }
    }

    private static func write(_ quorum: EnclaveInfo.QuorumStatus, to object: inout JSONObject) {
        object.object("namespace") { object in
            object.string("name", quorum.namespace.name)
            object.integer("nonce", quorum.namespace.nonce)
        }
        object.byteArray("manifest_hash", quorum.manifestHash)
        object.byteArray("quorum_public_key", quorum.publicKey)
        object.string("quorum_key_fingerprint", Hex.encode(quorum.fingerprint))
        if let keyCheck = quorum.keyCheck { object.string("key_check", Hex.encode(keyCheck)) }
        object.integer("threshold", quorum.threshold)
        object.integer("shares_received", quorum.sharesReceived)
    }

    private func metrics() -> Answer {
        Answer(
            contentType: "text/plain; version=0.0.4; charset=utf-8",
            body: ByteBuffer(string: registry.exposition())
        )
    }
}

extension EnclaveInfo {
    /// What the enclave said of itself; `nil` where it did not.
    init?(_ outcome: EnclaveCall.Outcome) {
        guard case .success(let answer) = outcome, case .info(let info) = answer.reply else { return nil }
        self = info
    }
}
