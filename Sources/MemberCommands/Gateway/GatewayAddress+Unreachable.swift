// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

extension CommandFailure {
    /// The gateway gave no answer at all.
    static func unreachable(_ address: GatewayAddress, because cause: String) -> Self {
        .failed(
            "The gateway at \(address.text) cannot be reached: \(cause).",
            hint: "Is renclave-host running there? Another address is given with --url or \(GatewayOptions.variable)."
        )
    }
}

extension GatewayAddress {
    /// Why an exchange with this address failed, in a few words.
    func cause(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            return error.connectionErrors.first.map { cause(of: $0.error) } ?? "no such host"
        case let error as IOError:
            // A constant string of the C library, or its own buffer, copied at once.
            return unsafe String(cString: strerror(error.errnoCode)).lowercased()
        case let error as HTTPClientError:
            return Self.cause(of: error)
        case HTTPParserError.invalidEOFState:
            return Self.cause(of: .remoteConnectionClosed)
        case is HTTPParserError:
            return "what answers there does not speak HTTP"
        case is ChannelError:
            return "the connection attempt took too long"
        default:
            return isEncrypted
                ? "the encrypted connection failed (is it https, and is its certificate trusted here?)"
                : "the connection failed"
        }
    }

    private static func cause(of error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            "the connection attempt took too long"
        case .remoteConnectionClosed:
            "the connection was closed before the answer was complete"
        default:
            error.shortDescription.lowercased()
        }
    }
}
