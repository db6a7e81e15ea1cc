// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The first message on a connection, from the gateway. Its layout never changes between versions.
package struct Hello: Codable, Equatable, Sendable {
    /// `RNCL`, so that a stranger on the socket is recognised at once.
    package static let magic: UInt32 = 0x4C43_4E52

    package let magic: UInt32
    package let oldest: UInt16
    package let newest: UInt16

    package init(spoken: ClosedRange<UInt16>) {
        magic = Self.magic
        oldest = spoken.lowerBound
        newest = spoken.upperBound
    }

    /// The versions that the sender speaks; `nil` where the message is no greeting of this protocol.
    package var spoken: ClosedRange<UInt16>? {
        magic == Self.magic && oldest <= newest ? oldest...newest : nil
    }
}

/// The enclave's answer to ``Hello``. Its layout never changes between versions.
package struct Welcome: Codable, Equatable, Sendable {
    /// The version to be spoken; 0 where the ranges do not meet.
    package let version: UInt16
    /// What the enclave speaks, for the message that tells of a mismatch.
    package let oldest: UInt16
    package let newest: UInt16
    /// The enclave's product version.
    package let product: String
    /// Bytes that may follow the length field of a frame.
    package let frameLimit: UInt32

    package init(version: UInt16?, spoken: ClosedRange<UInt16>, product: String, frameLimit: UInt32) {
        self.version = version ?? 0
        self.oldest = spoken.lowerBound
        self.newest = spoken.upperBound
        self.product = product
        self.frameLimit = frameLimit
    }
}

/// What precedes each operation.
package struct RequestHead: Codable, Equatable, Sendable {
    /// Chosen by the gateway, unique on its connection among the requests in flight.
    package let identifier: UInt64
    /// Milliseconds from arrival after which nobody waits for the answer any more.
    package let deadlineMilliseconds: UInt32
    /// The client's `X-Request-Id`, for the log.
    package let requestIdentifier: String

    package init(identifier: UInt64, deadlineMilliseconds: UInt32, requestIdentifier: String) {
        self.identifier = identifier
        self.deadlineMilliseconds = deadlineMilliseconds
        self.requestIdentifier = requestIdentifier
    }
}

/// The outermost values of the protocol, in either direction.
package enum Message: Equatable, Sendable {
    case hello(Hello)
    case welcome(Welcome)
    /// The operation is `nil` where its tag is not known here.
    case request(RequestHead, Operation?)
    /// The caller left; work that has not begun need not begin.
    case cancel(identifier: UInt64)
    case reply(identifier: UInt64, Reply)

    private enum Tag: UInt8 {
        case hello = 1
        case welcome = 2
        case request = 3
        case cancel = 4
        case reply = 5
    }

    /// The encoded message: what stands in a frame's plain part.
    ///
    /// - Parameter secretCount: the bytes that will follow; they must be what the message's secret fields announce.
    /// - Throws: ``FrameError/malformed`` where they are not.
    package func encoded(secretCount: Int = 0) throws(FrameError) -> [UInt8] {
        let encoder = BinaryEncoder()
        switch self {
        case .hello(let hello):
            encoder.append(Tag.hello.rawValue)
            try encoder.encode(hello)
        case .welcome(let welcome):
            encoder.append(Tag.welcome.rawValue)
            try encoder.encode(welcome)
        case .request(let head, let operation):
            guard let operation else { throw .malformed }
            encoder.append(Tag.request.rawValue)
            try encoder.encode(head)
            encoder.append(operation.kind.rawValue)
            try operation.encodeRequest(into: encoder)
        case .cancel(let identifier):
            encoder.append(Tag.cancel.rawValue)
            encoder.append(identifier)
        case .reply(let identifier, let reply):
            encoder.append(Tag.reply.rawValue)
            encoder.append(identifier)
            try reply.encode(into: encoder)
        }
        guard encoder.secretCount == secretCount else { throw .malformed }
        return encoder.bytes
    }

    /// The whole frame of a message that carries no secret.
    package func frame() throws(FrameError) -> [UInt8] {
        let plain = try encoded()
        return FrameHeader(plainCount: plain.count, secretCount: 0).bytes + plain
    }

    /// Reads a frame's plain part.
    ///
    /// - Parameters:
    ///   - plain: the encoded message; every byte of it must be used.
    ///   - secretCount: the bytes behind it, which the message's secret fields must cover exactly. (Those of an
    ///     unknown operation are passed over.)
    /// - Throws: ``FrameError/malformed``.
    package init(plain: [UInt8], secretCount: Int) throws(FrameError) {
        let decoder = BinaryDecoder(plain, secretCount: secretCount)
        switch Tag(rawValue: try decoder.readInteger(UInt8.self)) {
        case .hello: self = .hello(try decoder.decode(Hello.self))
        case .welcome: self = .welcome(try decoder.decode(Welcome.self))
        case .cancel: self = .cancel(identifier: try decoder.readInteger(UInt64.self))
        case .reply:
            let identifier = try decoder.readInteger(UInt64.self)
            self = .reply(identifier: identifier, try Reply(from: decoder))
        case .request:
            let head = try decoder.decode(RequestHead.self)
            guard Limits.requestIdentifierBytes.contains(head.requestIdentifier.utf8.count) else { throw .malformed }
            let operation = try Operation(tag: try decoder.readInteger(UInt8.self), from: decoder)
            self = .request(head, operation)
            if operation == nil { return }
        case nil: throw .malformed
        }
        try decoder.finish()
    }

    /// The head of a request whose rest cannot be read, so that it can still be answered by its identifier.
    package static func requestHead(ofPlainPrefix plain: [UInt8]) -> RequestHead? {
        let decoder = BinaryDecoder(plain, secretCount: 0)
        guard let tag = try? decoder.readInteger(UInt8.self), Tag(rawValue: tag) == .request else { return nil }
        return try? decoder.decode(RequestHead.self)
    }
}
