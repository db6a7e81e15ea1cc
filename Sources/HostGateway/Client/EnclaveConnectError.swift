// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import ProcessStart

/// Why there is no connection to the enclave, in words for the log.
package enum EnclaveConnectError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing listens there (yet).
    case noEnclave
    /// The socket's mode or group does not admit this user.
    case notPermitted
    /// The process that listens belongs to another user.
    case wrongOwner(uid: UInt32, expected: UInt32)
    /// The two processes have no protocol version in common.
    case noCommonVersion(enclave: ClosedRange<UInt16>)
    /// The enclave closed the connection or did not greet in time.
    case noGreeting
    /// Another cause (errno).
    case system(errno: Int32)
    case other

    init(_ error: any Error) {
        switch error {
        case let known as EnclaveConnectError:
            self = known
        case let failure as IOError:
            switch failure.errnoCode {
            case 2, 111: self = .noEnclave
            case 1, 13: self = .notPermitted
            default: self = .system(errno: failure.errnoCode)
            }
        case is ChannelError:
            self = .noGreeting
        default:
            self = .other
        }
    }

    package var description: String {
        switch self {
        case .noEnclave: "no enclave listens there"
        case .notPermitted: "opening the socket is not permitted: see ENCLAVE_SOCKET_GROUP and the socket's mode"
        case .wrongOwner(let uid, let expected):
            "the process that listens belongs to uid \(uid), not \(expected): see ENCLAVE_UID"
        case .noCommonVersion(let range):
            "no protocol version in common: the enclave speaks \(range.lowerBound) to \(range.upperBound)"
        case .noGreeting: "the enclave did not greet (is this user in ENCLAVE_ALLOWED_UIDS?)"
        case .system(let errno): "\(SystemError(errno))"
        case .other: "the connection failed"
        }
    }
}
