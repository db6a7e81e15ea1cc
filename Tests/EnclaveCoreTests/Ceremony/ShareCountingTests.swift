// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("counting shares")
struct ShareCountingTests {
    /// The forms that a good share has in development.
    enum Form: CaseIterable {
        case plain
        case sealed
        case approved
        case approvedAsInQuorumOS

        func share(_ place: Int, _ scene: Scene) throws -> BroughtShare {
            switch self {
            case .plain: try scene.plain(place)
            case .sealed: try scene.sealed(place)
            case .approved: try scene.approved(place)
            case .approvedAsInQuorumOS:
                try scene.sealed(place) { _ in try scene.members[place].key.sign(scene.manifestHash) }
            }
        }
    }

    @Test("each form of a share is accepted", arguments: Form.allCases, Beginning.allCases)
    func forms(form: Form, beginning: Beginning) throws {
        let scene = try beginning.scene()
        try scene.expect([try form.share(1, scene)], [nil], held: 1)
        try scene.expect([try form.share(0, scene)], [nil], held: 2)
        try scene.expectReady([try form.share(2, scene)], of: 3)
    }

    @Test("the same share again is accepted and not counted twice, in one call or two", arguments: Form.allCases)
    func again(form: Form) throws {
        let scene = try Beginning.genesis.scene()
        let share = try form.share(0, scene)
        try scene.expect([share, share], [nil, nil], held: 1)
        try scene.expect([share], [nil], held: 1)
        for other in Form.allCases {
            try scene.expect([try other.share(0, scene)], [nil], held: 1)
        }
        let before = scene.enclave.appearance
        try scene.expect([share, try form.share(0, scene)], [nil, nil], held: 1)
        #expect(scene.enclave.appearance == before)
        try scene.expectReady([try form.share(1, scene), share, try form.share(2, scene)], of: 3)
    }

    @Test("a replay of what was captured adds nothing, and after the provisioning it is refused")
    func replay() throws {
        let scene = try Beginning.recovery.scene()
        let captured = try [scene.approved(0), scene.approved(1)]
        try scene.expect(captured, [nil, nil], held: 2)
        for _ in 0..<5 { try scene.expect(captured, [nil, nil], held: 2) }
        try scene.expectReady([try scene.approved(2)], of: 3)
        scene.enclave.expect(EnclaveError(wrongState: .applicationReady, allowed: [.waitingForQuorumShards])) {
            try scene.inject(captured)
        }
    }

    @Test("more shares than the threshold are good together", arguments: [false, true])
    func moreThanNeeded(commitments: Bool) throws {
        let quorum = try KnownQuorum(2, of: 5)
        let scene = try quorum.scene(commitments: commitments ? try quorum.commitments() : nil)
        try scene.expectReady(try (0..<5).map { try scene.plain($0) }, of: 5)
        #expect(scene.enclave.enclave.info().quorum?.sharesReceived == 5)
    }

    @Test("an empty call changes nothing")
    func empty() throws {
        let scene = try Beginning.genesis.scene()
        try scene.expect([], [], held: 0)
    }

    @Test("the same shares from many threads provision once")
    func concurrentCompletion() async throws {
        let scene = try HeldGenesis(2, of: 3).scene
        typealias Outcome = Result<InjectSharesResult, any Error>
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<16 {
                group.addTask { Outcome { try scene.inject([try scene.approved(0), try scene.approved(1)]) } }
            }
            return await group.reduce(into: [Outcome]()) { $0.append($1) }
        }
        let made = outcomes.compactMap { try? $0.get() }
        #expect(made.map(\.phase) == [.applicationReady])
        let refused = outcomes.compactMap { outcome -> EnclaveError? in
            if case .failure(let error) = outcome { return error as? EnclaveError }
            return nil
        }
        #expect(
            refused
                == Array(
                    repeating: EnclaveError(wrongState: .applicationReady, allowed: [.waitingForQuorumShards]),
                    count: 15))
        #expect(scene.enclave.enclave.info().history.count == 5)
        #expect(scene.enclave.arena.slotsLent == 0)
    }

    @Test("seven members at once are each counted once, and one of them makes the key whole")
    func concurrentMembers() async throws {
        let scene = try HeldGenesis(7, of: 7).scene
        let counts = try await withThrowingTaskGroup(of: InjectSharesResult.self) { group in
            for place in 0..<7 {
                group.addTask { try scene.inject([try scene.approved(place)]) }
            }
            return try await group.reduce(into: [InjectSharesResult]()) { $0.append($1) }
        }
        #expect(counts.map(\.sharesReceived).sorted() == [1, 2, 3, 4, 5, 6, 7])
        #expect(counts.filter { $0.phase == .applicationReady }.map(\.sharesReceived) == [7])
        #expect(scene.enclave.phase == .applicationReady)
    }

    @Test("the same share from many threads is held once")
    func concurrentShare() async throws {
        let scene = try HeldGenesis(3, of: 3).scene
        let results = try await withThrowingTaskGroup(of: InjectSharesResult.self) { group in
            for _ in 0..<16 {
                group.addTask { try scene.inject([try scene.plain(1)]) }
            }
            return try await group.reduce(into: [InjectSharesResult]()) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.sharesReceived == 1 && $0.judgements.map(\.flaw) == [nil] })
        #expect(scene.enclave.enclave.info().quorum?.sharesReceived == 1)
    }
}

@Suite("shares without commitments")
struct UncommittedShareTests {
    private let quorum: KnownQuorum
    private let scene: Scene

    init() throws {
        quorum = try KnownQuorum(2, of: 3)
        scene = try quorum.scene()
    }

    /// Brings shares that give another key than the manifest's.
    private func expectOtherKey(_ shares: [BroughtShare], on scene: Scene) throws {
        let result = try scene.inject(shares)
        #expect(result.isOtherKey)
        #expect(result.phase == .waitingForQuorumShards)
        #expect(result.sharesReceived == 0)
        #expect(result.judgements.map(\.flaw) == shares.map { _ in nil })
        #expect(result.quorumPublicKey == nil)
        #expect(scene.enclave.enclave.info().quorum?.sharesReceived == 0)
        #expect(scene.enclave.phase == .waitingForQuorumShards)
    }

    @Test("a wrong one makes another key: all are dropped, the state stays, and good ones then succeed")
    func otherKey() throws {
        let before = scene.enclave.appearance
        try scene.expect([try scene.plain(1)], [nil], held: 1)
        let wrong = [1] + [UInt8](repeating: 7, count: 32)
        try expectOtherKey([try scene.plain(wrong, as: "holder1")], on: scene)
        #expect(scene.enclave.appearance == before)
        try scene.expect([try scene.plain(1)], [nil], held: 1)
        try scene.expectReady([try scene.plain(0)], of: 2)
    }

    @Test("two members' shares exchanged are good, since the key is theirs whoever brings them")
    func exchanged() throws {
        try scene.expectReady(
            [try scene.plain(scene.shares[1], as: "holder1"), try scene.plain(scene.shares[0], as: "holder2")], of: 2)
    }

    @Test("two shares of one x, or two of one member, are not both taken, and the first stays")
    func sameIdentifier() throws {
        let scene = try KnownQuorum(3, of: 3).scene()
        let other = [1] + [UInt8](repeating: 7, count: 32)
        try scene.expect([try scene.plain(0), try scene.plain(other, as: "holder2")], [nil, .badShare], held: 1)
        try scene.expect([try scene.plain(scene.shares[0], as: "holder2")], [.badShare], held: 1)
        try scene.expect([try scene.plain(other, as: "holder1")], [.badShare], held: 1)
        try scene.expect([try scene.plain(scene.shares[1], as: "holder1")], [.badShare], held: 1)
        try scene.expectReady([try scene.plain(1), try scene.plain(2)], of: 3)
    }

    @Test("a threshold below the split's gives another key, until enough come in one call")
    func lowThreshold() throws {
        let scene = try KnownQuorum(2, of: 3, splitThreshold: 3).scene()
        for pair in [(0, 1), (1, 2), (0, 2)] {
            try expectOtherKey([try scene.plain(pair.0), try scene.plain(pair.1)], on: scene)
        }
        try scene.expectReady(try (0..<3).map { try scene.plain($0) }, of: 3)
    }

    @Test("a threshold above the split's asks for more than the key needs")
    func highThreshold() throws {
        let scene = try KnownQuorum(3, of: 3, splitThreshold: 2).scene()
        try scene.expect([try scene.plain(0), try scene.plain(1)], [nil, nil], held: 2)
        try scene.expectReady([try scene.plain(2)], of: 3)
    }

    @Test("shares of another key give another key")
    func foreign() throws {
        let other = try KnownQuorum(2, of: 3, seed: String(repeating: "22", count: 32))
        try expectOtherKey(
            [try scene.plain(other.shares[0], as: "holder1"), try scene.plain(other.shares[1], as: "holder2")],
            on: scene)
        try scene.provision(2)
    }

    @Test("commitments that come later are checked, kept and then judge every share")
    func commitmentsLater() throws {
        let before = scene.setupKey
        let again = try quorum.scene(on: scene.enclave, commitments: try quorum.commitments())
        #expect(again.setupKey == before)
        try scene.expect(
            [try scene.plain([1] + [UInt8](repeating: 7, count: 32), as: "holder1")], [.badShare], held: 0)
        try scene.provision(2)
    }
}

@Suite("a key that contradicts its own commitments")
struct BrokenInvariantTests {
    /// Shares that give no key that anybody has.
    private static let wrong = (1...3).map { (x: UInt8) in [x] + SHA256.digest([x]) }

    @Test("commitments that somebody brought, truly signed over wrong shares, give another key and end nothing")
    func forged() throws {
        // Whoever has a key can sign commitments to anything with it, and boot a manifest that names it.
        let quorum = try KnownQuorum(2, of: 3)
        let scene = try quorum.scene(commitments: try quorum.commitments(to: Self.wrong))
        try scene.expect([try scene.plain(Self.wrong[0], as: "holder1")], [nil], held: 1)
        let result = try scene.inject([try scene.plain(Self.wrong[1], as: "holder2")])
        #expect(result.isOtherKey && result.sharesReceived == 0)
        #expect(scene.enclave.phase == .waitingForQuorumShards)
    }

    @Test("it ends the enclave: every secret is gone, reading still answers, and nothing changes any more")
    func broken() throws {
        let quorum = try KnownQuorum(2, of: 3)
        let wrong = Self.wrong
        let scene = try HeldGenesis(2, of: 3).scene
        // What nobody outside can do: the commitments that the enclave made itself become others.
        let others = ShareCommitments(try quorum.commitments(to: wrong))
        try scene.enclave.enclave.change(for: .info) { _ in
            Enclave.Change(value: ()) { state, _ in state.holdings.manifest?.commitments = others }
        }
        try scene.expect([try scene.plain(wrong[0], as: "holder1")], [nil], held: 1)
        #expect(throws: EnclaveError(.internalFailure)) {
            try scene.inject([try scene.plain(wrong[1], as: "holder2")])
        }
        let enclave = scene.enclave
        #expect(enclave.phase == .unrecoverableError)
        #expect(enclave.enclave.info().quorum == nil)
        #expect(enclave.enclave.info().history.map(\.phase).last == .unrecoverableError)
        #expect(enclave.arena.slotsLent == 0)
        let holdings = try enclave.enclave.read { $0.holdings }
        #expect(holdings.manifest == nil && holdings.bootKeys == nil && holdings.key == nil)
        #expect(holdings.shares.isEmpty && holdings.genesisAnswer == nil)

        enclave.expect(EnclaveError(.noManifest)) { try enclave.enclave.heldManifest() }
        enclave.expect(EnclaveError(.noGenesis)) { try enclave.enclave.genesisAnswer() }
        enclave.expect(EnclaveError(wrongState: .unrecoverableError, allowed: [.waitingForQuorumShards])) {
            try scene.inject([try scene.plain(0), try scene.plain(1)])
        }
        enclave.expect(
            EnclaveError(
                wrongState: .unrecoverableError, allowed: [.waitingForBootInstruction, .waitingForQuorumShards])
        ) { try quorum.scene(on: enclave) }
        enclave.expect(EnclaveError(wrongState: .unrecoverableError, allowed: [.waitingForBootInstruction])) {
            try enclave.enclave.genesisBoot(try GenesisDraft().request)
        }
        enclave.expect(EnclaveError(wrongState: .unrecoverableError, allowed: [.applicationReady])) {
            try enclave.derived()
        }
    }

    @Test("shares that are good by such commitments, beside one that is not, do not end it")
    func notYet() throws {
        let quorum = try KnownQuorum(3, of: 3)
        let wrong = Self.wrong
        let scene = try quorum.scene(commitments: try quorum.commitments(to: wrong))
        try scene.expect(
            [
                try scene.plain(wrong[0], as: "holder1"), try scene.plain(wrong[1], as: "holder2"),
                try scene.plain(2),
            ], [nil, nil, .badShare], held: 2)
    }
}
