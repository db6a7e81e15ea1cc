// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Synchronization

@testable import NitroAttestation

/// A Nitro Security Module in memory: it keeps 32 registers, extends and locks them, and makes documents that nobody
/// signed.
final class NSMDouble: NSMDevice {
    static let zero = [UInt8](repeating: 0, count: 48)
    static let root: [UInt8] = [0x30, 0x01, 0x00]

    struct State {
        var registers = (0..<32).map { index in
            let value: [UInt8] = index < 3 ? [UInt8](repeating: UInt8(index + 1), count: 48) : zero
            return NSMRegister(value: value, isLocked: index < 16)
        }
        var digest = "SHA384"
        var majorVersion: UInt64 = 1
        var registerCount: UInt64 = 32
        /// Each document's time is the next of these, then the last one again.
        var timestamps: [UInt64] = [1_766_668_537_578]
        var randomBytes = [UInt8](0..<32)
        /// What a document says instead of what it was to say.
        var userData: [UInt8]?
        /// Every request, in order.
        var requests: [NSMRequest] = []
    }

    let state: Mutex<State>
    /// Changes the answer to a request, or throws.
    private let edit: @Sendable (NSMRequest, [UInt8]) throws(SecurityModuleError) -> [UInt8]

    init(
        _ change: (inout State) -> Void = { _ in },
        edit: @escaping @Sendable (NSMRequest, [UInt8]) throws(SecurityModuleError) -> [UInt8] = { $1 }
    ) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
        self.edit = edit
    }

    var requests: [NSMRequest] { state.withLock { $0.requests } }

    var registers: [NSMRegister] { state.withLock { $0.registers } }

    func exchange(_ request: [UInt8]) throws(SecurityModuleError) -> [UInt8] {
        guard let request = try? NSMRequest(parsing: request) else { return Answers.refused("InvalidOperation") }
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answer(request)
        }
        return try edit(request, answer)
    }
}

extension NSMDouble.State {
    fileprivate mutating func answer(_ request: NSMRequest) -> [UInt8] {
        switch request {
        case .describeModule:
            return Answers.description(self)
        case .describeRegister(let index):
            guard registers.indices.contains(Int(index)) else { return Answers.refused("InvalidIndex") }
            return Answers.register(registers[Int(index)])
        case .extendRegister(let index, let data):
            guard registers.indices.contains(Int(index)) else { return Answers.refused("InvalidIndex") }
            guard !registers[Int(index)].isLocked else { return Answers.refused("ReadOnlyIndex") }
            registers[Int(index)].value = SHA384.digest(registers[Int(index)].value + data)
            return Answers.extended(registers[Int(index)].value)
        case .lockRegisters(let end):
            guard end <= registers.count else { return Answers.refused("InvalidArgument") }
            for index in 0..<Int(end) { registers[index].isLocked = true }
            return Answers.locked
        case .attestation(let userData, let nonce, let publicKey):
            guard (userData?.count ?? 0) <= 512, (nonce?.count ?? 0) <= 512, (publicKey?.count ?? 0) <= 1024 else {
                return Answers.refused("InputTooLarge")
            }
            let timestamp = timestamps.count > 1 ? timestamps.removeFirst() : timestamps[0]
            return Answers.document(
                Answers.attestation(
                    timestamp, registers, userData: self.userData ?? userData, nonce: nonce, publicKey: publicKey
                )
            )
        case .random:
            return Answers.random(randomBytes)
        }
    }
}
