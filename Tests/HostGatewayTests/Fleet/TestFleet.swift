// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostGateway

/// An instance with a model for its enclave, the peers that it knows, and its joining.
struct TestFleet: Sendable {
    /// Answers all names alike.
    struct Names: NameResolver {
        let found: [String]

        func addresses(of name: String) async -> [String] { found }
    }

    /// Longer than any test takes.
    static let endless = PeerClient.Patience(
        connecting: .seconds(600), information: .seconds(600), answer: .seconds(600))

    let enclave: ModelEnclave
    let registry = PrometheusRegistry()
    let status = JoinStatus()
    let lines = RecordedLines()
    let eventLoopGroup: any EventLoopGroup
    let waits = Waits()

    /// Runs the joining of an instance while `body` looks on, and ends it then.
    ///
    /// - Parameters:
    ///   - width: 1 asks the peers in their order.
    ///   - answers: a peer for each, in this order.
    static func with(
        _ answers: [@Sendable (StubPeer.Request) -> StubPeer.Response],
        enclave: ModelEnclave = ModelEnclave(),
        expectedKey: [UInt8]? = nil,
        width: Int = 1,
        patience: PeerClient.Patience = endless,
        _ body: @Sendable (TestFleet, [StubPeer]) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let fleet = TestFleet(enclave: enclave, eventLoopGroup: group)
        var peers: [StubPeer] = []
        for answer in answers { peers.append(try await StubPeer.start(on: group, answer: answer)) }
        let addresses = try peers.map { try $0.address }
        let service = fleet.service(addresses, expectedKey, width: width, patience: patience)
        let started = peers
        try await service.running { try await body(fleet, started) }
        for peer in peers { await peer.stop() }
        try await group.shutdownGracefully()
    }

    func service(
        _ peers: [PeerAddress],
        _ expectedKey: [UInt8]? = nil,
        names: [String] = [],
        width: Int = 1,
        patience: PeerClient.Patience = endless
    ) -> JoiningService {
        JoiningService(
            directory: PeerDirectory(peers: peers, resolver: Names(found: names)),
            expectedKey: expectedKey,
            enclave: enclave,
            eventLoopGroup: eventLoopGroup,
            manner: JoiningService.Manner(
                patience: patience, width: width, watchInterval: .seconds(1), connectInterval: .milliseconds(50),
                pause: { await waits.wait($0) }),
            status: status,
            metrics: JoinMetrics(registry: registry),
            logger: lines.logger()
        )
    }

    /// How often an attempt had this outcome.
    func attempts(_ outcome: JoinMetrics.Outcome) -> Int {
        let name = "renclave_join_attempts_total{outcome=\"\(outcome.rawValue)\"} "
        let line = registry.exposition().split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count)) } ?? -1
    }

    /// Waits until a condition holds; the bound is spent only where something is wrong.
    func until(
        _ condition: Comment,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: () -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !holds() {
            try #require(ContinuousClock.now < deadline, condition, sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

extension JoiningService {
    /// Runs it while `body` does, and waits for its end.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }
}

/// The waits that were asked for, none of which takes its time.
final class Waits: Sendable {
    private let asked = Mutex<[Duration]>([])

    var all: [Duration] { asked.withLock { $0 } }

    func wait(_ duration: Duration) async {
        asked.withLock { $0.append(duration) }
        try? await Task.sleep(for: .milliseconds(1))
    }
}

/// The lines that were logged, with all that stands in them.
final class RecordedLines: Sendable {
    private struct Handler: LogHandler {
        let lines: RecordedLines
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let line = "\(event.level) \(event.message) \(facts.joined(separator: " "))"
            lines.recorded.withLock { $0.append(line) }
        }
    }

    private let recorded = Mutex<[String]>([])

    /// All of them, but for those that only a debugger wants.
    var all: [String] { everything.filter { !$0.hasPrefix("debug ") } }
    var everything: [String] { recorded.withLock { $0 } }

    func logger() -> Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }
}

/// Whether something has happened.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}

/// How many of something there were at a time.
final class Overlaps: Sendable {
    private let count = Mutex((now: 0, most: 0))

    var most: Int { count.withLock { $0.most } }

    func begin() {
        count.withLock { count in
            count.now += 1
            count.most = max(count.most, count.now)
        }
    }

    func end() {
        count.withLock { $0.now -= 1 }
    }
}

/// Something that is given, and taken once.
final class Signal: Sendable {
    private let count = Mutex(0)

    func give() {
        count.withLock { $0 += 1 }
    }

    /// Waits until it has been given.
    func taken() async throws {
        while !take() { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func take() -> Bool {
        count.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
    }
}
