// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// The own enclave, as the joining sees it.
protocol JoiningEnclave: Sendable {
    /// Whether it can be asked now.
    var isConnected: Bool { get }

    /// - Throws: ``EnclaveCallError``, the enclave's own `EnclaveError`, or `CancellationError`.
    func reply(to operation: Operation, requestIdentifier: String) async throws -> Reply
}

/// The enclave behind this gateway's socket.
struct OwnEnclave: JoiningEnclave {
    let client: EnclaveClient
    /// `ENCLAVE_TIMEOUT_MS`.
    let timeout: TimeAmount

    var isConnected: Bool { client.isUp }

    func reply(to operation: Operation, requestIdentifier: String) async throws -> Reply {
        try await client.reply(to: operation, timeout: timeout, requestIdentifier: requestIdentifier)
    }
}

extension JoiningEnclave {
    /// What the enclave says of itself.
    ///
    /// - Throws: as ``reply(to:requestIdentifier:)``.
    func information(requestIdentifier: String) async throws -> EnclaveInfo {
        guard case .info(let info) = try await reply(to: .info, requestIdentifier: requestIdentifier) else {
            throw EnclaveCallError.wrongAnswer
        }
        return info
    }
}
