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
    /// For each exchange; absent where all together have one.
    private let exchangeLimit: Duration?

    /// Lends a client, and closes its connections afterwards.
    ///
    /// - Parameter timeLimit: For all of `body`.
    /// - Throws: What `body` throws, or a ``CommandFailure`` when the time is over.
    static func withClient<Result: Sendable>(
        of address: GatewayAddress,
        timeLimit: Duration,
        _ body: @escaping @Sendable (GatewayClient) async throws -> Result
    ) async throws -> Result {
        try await within(timeLimit, of: address) {
            try await HTTPClient.withHTTPClient(configuration: configuration) { http in
                try await body(GatewayClient(address: address, http: http, exchangeLimit: nil))
            }
        }
    }

    /// Lends a client of each of several gateways, and closes their connections afterwards.
    ///
    /// - Parameter timeLimit: for each exchange, so that it is clear which gateway does not answer.
    static func withClients<Result>(
        of addresses: [GatewayAddress],
        timeLimit: Duration,
        _ body: ([GatewayClient]) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            try await body(addresses.map { GatewayClient(address: $0, http: http, exchangeLimit: timeLimit) })
        }
    }

    private static func within<Result: Sendable>(
        _ timeLimit: Duration,
        of address: GatewayAddress,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
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
            guard let exchangeLimit else { return try await Self.answer(to: request, http) }
            let asked = request
            return try await Self.within(exchangeLimit, of: address) { try await Self.answer(to: asked, http) }
        } catch let failure as CommandFailure {
            throw failure
        } catch is NIOTooManyBytesError {
            throw .failed("\(address.text) answered with more than \(Self.bodyLimit) bytes, which are not shown.")
        } catch {
            throw .unreachable(address, because: address.cause(of: error))
        }
    }

    private static func answer(to request: HTTPClientRequest, _ http: HTTPClient) async throws -> GatewayAnswer {
        // The time limit is around all of it, since this deadline ends with the head of the answer.
        let response = try await http.execute(request, deadline: .distantFuture)
        return GatewayAnswer(
            status: Int(response.status.code),
            requestIdentifier: response.headers.first(name: "X-Request-Id"),
            body: Array(buffer: try await response.body.collect(upTo: bodyLimit))
        )
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
