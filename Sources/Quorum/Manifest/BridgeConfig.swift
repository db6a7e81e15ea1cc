// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A connection between the application and the world that the host carries.
package enum BridgeConfig: Sendable {
    /// The application listens.
    case server(port: UInt16, host: String)
    /// The application calls out; without a host, wherever it asks for.
    case client(port: UInt16, host: String?)
}

extension BridgeConfig: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: BridgeConfig, right: BridgeConfig) -> Bool {
        switch (left, right) {
        case (.server(let port, let host), .server(let otherPort, let otherHost)):
            port == otherPort && host.isSameText(as: otherHost)
        case (.client(let port, let host?), .client(let otherPort, let otherHost?)):
            port == otherPort && host.isSameText(as: otherHost)
        case (.client(let port, nil), .client(let otherPort, nil)):
            port == otherPort
        default:
            false
        }
    }
}
