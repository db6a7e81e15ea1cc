// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import EnclaveCommand
import EnclaveCore
import ProcessStart
import Protocol

/// The development enclave: everything but hardware. What vouches for it is a root whose key everybody has, or one that
/// an operator made for a trial.
@main
enum RenclaveEnclaveDev {
    static func main() {
        EnclaveProcess.run(policy: .development) { application, policy, rootFile throws(StartFailure) in
            let root = try root(rootFile)
            do {
                return try EmulatedSecurityModule(
                    root: root,
                    registers: EmulatedRegisters(
                        executableDigest: application.sha384,
                        policy: policy.canonicalJSON,
                        version: Version.product
                    ),
                    now: { WallClock.milliseconds() }
                )
            } catch {
                throw StartFailure("the emulated security module did not start", .internalFailure)
            }
        }
    }

    private static func root(_ file: String?) throws(StartFailure) -> AttestationRoot {
        guard let file else { return .development }
        do {
            return try AttestationRoot(file: file)
        } catch {
            throw StartFailure("DEV_ATTESTATION_ROOT_FILE \(file) \(error.words)", .misuse)
        }
    }
}
