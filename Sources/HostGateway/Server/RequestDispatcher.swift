// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// The checks that all routes share, in the order of the contract, and the route behind them: a value without state, so
/// that every rule can be tested without a connection.
struct RequestDispatcher: Sendable {
    let table: RouteTable
    let origins: OriginRules

    private static let host = HTTPField.Name.known("Host")

    /// What is known of a request from its head alone.
    enum Reception: Sendable {
        /// The route's index; its body is to be collected where it reads one.
        case route(Int)
        /// The path is known with other methods.
        case otherMethods([Route])
    }

    /// Receives a head.
    ///
    /// - Throws: ``Refusal`` or ``RequestError``.
    func receive(_ head: HTTPRequest) throws -> Reception {
        try checkFraming(head)
        try origins.check(head)
        switch table.match(head.method, Self.split(head.path).path) {
        case .route(let index): return .route(index)
        case .otherMethods(let routes): return .otherMethods(routes)
        case .none: throw RequestError(.notFound, message: "There is no such path.")
        }
    }

    /// Begins a route's work on a request that has arrived whole.
    ///
    /// - Throws: ``Refusal``, ``RequestError`` or ``EnclaveError``.
    func begin(
        _ route: Route,
        _ head: HTTPRequest,
        _ body: ByteBuffer,
        requestIdentifier: String
    ) throws -> Step {
        if body.readableBytes > 0, !MediaType.isJSON(head.headerFields) {
            throw RequestError(
                .unsupportedMediaType,
                message: "The body must be declared as application/json.",
                hint: "curl needs -H 'Content-Type: application/json'"
            )
        }
        let query = Self.split(head.path).query
        return try route.begin(Call(query: query, body: body, requestIdentifier: requestIdentifier))
    }

    /// Tells how a path is called and, as far as the enclave answers, in which state it is and which manifest it holds.
    func wrongMethod(_ routes: [Route]) -> EnclaveCall {
        EnclaveCall(operation: .info, timeout: StatusRoutes.watchTimeout) { outcome in
            let allow = RouteTable.allow(routes)
            let examples = routes.map(\.example).joined(separator: " or ")
            var refusal = Refusal(
                .methodNotAllowed,
                "method_not_allowed",
                "This path is called with \(allow), as in: \(examples)"
            )
            refusal.allow = allow
            let info = EnclaveInfo(outcome)
            refusal.state = info?.phase
            refusal.manifestHash = info?.quorum?.manifestHash
            throw refusal
        }
    }

    /// What the parser lets through and the contract does not.
    private func checkFraming(_ head: HTTPRequest) throws(Refusal) {
        var refusal: Refusal?
        if head.authority == nil || head.headerFields.contains(Self.host) {
            refusal = Refusal(.badRequest, "bad_request", "A request needs exactly one Host header.")
        } else if let coding = head.headerFields[.transferEncoding], coding.lowercased() != "chunked" {
            refusal = Refusal(.badRequest, "bad_request", "The only transfer coding that is read is chunked.")
        }
        guard var refusal else { return }
        // Where the body ends cannot be told, so the connection is of no more use.
        refusal.closes = true
        throw refusal
    }

    private static func split(_ target: String?) -> (path: String, query: Substring) {
        guard let target else { return ("", "") }
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
        return (String(target[..<mark]), target[target.utf8.index(after: mark)...])
    }
}
