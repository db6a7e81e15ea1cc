// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The application that an enclave runs under a manifest.
///
/// Version 0 has neither bridges nor debug mode, and only version 2 has an environment.
package struct Pivot: Sendable {
    /// SHA-256 of the binary, 32 bytes.
    package var hash: [UInt8]
    package var restart: RestartPolicy
    package var bridges: [BridgeConfig]
    package var debugMode: Bool
    package var arguments: [String]
    package var environment: [PivotVariable]

    package init(
        hash: [UInt8], restart: RestartPolicy, bridges: [BridgeConfig] = [], debugMode: Bool = false,
        arguments: [String] = [], environment: [PivotVariable] = []
    ) {
        self.hash = hash
        self.restart = restart
        self.bridges = bridges
        self.debugMode = debugMode
        self.arguments = arguments
        self.environment = environment
    }
}

extension Pivot: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: Pivot, right: Pivot) -> Bool {
        left.hash == right.hash && left.restart == right.restart && left.bridges == right.bridges
            && left.debugMode == right.debugMode && left.arguments.areSameTexts(as: right.arguments)
            && left.environment == right.environment
    }
}
