// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore

/// A request as a route sees it: everything that all routes have in common has been checked.
struct Call: Sendable {
    /// What stands behind `?`.
    let query: Substring
    let body: ByteBuffer
    /// What `X-Request-Id` of the answer will be.
    let requestIdentifier: String
}

/// One call of the contract.
struct Route: Sendable {
    /// What a route does with a body.
    enum Body: Sendable {
        /// A `GET`: a body is not looked at.
        case ignored
        /// JSON, or nothing.
        case optional
        /// JSON.
        case required
    }

    let method: HTTPRequest.Method
    let path: String
    let body: Body
    /// Whether the call waits for its turn at the enclave; those by which a service is watched do not.
    let isAdmitted: Bool
    /// What to type, for the error that tells a caller of another method.
    let example: String
    /// Decides, without waiting for anything; what must be waited for is in the step.
    let begin: @Sendable (Call) throws -> Step
}

/// What a route does with a call.
enum Step: Sendable {
    case answer(Answer)
    case call(EnclaveCall)
}

/// Every method and path of the gateway in one table.
struct RouteTable: Sendable {
    let routes: [Route]
    private let byPath: [String: [Int]]

    init(_ routes: [Route]) {
        self.routes = routes
        byPath = Dictionary(grouping: routes.indices) { routes[$0].path }
    }

    /// What was found for a request.
    enum Match {
        case route(Int)
        /// The path is known, with other methods.
        case otherMethods([Route])
        case none
    }

    /// Looks a request up. `HEAD` finds what `GET` does.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard let candidates = byPath[path] else { return .none }
        let wanted = method == .head ? .get : method
        if let index = candidates.first(where: { routes[$0].method == wanted }) { return .route(index) }
        return .otherMethods(candidates.map { routes[$0] })
    }

    /// The value of `Allow` for routes of one path.
    static func allow(_ routes: [Route]) -> String {
        routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }.joined(separator: ", ")
    }
}
