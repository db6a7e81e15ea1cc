// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EnclaveCommand
import EnclaveCore

/// The development enclave: everything but hardware.
@main
enum RenclaveEnclaveDev {
    static func main() {
        EnclaveProcess.run(policy: .development)
    }
}
