// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
package import EnclaveCore
import Glibc
import Logging
import Primitives
import ProcessStart
import Protocol
package import Quorum
import SecretMemory
import Settings
import StructuredLog

/// The life of an enclave process, in the order that `docs/security.md` gives: everything before the first thread
/// happens in ``run(policy:measuring:)`` itself.
package enum EnclaveProcess {
    /// Measures an enclave: its executable, and the policy that it follows.
    package typealias Measuring = (ApplicationHash, EnclavePolicy) -> Measurements

    /// Parses, protects the process, tests itself, and serves until it is told to stop. Does not return.
    ///
    /// - Parameters:
    ///   - policy: what the executable demands; nothing that an operator sets can loosen it.
    ///   - measuring: who vouches for the enclave; absent where this build has nobody, and then it does not start.
    package static func run(policy: EnclavePolicy, measuring: Measuring?) -> Never {
        let environment = ProcessEnvironment.variables()
        do throws(StartFailure) {
            let settings = try readSettings(environment)
            try refuseSteering(policy, environment)
            let stopSignals = renclave_open_stop_signals()
            guard stopSignals >= 0 else { throw StartFailure("signals could not be set up", .internalFailure) }
            let group = try protect(settings)
            try refuseWhatIsLacking(policy)
            guard let measuring else { throw StartFailure("nobody vouches for this enclave", .protectionMissing) }
            try serve(
                settings,
                settings.rehearsesProduction ? policy.rehearsingProduction : policy,
                measuring,
                group: group,
                stopSignals: stopSignals
            )
        } catch {
            StandardError.write("\(programName): \(error.message)\n")
            exit(error.status.rawValue)
        }
        exit(ExitStatus.success.rawValue)
    }

    private static var programName: String {
        CommandLine.arguments.first.map { String($0.split(separator: "/").last ?? "") } ?? "renclave-enclave"
    }

    private static func readSettings(_ environment: [String: String]) throws(StartFailure) -> EnclaveSettings {
        let flags = CommandLineFlags.parse(EnclaveFlags.self)
        do {
            let reader = try SettingsReader(
                flags: flags.bySettingName,
                environment: environment,
                knownNames: SettingNames.all
            )
            return try EnclaveSettings(from: reader)
        } catch {
            throw StartFailure("\(error)", .misuse)
        }
    }

    private static func refuseSteering(
        _ policy: EnclavePolicy,
        _ environment: [String: String]
    ) throws(StartFailure) {
        guard policy.refusesSteeringEnvironment else { return }
        let steering = ProcessProtection.steeringVariables(in: Array(environment.keys))
        guard steering.isEmpty else {
            throw StartFailure(
                "the environment steers the loader or a library: unset \(steering.joined(separator: ", "))",
                .protectionMissing
            )
        }
    }

    /// - Returns: the group that the socket is given to.
    private static func protect(_ settings: EnclaveSettings) throws(StartFailure) -> UInt32? {
        do {
            let user = try settings.user.map { name throws(ProcessProtection.Failure) in
                try ProcessProtection.user(name)
            }
            let group = try settings.socketGroup.map { name throws(ProcessProtection.Failure) in
                try ProcessProtection.group(name)
            }
            try ProcessProtection.apply(user: user, socketGroup: group)
            return group
        } catch {
            throw StartFailure(error)
        }
    }

    private static func refuseWhatIsLacking(_ policy: EnclavePolicy) throws(StartFailure) {
        guard policy.lacking.isEmpty else {
            throw StartFailure(
                "this build lacks \(policy.lacking.joined(separator: ", and ")); it does not start without. "
                    + "For development, use renclave-enclave-dev.",
                .protectionMissing
            )
        }
    }

    private static func serve(
        _ settings: EnclaveSettings,
        _ policy: EnclavePolicy,
        _ measuring: Measuring,
        group: UInt32?,
        stopSignals: Int32
    ) throws(StartFailure) {
        let logger = makeLogger(
            label: programName,
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            format: LineFormat(rawValue: settings.logFormat.rawValue) ?? .text
        )
        if let warning = settings.logLevelWarning { logger.warning("\(warning)") }
        let enclave = try makeEnclave(policy, measuring)
        let socket = try openSocket(settings, group: group)
        let server = try makeServer(enclave, socket, settings, logger)
        announce(settings, policy, logger)
        server.run(stopSignals: stopSignals)
    }

    private static func makeEnclave(
        _ policy: EnclavePolicy,
        _ measuring: Measuring
    ) throws(StartFailure) -> Enclave {
        let entropy = EntropySource()
        let library = WordlistLibrary()
        let arena: SecretArena
        do {
            arena = try SecretArena()
        } catch {
            throw StartFailure(error)
        }
        do {
            try SelfTest.run(arena: arena, entropy: entropy, library: library)
        } catch {
            throw StartFailure("the self-test failed: \(error.primitive)", .internalFailure)
        }
        guard let applicationHash = ApplicationHash.ofRunningExecutable() else {
            throw StartFailure("the running executable could not be read", .internalFailure)
        }
        let identity = EnclaveIdentity(
            identifier: (0..<16).map { _ in UInt8.random(in: 0...255) },
            applicationHash: applicationHash.sha256,
            measurements: measuring(applicationHash, policy),
            policy: policy,
            sandbox: .init(seccomp: false, landlockABI: nil)
        )
        return Enclave(
            identity: identity,
            arena: arena,
            entropy: entropy,
            library: library
        )
    }

    private static func openSocket(_ settings: EnclaveSettings, group: UInt32?) throws(StartFailure) -> EnclaveSocket {
        do {
            return try EnclaveSocket(path: settings.socket, group: group)
        } catch {
            throw StartFailure(error, path: settings.socket)
        }
    }

    private static func makeServer(
        _ enclave: Enclave,
        _ socket: EnclaveSocket,
        _ settings: EnclaveSettings,
        _ logger: Logger
    ) throws(StartFailure) -> EnclaveServer {
        do {
            return try EnclaveServer(
                enclave: enclave,
                socket: socket,
                peers: PeerPolicy(ownUser: geteuid(), others: settings.allowedUsers),
                frameLimit: Limits.frameBytes(bodyBytes: settings.bodyBytes),
                cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
                logger: logger
            )
        } catch {
            socket.remove()
            switch error {
            case .memoryNotLocked(let bytes, let errno): throw StartFailure(notLocked: bytes, errno: errno)
            case .noThread: throw StartFailure("a thread could not be started", .internalFailure)
            }
        }
    }

    private static func announce(_ settings: EnclaveSettings, _ policy: EnclavePolicy, _ logger: Logger) {
        logger.info(
            "listening",
            metadata: [
                "socket": "\(settings.socket)", "mode": "\(policy.mode.rawValue)", "version": "\(Version.product)",
            ]
        )
        if policy.mode == .development {
            logger.warning("development instance: not for keys to real money")
        }
        if settings.rehearsesProduction { logger.notice("production's rules of trust apply, as a rehearsal") }
        let strangers = settings.allowedUsers.subtracting([geteuid(), 0])
        if !strangers.isEmpty, settings.socketGroup == nil {
            logger.warning(
                "ENCLAVE_ALLOWED_UIDS has no effect without ENCLAVE_SOCKET_GROUP: the socket admits this user only"
            )
        }
    }
}
