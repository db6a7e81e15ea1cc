// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Protocol

/// One command's conversation with the gateway: no redirects, no retries, bounded answers.
struct GatewayClient: Sendable {
    /// The longest answer that is read, in bytes.
    static let bodyLimit = 8 << 20

    let address: GatewayAddress
    private let http: HTTPClient

    /// Lends a client, and closes its connections afterwards.
    ///
    /// - Parameter timeLimit: For all of `body`.
    /// - Throws: What `body` throws, or a ``CommandFailure`` when the time is over.
    static func withClient<Result: Sendable>(
        of address: GatewayAddress,
        timeLimit: Duration,
        _ body: @escaping @Sendable (GatewayClient) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask {
                try await HTTPClient.withHTTPClient(configuration: configuration) { http in
                    try await body(GatewayClient(address: address, http: http))
                }
            }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw CommandFailure.unreachable(address, because: "no answer within \(timeLimit.components.seconds) s")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    /// Asks, with a path that begins with a slash.
    func get(_ path: String) async throws(CommandFailure) -> GatewayAnswer {
        try await exchange(HTTPClientRequest(url: address.text + path))
    }

    /// Asks with a JSON body.
    func post(_ path: String, json: [UInt8]) async throws(CommandFailure) -> GatewayAnswer {
        var request = HTTPClientRequest(url: address.text + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(json)
        return try await exchange(request)
    }

    private func exchange(_ request: HTTPClientRequest) async throws(CommandFailure) -> GatewayAnswer {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "renclave/\(Version.product)")
        do {
            // The deadline is the caller's, for all exchanges together.
            let response = try await http.execute(request, deadline: .distantFuture)
            return GatewayAnswer(
                status: Int(response.status.code),
                requestIdentifier: response.headers.first(name: "X-Request-Id"),
                body: Array(buffer: try await response.body.collect(upTo: Self.bodyLimit))
            )
        } catch is NIOTooManyBytesError {
            throw .failed("\(address.text) answered with more than \(Self.bodyLimit) bytes, which are not shown.")
        } catch {
            throw .unreachable(address, because: address.cause(of: error))
        }
    }

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(5)
        return configuration
    }
}
