// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import EnclaveCommand
import EnclaveCore
import Protocol

/// The development enclave: everything but hardware. What vouches for it is a root whose key everybody has.
@main
enum RenclaveEnclaveDev {
    static func main() {
        EnclaveProcess.run(policy: .development) { application, policy in
            EmulatedMeasurements.measure(
                executableDigest: application.sha384,
                policy: policy.canonicalJSON,
                version: Version.product
            )
        }
    }
}
