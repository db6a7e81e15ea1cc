// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import NIOPosix
import Testing

@testable import HostGateway

private typealias Samples = FleetSamples

@Suite("a name with several instances behind it", .timeLimit(.minutes(5)))
struct FleetNamesTests {
    /// Two instances with the same port, as those of one service have.
    private func pair(
        on group: MultiThreadedEventLoopGroup,
        _ first: @escaping @Sendable (StubPeer.Request) -> StubPeer.Response,
        _ second: @escaping @Sendable (StubPeer.Request) -> StubPeer.Response
    ) async throws -> [StubPeer] {
        for _ in 0..<50 {
            let one = try await StubPeer.start(on: group, answer: first)
            if let other = try? await StubPeer.start(on: group, host: "127.0.0.2", port: one.port, answer: second) {
                return [one, other]
            }
            await one.stop()
        }
        throw NoPort()
    }

    private struct NoPort: Error {}

    @Test("each of them is asked under the name, this instance and those that are not ready are passed over")
    func each() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let own: @Sendable (StubPeer.Request) -> StubPeer.Response = { Samples.ready($0, identifier: 1) }
        let peers = try await pair(on: group, own) { Samples.ready($0) }
        let fleet = TestFleet(enclave: ModelEnclave(), eventLoopGroup: group)
        let name = try #require(PeerAddress(text: "http://fleet:\(peers[0].port)"))
        // The same instance by another name is the same instance.
        let again = try peers[0].address
        let service = fleet.service([name, again], names: ["127.0.0.1", "127.0.0.2"])
        try await service.running {
            try await fleet.until("the enclave is ready, and that is said") {
                fleet.lines.all.contains { $0.contains(" peer=http://fleet:\(name.port) at 127.0.0.2 ") }
            }
        }
        #expect(peers[0].calls == [Samples.information])
        #expect(peers[1].calls == Samples.calls)
        #expect(
            (peers[0].requests + peers[1].requests).allSatisfy {
                $0.headers["host"]?.hasSuffix(":\(name.port)") == true
            })
        #expect(peers[1].requests.allSatisfy { $0.headers["host"] == "fleet:\(name.port)" })
        for peer in peers { await peer.stop() }
        try await group.shutdownGracefully()
    }

    @Test("a name that leads nowhere leaves the instance waiting")
    func nowhere() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let fleet = TestFleet(enclave: ModelEnclave(), eventLoopGroup: group)
        let name = try #require(PeerAddress(text: "http://fleet:1"))
        try await fleet.service([name]).running {
            try await fleet.until("several rounds are over") { fleet.attempts(.noReadyPeer) >= 3 }
        }
        #expect(fleet.enclave.operations.isEmpty)
        try await group.shutdownGracefully()
    }
}
