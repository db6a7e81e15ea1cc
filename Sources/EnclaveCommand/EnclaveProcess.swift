// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
import CLinux
package import EnclaveCore
import Glibc
import Logging
import Primitives
import ProcessStart
import Protocol
import Quorum
import SecretMemory
import Settings
import StructuredLog

/// The life of an enclave process, in the order that `docs/security.md` gives: everything before the first thread
/// happens in ``run(policy:vouching:)`` itself.
package enum EnclaveProcess {
    /// Finds who vouches for an enclave, from its executable, the policy that it follows, and the file of a root of its
    /// own where an operator named one.
    package typealias Vouching =
        (ApplicationHash, EnclavePolicy, _ rootFile: String?) throws(StartFailure) -> any SecurityModule

    /// Parses, protects the process, tests itself, and serves until it is told to stop. Does not return.
    ///
    /// - Parameters:
    ///   - policy: what the executable demands; nothing that an operator sets can loosen it.
    ///   - vouching: the one provider of attestation that the executable has.
    package static func run(policy: EnclavePolicy, vouching: Vouching) -> Never {
        let environment = ProcessEnvironment.variables()
        do throws(StartFailure) {
            let flags = CommandLineFlags.parse(EnclaveFlags.self)
            let settings = try readSettings(flags, environment)
            try refuseSteering(policy, environment)
            try refuseOtherRoots(policy, settings)
            let stopSignals = renclave_open_stop_signals()
            guard stopSignals >= 0 else { throw StartFailure("signals could not be set up", .internalFailure) }
            let group = try protect(settings)
            let effective = settings.rehearsesProduction ? policy.rehearsingProduction : policy
            if let question = flags.question {
                let vouched = try VouchedEnclave(effective, rootFile: settings.attestationRootFile, vouching)
                print(try vouched.answer(question), terminator: "")
                exit(ExitStatus.success.rawValue)
            }
            try refuseWhatIsLacking(policy)
            try serve(settings, effective, vouching, group: group, stopSignals: stopSignals)
        } catch {
            StandardError.write("\(programName): \(error.message)\n")
            exit(error.status.rawValue)
        }
        exit(ExitStatus.success.rawValue)
    }

    private static var programName: String {
        CommandLine.arguments.first.map { String($0.split(separator: "/").last ?? "") } ?? "renclave-enclave"
    }

    private static func readSettings(
        _ flags: EnclaveFlags,
        _ environment: [String: String]
    ) throws(StartFailure) -> EnclaveSettings {
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

    private static func refuseOtherRoots(
        _ policy: EnclavePolicy,
        _ settings: EnclaveSettings
    ) throws(StartFailure) {
        guard policy.trustedRoot == nil || settings.attestationRootFile == nil else {
            throw StartFailure(
                "DEV_ATTESTATION_ROOT_FILE is for the development enclave: this one trusts no root but its own",
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
        _ vouching: Vouching,
        group: UInt32?,
        stopSignals: Int32
    ) throws(StartFailure) {
        let logger = makeLogger(
            label: programName,
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            format: LineFormat(rawValue: settings.logFormat.rawValue) ?? .text
        )
        if let warning = settings.logLevelWarning { logger.warning("\(warning)") }
        let enclave = try makeEnclave(settings, policy, vouching)
        let socket = try openSocket(settings, group: group)
        let server = try makeServer(enclave, socket, settings, logger)
        announce(settings, policy, logger)
        server.run(stopSignals: stopSignals)
    }

    private static func makeEnclave(
        _ settings: EnclaveSettings,
        _ policy: EnclavePolicy,
        _ vouching: Vouching
    ) throws(StartFailure) -> Enclave {
        let vouched = try VouchedEnclave(policy, rootFile: settings.attestationRootFile, vouching)
        let entropy = try vouched.entropySource()
        let library = WordlistLibrary()
        let arena: SecretArena
        do {
            arena = try SecretArena()
        } catch {
            throw StartFailure(error)
        }
        do {
            try SelfTest.run(arena: arena, entropy: entropy, library: library)
            try SelfTest.run(vouched.module, measured: vouched.measurements, entropy: entropy)
        } catch {
            throw StartFailure("the self-test failed: \(error.primitive)", .internalFailure)
        }
        let identity = EnclaveIdentity(
            identifier: (0..<16).map { _ in UInt8.random(in: 0...255) },
            applicationHash: vouched.applicationHash.sha256,
            measurements: vouched.measurements,
            policy: policy,
            sandbox: .init(seccomp: false, landlockABI: nil)
        )
        return Enclave(
            identity: identity,
            module: vouched.module,
            arena: arena,
            entropy: entropy,
            library: library,
            now: try vouched.clock(policy)
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
        if policy.trustedRoot == nil, settings.attestationRootFile == nil {
            logger.warning("attested by the development root, whose key is public: anybody can pass for an enclave")
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
