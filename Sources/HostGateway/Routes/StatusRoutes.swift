// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// The *Service* part of the contract.
struct StatusRoutes: Sendable {
    /// What `/health` and `/readyz` give the enclave, whatever the other limits are.
    static let watchTimeout = TimeAmount.milliseconds(500)

    let enclave: EnclaveClient
    let timeout: TimeAmount
    let readiness: Readiness
    let registry: PrometheusRegistry
    let startedAt: ContinuousClock.Instant

    var routes: [Route] {
        [
            get("/health", health),
            get("/livez", livez),
            get("/readyz", readyz),
            get("/info", info),
            get("/enclave/info", enclaveInfo),
            get("/metrics", metrics),
        ]
    }

    private func get(_ path: String, _ answer: @escaping @Sendable (Call) async throws -> Answer) -> Route {
        Route(
            method: .get,
            path: path,
            body: .ignored,
            isAdmitted: false,
            example: "curl URL\(path)",
            answer: answer
        )
    }

    private func watch(_ call: Call) async -> EnclaveInfo? {
        try? await enclave.info(requestIdentifier: call.requestIdentifier, timeout: Self.watchTimeout)
    }

    private var uptime: Int64 { startedAt.nanoseconds(until: .now) / 1_000_000_000 }

    // MARK: Watching

    @Sendable private func health(_ call: Call) async -> Answer {
        let info = await watch(call)
        let isHealthy = info.map { $0.phase != .unrecoverableError } ?? false
        return .json(status: isHealthy ? .ok : .serviceUnavailable) { object in
            object.string("status", isHealthy ? "healthy" : "unhealthy")
            object.string("enclave", info == nil ? "unreachable" : "connected")
            object.string("version", Version.product)
            object.integer("uptime_seconds", uptime)
        }
    }

    @Sendable private func livez(_ call: Call) async -> Answer {
        .json { object in
            object.string("status", "alive")
            object.string("version", Version.product)
            object.integer("uptime_seconds", uptime)
        }
    }

    @Sendable private func readyz(_ call: Call) async -> Answer {
        let checks = readiness.checks(await watch(call))
        let failed = checks.first { !$0.isPassed }
        return .json(status: failed == nil ? .ok : .serviceUnavailable) { object in
            object.bool("ready", failed == nil)
            if let failed { object.string("reason", "\(failed.name): \(failed.finding)") }
            guard call.query.split(separator: "&").contains(where: { $0 == "verbose" || $0.hasPrefix("verbose=") })
            else { return }
            object.objects("checks", checks) { object, check in
                object.string("name", check.name)
                object.bool("ok", check.isPassed)
                object.string("reason", check.finding)
            }
        }
    }

    // MARK: Information

    private static let capabilities = ["seed_generation", "seed_validation"]

    @Sendable private func info(_ call: Call) async -> Answer {
        let info = await watch(call)
        return .json { object in
            object.string("version", Version.product)
            object.string("service", "QEMU Host API Gateway")
            object.string("enclave_id", info.map { Hex.encode($0.enclaveIdentifier) } ?? "unavailable")
            object.strings("capabilities", info?.capabilities ?? Self.capabilities)
            // Until a network test has been run, nothing is known to be reachable.
            object.string("network_status", "disconnected")
            object.bool("healthy", info.map { $0.phase != .unrecoverableError } ?? false)
        }
    }

    @Sendable private func enclaveInfo(_ call: Call) async throws -> Answer {
        let info = try await enclave.info(requestIdentifier: call.requestIdentifier, timeout: timeout)
        return .json(capacity: 1024) { object in
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
            object.byteArray("application_hash", info.applicationHash)
            object.object("sandbox") { object in
                object.bool("seccomp", info.sandbox.seccomp)
                if let version = info.sandbox.landlockABI {
                    object.integer("landlock_abi", version)
                } else {
                    object.null("landlock_abi")
                }
            }
        }
    }

    @Sendable private func metrics(_ call: Call) async -> Answer {
        Answer(
            contentType: "text/plain; version=0.0.4; charset=utf-8",
            body: ByteBuffer(string: registry.exposition())
        )
    }
}
