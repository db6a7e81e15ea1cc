// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import ProcessKit
import Protocol
import Testing

extension TwoProcesses {
    @Suite("the enclave's socket", .runningPair())
    struct EnclaveFrames {
        private let path: String

        init() throws { path = try Pair.shared.socket }

        private static func expectInfo(_ connection: FrameConnection, identifier: UInt64) throws {
            let frame = try #require(try connection.answer(to: .info, identifier: identifier))
            guard case .reply(identifier, .info(let info)) = frame.message else {
                Issue.record("information was expected")
                return
            }
            #expect(info.phase == .waitingForBootInstruction)
            #expect(frame.secrets.isEmpty)
        }

        private static func expectRefusal(
            _ connection: FrameConnection,
            _ reason: EnclaveError.Reason,
            identifier: UInt64
        ) throws {
            let frame = try connection.next()
            #expect(frame?.message == .reply(identifier: identifier, .refused(EnclaveError(reason))))
        }

        @Test("a greeting is answered with the version to be spoken")
        func greeting() throws {
            let connection = try FrameConnection(path: path)
            try connection.send(.hello(Hello(spoken: 1...9)))
            let frame = try connection.next()
            #expect(
                frame?.message
                    == .welcome(
                        Welcome(
                            version: Version.spoken.upperBound,
                            spoken: Version.spoken,
                            product: Version.product,
                            frameLimit: UInt32(Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes))
                        )))
            try Self.expectInfo(connection, identifier: 1)
        }

        @Test("version ranges that do not meet are answered with version 0, and the connection ends")
        func noCommonVersion() throws {
            let connection = try FrameConnection(path: path)
            try connection.send(.hello(Hello(spoken: 100...200)))
            guard case .welcome(let welcome) = try connection.next()?.message else {
                Issue.record("a welcome was expected")
                return
            }
            #expect(welcome.version == 0)
            #expect(welcome.oldest...welcome.newest == Version.spoken)
            #expect(try connection.next() == nil)
        }

        @Test("a peer that does not greet is let go after a second")
        func noGreeting() throws {
            let connection = try FrameConnection(path: path)
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test(
            "a first message that is no greeting ends the connection",
            arguments: [
                Array("GET / HTTP/1.1\r\n\r\n".utf8),
                [UInt8](repeating: 0, count: 64),
                [UInt8](repeating: 0xFF, count: 64),
                try FrameConnection.bytes(of: .request(FrameConnection.head(1), .info)),
                try FrameConnection.bytes(of: .cancel(identifier: 1)),
                FrameConnection.frame(plain: []),
                // A greeting with another magic number, and one with its range the wrong way round.
                FrameConnection.frame(plain: [1, 0, 0, 0, 0, 1, 0, 1, 0]),
                FrameConnection.frame(plain: [1, 0x52, 0x4E, 0x43, 0x4C, 2, 0, 1, 0]),
            ] as [[UInt8]]
        )
        func noHello(bytes: [UInt8]) throws {
            let connection = try FrameConnection(path: path)
            try connection.send(bytes)
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test(
            "after the greeting, what an enclave never receives ends the connection",
            arguments: [
                try FrameConnection.bytes(of: .hello(Hello(spoken: Version.spoken))),
                try FrameConnection.bytes(of: .welcome(ScriptedEnclave.usualWelcome)),
                try FrameConnection.bytes(of: .reply(identifier: 1, .refused(EnclaveError(.busy)))),
                // A plain part that is longer than the frame.
                [0, 0, 0, 8, 9, 0, 0, 0, 1, 2, 3, 4],
                [0, 0, 0, 3, 0, 0, 0, 0],
            ] as [[UInt8]]
        )
        func outOfTurn(bytes: [UInt8]) throws {
            let connection = try FrameConnection.greeted(path: path)
            try connection.send(bytes)
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test("a length over the limit is refused by its four bytes alone", arguments: [0, 1])
        func oversizedLength(limitOffset: Int) throws {
            let limit = UInt32(Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes))
            let length = limitOffset == 0 ? UInt32.max : limit + 1
            let connection = try FrameConnection.greeted(path: path)
            try connection.send((0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) })
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test("a frame within the limit that no locked buffer holds is answered, and the connection goes on")
        func tooLarge() throws {
            let connection = try FrameConnection.greeted(path: path)
            for count in [Limits.receiveBufferBytes, 1_000_000] {
                let phrase = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                let request = ValidateSeedRequest(phrase: SecretField(count: count), language: nil)
                try connection.send(.request(FrameConnection.head(7), .validateSeed(request)), secrets: phrase)
                try Self.expectRefusal(connection, .tooLarge, identifier: 7)
                try Self.expectInfo(connection, identifier: 8)
            }
        }

        @Test("a frame that comes byte by byte is answered")
        func slow() throws {
            let connection = try FrameConnection.greeted(path: path)
            let phrase = Array("abandon abandon".utf8)
            let request = ValidateSeedRequest(phrase: SecretField(count: phrase.count), language: nil)
            let message = Message.request(FrameConnection.head(3), .validateSeed(request))
            for byte in try FrameConnection.bytes(of: message, secrets: phrase) { try connection.send([byte]) }
            guard case .reply(3, .verdict(let verdict)) = try connection.next()?.message else {
                Issue.record("a verdict was expected")
                return
            }
            #expect(verdict.flaw == .badWordCount)
            #expect(verdict.wordCount == 2)
        }

        @Test("several frames in one write are all answered, in their order")
        func several() throws {
            let connection = try FrameConnection.greeted(path: path)
            let frames = try (1...50).map { try FrameConnection.bytes(of: .request(FrameConnection.head($0), .info)) }
            try connection.send(frames.flatMap { $0 })
            for identifier in UInt64(1)...50 {
                guard case .reply(identifier, .info) = try connection.next()?.message else {
                    Issue.record("information for \(identifier) was expected")
                    return
                }
            }
        }

        @Test("an operation that this enclave does not carry is answered", arguments: [0, 15, 200, 255] as [UInt8])
        func unknownOperation(tag: UInt8) throws {
            let connection = try FrameConnection.greeted(path: path)
            // More of them than malformed messages would be borne.
            for identifier in UInt64(1)...10 {
                try connection.send(
                    FrameConnection.request(identifier, tag: tag, payload: [1, 2, 3], secrets: [4, 5]))
                try Self.expectRefusal(connection, .unknownOperation, identifier: identifier)
            }
            try Self.expectInfo(connection, identifier: 99)
        }

        @Test(
            "a payload that is not its operation's is answered, and eight of them end the connection",
            arguments: [
                // Information takes nothing; a seed takes more than this, and a strength that exists.
                (OperationKind.info.rawValue, [0], []), (OperationKind.generateSeed.rawValue, [], []),
                (OperationKind.generateSeed.rawValue, [77, 0, 0, 0, 0, 0], []),
                // A phrase that is announced and not there, one that is there and not announced.
                (OperationKind.validateSeed.rawValue, [9, 0, 0, 0, 0], [1, 2]),
                (OperationKind.validateSeed.rawValue, [1, 0, 0, 0, 0], [1, 2]),
                (OperationKind.validateSeed.rawValue, [255, 255, 255, 255, 0], [1, 2]),
            ] as [(UInt8, [UInt8], [UInt8])]
        )
        func malformed(tag: UInt8, payload: [UInt8], secrets: [UInt8]) throws {
            let connection = try FrameConnection.greeted(path: path)
            for identifier in 1...UInt64(Limits.malformedFrames) {
                try connection.send(
                    FrameConnection.request(identifier, tag: tag, payload: payload, secrets: secrets))
                try Self.expectRefusal(connection, .malformedMessage, identifier: identifier)
            }
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test("a message that is not even a request is answered under no identifier")
        func unreadable() throws {
            let connection = try FrameConnection.greeted(path: path)
            try connection.send(FrameConnection.frame(plain: [0xEE, 1, 2]))
            try Self.expectRefusal(connection, .malformedMessage, identifier: 0)
            try Self.expectInfo(connection, identifier: 1)
        }

        @Test("the enclave judges phrases and passphrases for itself, whatever a gateway lets through")
        func secondCheck() throws {
            let connection = try FrameConnection.greeted(path: path)
            let long = [UInt8](repeating: UInt8(ascii: "p"), count: Limits.passphraseBytes + 1)
            for passphrase in [long, [0xFF, 0xFE]] {
                let request = GenerateSeedRequest(
                    strength: .bits128, language: .english, passphrase: SecretField(count: passphrase.count))
                let frame = try connection.answer(to: .generateSeed(request), identifier: 1, secrets: passphrase)
                let refusal = EnclaveError(.outOfRange, field: "passphrase")
                #expect(frame?.message == .reply(identifier: 1, .refused(refusal)))
            }
            for phrase in [[], [0x20, 0x20], [0x61, 0xFF]] as [[UInt8]] {
                let request = ValidateSeedRequest(phrase: SecretField(count: phrase.count), language: nil)
                let frame = try connection.answer(to: .validateSeed(request), identifier: 2, secrets: phrase)
                let refusal = EnclaveError(.outOfRange, field: "seed_phrase")
                #expect(frame?.message == .reply(identifier: 2, .refused(refusal)))
            }
        }

        @Test("half a frame ends its connection after its time, and no other")
        func halfFrame() throws {
            let other = try FrameConnection.greeted(path: path)
            let connection = try FrameConnection.greeted(path: path)
            let frame = try FrameConnection.bytes(of: .request(FrameConnection.head(1), .info))
            try connection.send(Array(frame.dropLast()))
            let begin = ContinuousClock.now
            #expect(try connection.receiveUntilClosed().isEmpty)
            #expect(ContinuousClock.now - begin > .milliseconds(Limits.halfFrameMilliseconds / 2))
            // A peer that is merely quiet stays.
            try Self.expectInfo(other, identifier: 1)
        }
    }

    @Suite("the enclave's connections")
    struct EnclaveConnections {
        @Test("sixteen are served, the next is closed, and a place that comes free is given again")
        func seventeenth() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                var connections: [FrameConnection] = []
                // The connection that saw the enclave start may not be gone yet.
                try wait(until: "sixteen connections are greeted", found: { enclave.log }) {
                    while connections.count < Limits.connections {
                        connections.append(try FrameConnection.greeted(path: workplace.socket))
                    }
                    return true
                }
                let surplus = try FrameConnection(path: workplace.socket)
                #expect(try surplus.receiveUntilClosed().isEmpty)
                for connection in connections {
                    guard case .reply(5, .info) = try connection.answer(to: .info, identifier: 5)?.message else {
                        Issue.record("information was expected")
                        return
                    }
                }
                try wait(until: "the log tells of it") { enclave.log.contains("too many connections") }
                connections.removeLast().close()
                try wait(until: "a place is free again", found: { enclave.log }) {
                    connections.append(try FrameConnection.greeted(path: workplace.socket))
                    return true
                }
            }
        }
    }
}
