// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Testing

@testable import NitroAttestation

@Suite("Nitro Security Module")
struct NitroSecurityModuleTests {
    @Test("the module is looked at once, and what is locked is not asked for again")
    func start() throws {
        let device = NSMDouble()
        let module = try NitroSecurityModule(device)
        let start: [NSMRequest] =
            [.describeModule] + (0..<16).map { .describeRegister($0) }
            + [.attestation(userData: nil, nonce: nil, publicKey: nil)]
        #expect(device.requests == start)
        #expect(module.rootCertificate == NSMDouble.root)
        #expect(try module.register(2) == [UInt8](repeating: 3, count: 48))
        #expect(try module.register(15) == NSMDouble.zero)
        #expect(device.requests == start)
        #expect(try module.register(31) == NSMDouble.zero)
        #expect(device.requests == start + [.describeRegister(31)])
    }

    private struct Unfit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout NSMDouble.State) -> Void
    }

    private static let unfitModules = [
        Unfit(testDescription: "another digest") { $0.digest = "SHA512" },
        Unfit(testDescription: "another interface") { $0.majorVersion = 2 },
        Unfit(testDescription: "31 registers") { $0.registerCount = 31 },
        Unfit(testDescription: "register 0 not locked") { $0.registers[0].isLocked = false },
        Unfit(testDescription: "register 15 not locked") { $0.registers[15].isLocked = false },
        Unfit(testDescription: "a document about something else") { $0.userData = [1] },
        Unfit(testDescription: "a document of no time") { $0.timestamps = [0] },
    ]

    @Test("a module that works otherwise is refused", arguments: unfitModules)
    private func unfit(sample: Unfit) {
        #expect(throws: SecurityModuleError.unfit) { try NitroSecurityModule(NSMDouble(sample.change)) }
    }

    @Test("a description that says less is locked than the registers do is refused")
    func contradiction() {
        let device = NSMDouble(edit: { request, answer in
            guard request == .describeModule else { return answer }
            var state = NSMDouble.State()
            state.registers[7].isLocked = false
            return Answers.description(state)
        })
        #expect(throws: SecurityModuleError.unfit) { try NitroSecurityModule(device) }
    }

    private static let startRequests: [NSMRequest] = [
        .describeModule, .describeRegister(0), .describeRegister(15),
        .attestation(userData: nil, nonce: nil, publicKey: nil),
    ]

    @Test("an answer at the start that ends early is refused, wherever it ends", arguments: startRequests)
    func truncated(request: NSMRequest) throws {
        let device = NSMDouble()
        let count = try device.exchange(request.encoded).count
        for length in 0..<count {
            let device = NSMDouble(edit: { $0 == request ? Array($1[..<length]) : $1 })
            #expect(throws: SecurityModuleError.unfit, "\(length) bytes") { try NitroSecurityModule(device) }
        }
    }

    @Test("a refusal at the start is told by its own word", arguments: startRequests)
    func refused(request: NSMRequest) {
        let device = NSMDouble(edit: { $0 == request ? Answers.refused("InternalError") : $1 })
        #expect(throws: SecurityModuleError.refused(.internalError)) { try NitroSecurityModule(device) }
    }

    @Test("what the device cannot do is told as it tells it", arguments: startRequests)
    func broken(request: NSMRequest) {
        let device = NSMDouble(edit: { (asked, answer) throws(SecurityModuleError) in
            guard asked != request else { throw .failed }
            return answer
        })
        #expect(throws: SecurityModuleError.failed) { try NitroSecurityModule(device) }
    }

    @Test("a document says what it was to say")
    func document() throws {
        let module = try NitroSecurityModule(NSMDouble())
        let bytes = try module.attest(userData: [1, 2], nonce: [], publicKey: [3])
        let document = try AttestationDocument(parsing: bytes)
        #expect(document.userData == [1, 2])
        #expect(document.nonce == [])
        #expect(document.publicKey == [3])
        #expect(document.registers.keys.sorted() == Array(0..<16))
    }

    @Test("a document about something else is refused")
    func otherDocument() throws {
        let module = try NitroSecurityModule(
            NSMDouble(edit: { request, answer in
                guard case .attestation(.some, _, _) = request else { return answer }
                return Answers.document(
                    Answers.attestation(1, NSMDouble.State().registers, userData: [9], nonce: nil, publicKey: nil)
                )
            })
        )
        #expect(throws: SecurityModuleError.unfit) { try module.attest(userData: [1], nonce: nil, publicKey: nil) }
        #expect(try !module.attest(userData: [9], nonce: nil, publicKey: nil).isEmpty)
        #expect(throws: SecurityModuleError.unfit) { try module.attest(userData: [9], nonce: [1], publicKey: nil) }
        #expect(throws: SecurityModuleError.unfit) { try module.attest(userData: [9], nonce: nil, publicKey: [1]) }
    }

    @Test("more than a document carries is refused by the module, more than a request carries before that")
    func tooLarge() throws {
        let device = NSMDouble()
        let module = try NitroSecurityModule(device)
        let count = device.requests.count
        #expect(throws: SecurityModuleError.refused(.inputTooLarge)) {
            try module.attest(userData: [UInt8](repeating: 1, count: 513), nonce: nil, publicKey: nil)
        }
        #expect(device.requests.count == count + 1)
        #expect(throws: SecurityModuleError.refused(.inputTooLarge)) {
            try module.attest(userData: [UInt8](repeating: 1, count: 4096), nonce: nil, publicKey: nil)
        }
        #expect(device.requests.count == count + 1)
    }

    @Test("an index that a request cannot carry is refused, one without a register by the module")
    func index() throws {
        let device = NSMDouble()
        let module = try NitroSecurityModule(device)
        let count = device.requests.count
        for index in [-1, 65_536, .max, .min] {
            #expect(throws: SecurityModuleError.refused(.invalidIndex)) { try module.register(index) }
        }
        #expect(device.requests.count == count)
        #expect(throws: SecurityModuleError.refused(.invalidIndex)) { try module.register(32) }
        #expect(device.requests.count == count + 1)
    }

    @Test("the time is a document's, and never goes back")
    func time() throws {
        let module = try NitroSecurityModule(NSMDouble { $0.timestamps = [1, 5000, 6000, 5500, 6000, 7000] })
        let times = try (0..<5).map { _ in try module.milliseconds() }
        #expect(times == [5000, 6000, 6000, 6000, 7000])
    }

    @Test("a time beyond all times is refused")
    func endOfTime() throws {
        let module = try NitroSecurityModule(
            NSMDouble { $0.timestamps = [1, UInt64(Int64.max), UInt64(Int64.max) + 1] })
        #expect(try module.milliseconds() == .max)
        #expect(throws: SecurityModuleError.unfit) { try module.milliseconds() }
    }

    private static let randomBytes: [([UInt8], SecurityModuleError?)] = [
        ([UInt8](0..<32), nil),
        ([UInt8](0...255), nil),
        ([UInt8](0..<31), .unfit),
        ([UInt8](repeating: 0, count: 256), .failed),
        ([UInt8](repeating: 255, count: 32), .failed),
        ([UInt8](repeating: 7, count: 31) + [8], nil),
    ]

    @Test("random bytes are at least 32 and not all equal", arguments: randomBytes)
    func random(bytes: [UInt8], error: SecurityModuleError?) throws {
        let module = try NitroSecurityModule(NSMDouble { $0.randomBytes = bytes })
        if let error {
            #expect(throws: error) { try module.randomBytes() }
        } else {
            #expect(try module.randomBytes() == bytes)
        }
    }
}
