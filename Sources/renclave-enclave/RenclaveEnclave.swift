// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EnclaveCommand
import EnclaveCore

/// The enclave for hardware: it starts with all of its protections or not at all.
@main
enum RenclaveEnclave {
    static func main() {
        EnclaveProcess.run(policy: .production, measuring: nil)
    }
}
