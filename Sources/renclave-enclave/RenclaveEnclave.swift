// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EnclaveCommand
import EnclaveCore
import NitroAttestation
import ProcessStart

/// The enclave for hardware: it starts with all of its protections or not at all.
@main
enum RenclaveEnclave {
    static func main() {
        EnclaveProcess.run(policy: .production) { _, _, _ throws(StartFailure) in
            do {
                return try NitroSecurityModule()
            } catch {
                throw StartFailure("no Nitro Security Module (/dev/nsm) that works", .protectionMissing)
            }
        }
    }
}
