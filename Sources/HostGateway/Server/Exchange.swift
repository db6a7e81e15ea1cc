// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore

/// One request on its way to its answer: what a connection must remember of it, and give back when it is over.
struct Exchange {
    let head: HTTPRequest
    let identifier: String
    let begin = ContinuousClock.now
    /// After which the client is told that it took too long.
    let deadline: NIODeadline
    /// The route's index in the table; the metrics' own index where there is none.
    var route: Int
    var reception: RequestDispatcher.Reception?
    /// What the answer will be, where the head alone decides it.
    var refusal: (any Error)?
    var body: BodyCollector
    /// Whether all of it has arrived.
    var isComplete = false
    var place: Place = .none
    var call: EnclaveClient.Ongoing?

    /// Where the request stands with ``Admission``.
    enum Place {
        case none
        case queued(UInt64)
        case admitted
    }

    /// Whether the body is read rather than passed over.
    func readsBody(_ table: RouteTable) -> Bool {
        guard refusal == nil, case .route(let index) = reception else { return false }
        return table.routes[index].body != .ignored
    }

    /// Gives back what the request held; the answer, if one still comes, finds nobody.
    mutating func end(_ admission: Admission) {
        body.discard()
        call?.abandon()
        call = nil
        switch place {
        case .none: break
        case .admitted: admission.leave()
        case .queued(let number): if !admission.withdraw(number) { admission.leave() }
        }
        place = .none
    }
}

extension Exchange {
    /// For what could not be read as a request and is answered all the same.
    init(unreadable gateway: GatewayContext) {
        gateway.metrics.requestStarted()
        self.init(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: nil),
            identifier: gateway.conventions.identifiers.identifier(proposed: nil),
            deadline: .now() + gateway.conventions.timeout,
            route: gateway.metrics.unmatchedRoute,
            body: BodyCollector(limit: 0, budget: gateway.bodyBudget)
        )
    }

    /// Whether the request waits for its turn.
    var isQueued: Bool {
        if case .queued = place { true } else { false }
    }

    private static let upgrade = HTTPField.Name.known("Upgrade")

    /// Whether the connection ends with the answer: the client wants it so, or asks for another protocol, after which
    /// the parser reads no further request.
    var asksToClose: Bool {
        if head.method == .connect || head.headerFields.contains(Self.upgrade) { return true }
        return head.headerFields[values: .connection].contains {
            $0.lowercased().split(whereSeparator: { ", \t".contains($0) }).contains("close")
        }
    }
}

extension HTTPRequest {
    /// Whether the client waits for a word before it sends the body.
    var expectsContinue: Bool {
        headerFields[.expect]?.lowercased() == "100-continue"
    }
}
