// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import FuzzKit
import Synchronization

@testable import NitroAttestation

/// Reads answers of a Nitro Security Module, and uses a module that gives them one after the other.
///
/// Input: how many answers, then each with its length before it (two bytes, little-endian); the rest is read by itself.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let answers = (0..<input.byte()).map { _ in input.bytes(Int(input.integer())) }
    checkAnswer(Array(input.rest))
    for answer in answers { checkAnswer(answer) }
    checkModule(answers)
    return 0
}

/// Gives the answers in turn, and is then broken.
private final class Script: NSMDevice {
    private let rest: Mutex<[[UInt8]]>

    init(_ answers: [[UInt8]]) {
        rest = Mutex(answers.reversed())
    }

    func exchange(_ request: [UInt8]) throws(SecurityModuleError) -> [UInt8] {
        precondition(request.count <= 0x1000, "a request that the driver does not take")
        guard let answer = rest.withLock({ $0.popLast() }) else { throw .absent }
        return answer
    }
}

private func checkAnswer(_ bytes: [UInt8]) {
    guard let answer = try? NSMAnswer(parsing: bytes) else { return }
    switch answer {
    case .module(let description):
        precondition(!description.moduleID.isEmpty, "a module without a name")
        precondition(description.lockedRegisters == Set(description.lockedRegisters).sorted(), "locked twice")
    case .register(let register):
        precondition(register.value.count == 48, "a register of another length")
    case .extended(let value):
        precondition(value.count == 48, "a register of another length")
    case .document(let value), .random(let value):
        precondition(!value.isEmpty && value.count <= bytes.count, "bytes that were not in the answer")
    case .locked, .refused:
        break
    }
    precondition((try? NSMAnswer(parsing: bytes + [0])) == nil, "an answer that goes on")
    precondition((try? NSMAnswer(parsing: bytes.dropLast())) == nil, "an answer that ends early")
}

/// Whatever it answers, each call ends with a result of the right form or with an error.
private func checkModule(_ answers: [[UInt8]]) {
    guard let module = try? NitroSecurityModule(Script(answers)) else { return }
    precondition(!module.rootCertificate.isEmpty, "a module without a root")
    for index in [0, 15, 16, 31] {
        if let value = try? module.register(index) { precondition(value.count == 48, "a register of another length") }
    }
    _ = try? module.commit([(16, [UInt8](repeating: 1, count: 48)), (17, [UInt8](repeating: 2, count: 48))])
    if let bytes = try? module.attest(userData: [1], nonce: nil, publicKey: [2]) {
        let document = try? AttestationDocument(parsing: bytes)
        precondition(document?.userData == [1] && document?.publicKey == [2], "a document about something else")
    }
    if let first = try? module.milliseconds(), let second = try? module.milliseconds() {
        precondition(first <= second, "a time before the last one")
    }
    if let random = try? module.randomBytes() {
        precondition(random.count >= 32 && Set(random).count > 1, "bytes that are not random")
    }
}
