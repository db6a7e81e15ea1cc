// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import EnclaveCommand
import EnclaveCore
import Glibc
import Primitives
import ProcessStart
import Protocol

/// An enclave for tests alone: all of production's rules of trust, over an emulated module whose root and registers the
/// environment gives. So the rules that need hardware can be tried without any.
///
/// `REHEARSAL_ROOT_FILE` is the file of the root, made where there is none; `REHEARSAL_PCR0` to `REHEARSAL_PCR3` are
/// the registers in hexadecimal. Those that are absent are what a development enclave measures, and PCR3 a made-up
/// role's.
@main
enum RenclaveEnclaveRehearsal {
    static func main() throws {
        let environment = ProcessEnvironment.variables()
        guard let file = environment["REHEARSAL_ROOT_FILE"] else {
            StandardError.write("REHEARSAL_ROOT_FILE is not set\n")
            exit(ExitStatus.misuse.rawValue)
        }
        let root = try AttestationRoot(file: file)
        let policy = EnclavePolicy(
            mode: .production,
            attestation: .emulated,
            trustedRoot: RootFingerprint(ofCertificate: root.certificate),
            rules: .production,
            refusesSteeringEnvironment: true,
            lacking: []
        )
        EnclaveProcess.run(policy: policy) { application, policy, _ throws(StartFailure) in
            let measured = EmulatedRegisters(
                executableDigest: application.sha384, policy: policy.canonicalJSON, version: Version.product)
            let registers = (0...3).map { index in
                environment["REHEARSAL_PCR\(index)"].flatMap { Hex.decode($0) }
                    ?? (index < 3 ? measured.values[index] : SHA384.digest(Array("a role".utf8)))
            }
            do {
                return try EmulatedSecurityModule(
                    root: root, registers: EmulatedRegisters(values: registers), now: { WallClock.milliseconds() })
            } catch {
                throw StartFailure("the emulated security module did not start", .internalFailure)
            }
        }
    }
}
