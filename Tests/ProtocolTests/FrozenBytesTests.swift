// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("bytes on the socket")
struct FrozenBytesTests {
    // The greetings' layout must hold for every version to come: it is how two versions find out about each other.

    @Test("the greeting has the layout that never changes")
    func hello() throws {
        let bytes: [UInt8] = [
            0, 0, 0, 13, 9, 0, 0, 0,
            1, 0x52, 0x4E, 0x43, 0x4C, 3, 0, 4, 1,
        ]
        #expect(try Message.hello(Hello(spoken: 3...0x0104)).frame() == bytes)
        #expect(try Message(plain: Array(bytes.dropFirst(8)), secretCount: 0) == .hello(Hello(spoken: 3...0x0104)))
    }

    @Test("the answer to the greeting has the layout that never changes")
    func welcome() throws {
        let welcome = Welcome(version: 2, spoken: 1...2, product: "0.1.0", frameLimit: 0x0011_0000)
        let bytes: [UInt8] =
            [0, 0, 0, 24, 20, 0, 0, 0, 2, 2, 0, 1, 0, 2, 0, 5, 0, 0, 0] + Array("0.1.0".utf8) + [0, 0, 0x11, 0]
        #expect(try Message.welcome(welcome).frame() == bytes)
        #expect(try Message(plain: Array(bytes.dropFirst(8)), secretCount: 0) == .welcome(welcome))
    }

    @Test("an answer without a common version says 0")
    func noVersion() {
        #expect(Welcome(version: nil, spoken: 1...2, product: "", frameLimit: 0).version == 0)
    }

    @Test("only a greeting of this protocol with versions in order is one")
    func spoken() throws {
        #expect(Hello(spoken: 1...2).spoken == 1...2)
        let encoded = try Message.hello(Hello(spoken: 1...2)).encoded()
        for (place, value) in [(1, 0x53), (5, 3)] as [(Int, UInt8)] {
            var changed = encoded
            changed[place] = value
            guard case .hello(let hello) = try Message(plain: changed, secretCount: 0) else {
                Issue.record("no greeting")
                continue
            }
            #expect(hello.spoken == nil)
        }
    }

    @Test("a request has these bytes")
    func request() throws {
        let head = RequestHead(identifier: 0x0102, deadlineMilliseconds: 10_000, requestIdentifier: "r-1")
        let request = GenerateSeedRequest(
            strength: .bits256, language: .japanese, passphrase: SecretField(count: 6))
        let bytes: [UInt8] =
            [3, 2, 1, 0, 0, 0, 0, 0, 0, 0x10, 0x27, 0, 0, 3, 0, 0, 0] + Array("r-1".utf8)
            + [2, 0, 1, 8, 0, 0, 0] + Array("japanese".utf8) + [1, 6, 0, 0, 0]
        #expect(try Message.request(head, .generateSeed(request)).encoded(secretCount: 6) == bytes)
    }

    @Test("a reply has these bytes")
    func reply() throws {
        let result = SeedResult(
            strength: .bits128,
            language: .english,
            phrase: SecretField(count: 300),
            entropy: SecretField(count: 16),
            seed: nil
        )
        let bytes: [UInt8] =
            [5, 7, 0, 0, 0, 0, 0, 0, 0, 2, 128, 0, 7, 0, 0, 0] + Array("english".utf8)
            + [0x2C, 1, 0, 0, 16, 0, 0, 0, 0]
        #expect(try Message.reply(identifier: 7, .seed(result)).encoded(secretCount: 316) == bytes)
    }

    @Test("a refusal has these bytes")
    func refusal() throws {
        let error = EnclaveError(wrongState: .genesisBooted, allowed: [.applicationReady])
        let bytes: [UInt8] =
            [5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 13, 0, 0, 0] + Array("GenesisBooted".utf8)
            + [1, 0, 0, 0, 16, 0, 0, 0] + Array("ApplicationReady".utf8)
        #expect(try Message.reply(identifier: 1, .refused(error)).encoded() == bytes)
    }

    @Test("tags and reasons keep their numbers")
    func numbers() {
        #expect(OperationKind.allCases.map(\.rawValue) == Array(1...14))
        #expect(
            OperationKind.allCases.map { "\($0)" } == [
                "info", "generateSeed", "deriveSeed", "validateSeed", "genesisBoot", "genesisAnswer", "injectShares",
                "bootStandard", "manifest", "shareManifest", "generateAttestation", "exportChallenge", "exportKey",
                "injectKey",
            ])
        #expect(EnclaveError.Reason.allCases.map(\.rawValue) == Array(1...40))
        #expect(
            EnclaveError.Reason.allCases.map { "\($0)" } == [
                "unknownOperation", "malformedMessage", "wrongState", "outOfRange", "tooLarge", "busy",
                "entropyFailed", "outOfSecureMemory", "deadlineExceeded", "internalFailure", "badPublicKey",
                "duplicateMember", "namespaceMismatch", "badManifest", "pivotMismatch", "measurementMismatch",
                "notEnoughApprovals", "badCommitments", "manifestNotApproved", "sharesHeld", "manifestFixed",
                "noManifest", "noGenesis", "sealedSeedRequired", "manifestMismatch", "lowerNonce", "otherQuorumKey",
                "otherNamespace", "otherManifestSet", "shareSetChanged", "badAttestation", "untrustedAttestation",
                "expiredAttestation", "staleAttestation", "badNonce", "notASetupDocument", "debugEnclave",
                "badSignature", "badCiphertext", "keyMismatch",
            ])
    }

    @Test("shares stand behind the message that announces them, in the order of the call")
    func shares() throws {
        let head = RequestHead(identifier: 1, deadlineMilliseconds: 2, requestIdentifier: "r")
        let request = InjectSharesRequest(
            namespaceName: "n",
            namespaceNonce: 3,
            shares: [
                .init(memberAlias: "a", plain: SecretField(count: 33)),
                .init(memberAlias: "b", sealed: [9, 8], approval: nil),
                .init(memberAlias: "c", plain: SecretField(count: 5)),
            ]
        )
        let bytes: [UInt8] =
            [3, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0x72, 7]
            + [1, 0, 0, 0, 0x6E, 3, 0, 0, 0, 3, 0, 0, 0]
            + [1, 0, 0, 0, 0x61, 1, 33, 0, 0, 0, 0, 0]
            + [1, 0, 0, 0, 0x62, 0, 1, 2, 0, 0, 0, 9, 8, 0]
            + [1, 0, 0, 0, 0x63, 1, 5, 0, 0, 0, 0, 0]
        #expect(try Message.request(head, .injectShares(request)).encoded(secretCount: 38) == bytes)
        let decoded = try Message(plain: bytes, secretCount: 38)
        guard case .request(_, .injectShares(let read)) = decoded else {
            Issue.record("no request")
            return
        }
        #expect(read.shares.map { $0.plain?.range } == [0..<33, nil, 33..<38])
        #expect(throws: FrameError.malformed) { try Message(plain: bytes, secretCount: 37) }
    }
}
