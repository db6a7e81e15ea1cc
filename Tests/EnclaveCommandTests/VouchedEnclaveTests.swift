// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EnclaveCore
import Primitives
import ProcessStart
import Quorum
import Synchronization
import Testing

@testable import EnclaveCommand

@Suite("who vouches for an enclave")
struct VouchedEnclaveTests {
    /// Says what a test lets it say.
    private final class Module: SecurityModule {
        let rootCertificate: [UInt8]
        private let registers: [[UInt8]]
        private let random: Mutex<[Result<[UInt8]?, SecurityModuleError>]>
        private let time: Result<Int64, SecurityModuleError>

        /// - Parameters:
        ///   - registers: from PCR0 on; what is missing fails.
        ///   - random: what it gives one after the other, and then the last of them.
        init(
            root: [UInt8] = [1, 2, 3], registers: [[UInt8]] = VouchedEnclaveTests.registers,
            random: [Result<[UInt8]?, SecurityModuleError>] = [.success(nil)],
            time: Result<Int64, SecurityModuleError> = .success(0)
        ) {
            rootCertificate = root
            self.registers = registers
            self.random = Mutex(random)
            self.time = time
        }

        func register(_ index: Int) throws(SecurityModuleError) -> [UInt8] {
            guard registers.indices.contains(index) else { throw .failed }
            return registers[index]
        }

        func randomBytes() throws(SecurityModuleError) -> [UInt8]? {
            try random.withLock { random in random.count > 1 ? random.removeFirst() : random[0] }.get()
        }

        func commit(_ extensions: [(register: Int, data: [UInt8])]) {}
        func attest(userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?) -> [UInt8] { [] }
        func milliseconds() throws(SecurityModuleError) -> Int64 { try time.get() }
    }

    private static let registers = (1...4 as ClosedRange<UInt8>).map { [UInt8](repeating: $0, count: 48) }
    private static let zero = [UInt8](repeating: 0, count: 48)

    private func vouched(
        _ module: Module, _ policy: EnclavePolicy = .development, rootFile: String? = nil
    ) throws(StartFailure) -> VouchedEnclave {
        try VouchedEnclave(policy, rootFile: rootFile) { _, _, _ in module }
    }

    private func expectFailure(
        _ message: String, _ module: Module, _ policy: EnclavePolicy = .development,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try vouched(module, policy)
            Issue.record("it started", sourceLocation: sourceLocation)
        } catch {
            #expect(error.message == message, sourceLocation: sourceLocation)
            #expect(error.status == .protectionMissing, sourceLocation: sourceLocation)
        }
    }

    @Test("its measurements are the module's, and the provider is told what it vouches for")
    func measurements() throws {
        let told = Mutex<[String?]>([])
        let vouched = try VouchedEnclave(.development, rootFile: "/r.pem") { application, policy, file in
            told.withLock { $0 = ["\(application.sha256.count)", "\(policy.mode)", file] }
            return Module()
        }
        #expect(told.withLock { $0 } == ["32", "development", "/r.pem"])
        #expect(vouched.measurements.registers == Self.registers)
        #expect(vouched.measurements.rootCertificate == [1, 2, 3])
        #expect(vouched.applicationHash.sha256 == ApplicationHash.ofRunningExecutable()?.sha256)
    }

    @Test("a provider that cannot vouch keeps it from starting, with its own words")
    func refusing() throws {
        do {
            _ = try VouchedEnclave(.development, rootFile: nil) { _, _, _ throws(StartFailure) in
                throw StartFailure("no module", .protectionMissing)
            }
            Issue.record("it started")
        } catch {
            #expect(error.message == "no module")
        }
    }

    @Test("production starts under no other root than the one it trusts")
    func otherRoot() {
        expectFailure("the security module is attested by a root that is not trusted", Module(), .production)
    }

    @Test("a module that does not tell its registers keeps it from starting", arguments: 0..<4)
    func registers(count: Int) {
        expectFailure(
            "the security module does not tell its registers", Module(registers: Array(Self.registers.prefix(count))))
    }

    @Test("an enclave in debug mode does not start where such are refused, and does in development", arguments: 0..<3)
    func debugMode(index: Int) throws {
        var registers = Self.registers
        registers[index] = Self.zero
        expectFailure(
            "this enclave is in debug mode: its memory can be read", Module(registers: registers),
            EnclavePolicy.development.rehearsingProduction)
        #expect(try vouched(Module(registers: registers)).measurements.registers[index] == Self.zero)
    }

    @Test("without an instance role it starts")
    func noRole() throws {
        let module = Module(registers: Array(Self.registers.prefix(3)) + [Self.zero])
        _ = try vouched(module, EnclavePolicy.development.rehearsingProduction)
    }

    // MARK: Random bytes

    @Test("where the module has random bytes they are mixed in, at every draw")
    func mixed() throws {
        let second = [UInt8](repeating: 7, count: 32)
        let source = try vouched(
            Module(random: [.success(second), .success(second), .failure(.failed), .success(nil), .success([1])])
        ).entropySource()
        #expect(try source.bytes(32).count == 32)
        for _ in 0..<3 { #expect(throws: PrimitiveError.entropyFailed) { try source.bytes(32) } }
    }

    @Test("where it has none the kernel's are enough")
    func unmixed() throws {
        let source = try vouched(Module(random: [.success(nil), .failure(.failed)])).entropySource()
        #expect(try source.bytes(32) != source.bytes(32))
    }

    @Test("a module whose random bytes fail keeps it from starting")
    func randomFails() throws {
        let vouched = try vouched(Module(random: [.failure(.failed)]))
        do {
            _ = try vouched.entropySource()
            Issue.record("it started")
        } catch {
            #expect(error.message == "the security module gives no random bytes")
            #expect(error.status == .protectionMissing)
        }
    }

    // MARK: Time

    @Test("in development it tells the host's time, whatever its module does")
    func hostClock() throws {
        let clock = try vouched(Module(time: .failure(.failed))).clock(.development)
        let before = WallClock.milliseconds()
        let told = clock()
        #expect((before...max(before, WallClock.milliseconds())).contains(told))
    }

    @Test("in production it tells its module's time at the start, and what has passed since")
    func moduleClock() throws {
        let before = WallClock.uptimeMilliseconds()
        let clock = try vouched(Module(time: .success(5_000_000))).clock(.production)
        let (first, second) = (clock(), clock())
        let passed = WallClock.uptimeMilliseconds() - before
        #expect((5_000_000...5_000_000 + passed).contains(first))
        #expect((first...5_000_000 + passed).contains(second))
    }

    @Test("in production a module that does not tell the time keeps it from starting")
    func noTime() throws {
        let vouched = try vouched(Module(time: .failure(.failed)))
        do {
            _ = try vouched.clock(.production)
            Issue.record("it started")
        } catch {
            #expect(error.message == "the security module does not tell the time")
            #expect(error.status == .protectionMissing)
        }
    }

    // MARK: Questions

    @Test("its measurements are told as a release's file has them")
    func measurementsAnswer() throws {
        let text = try vouched(Module()).answer(.measurements)
        let lines = (0..<3).map { "\(String(repeating: "0\($0 + 1)", count: 48)) PCR\($0)\n" }
        #expect(text == lines.joined())
        #expect(try PCRFile(parsing: Array(text.utf8)).pcr2 == Self.registers[2])
    }

    @Test("its root is told in PEM, which reads as the same certificate")
    func rootAnswer() throws {
        let root = try vouched(Module()).answer(.attestationRoot)
        #expect(root == "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n")
    }
}
