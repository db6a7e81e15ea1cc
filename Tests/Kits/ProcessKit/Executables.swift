// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation

/// The executables under test.
package enum Executable: String, Sendable {
    case enclave = "renclave-enclave"
    case developmentEnclave = "renclave-enclave-dev"
    /// Production's rules over an emulated module: a part of the tests, and of no product.
    case rehearsalEnclave = "renclave-enclave-rehearsal"
    case gateway = "renclave-host"
    case tool = "renclave"

    /// Where it is: in the directory that `RENCLAVE_BIN_DIR` names, else beside the running test bundle.
    package var path: String {
        let named = ProcessInfo.processInfo.environment["RENCLAVE_BIN_DIR"]
        return (named.flatMap { $0.isEmpty ? nil : $0 } ?? Self.ownDirectory) + "/" + rawValue
    }

    private static var ownDirectory: String {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent().path
    }
}
