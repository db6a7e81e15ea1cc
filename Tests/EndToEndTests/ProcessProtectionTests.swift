// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("what the kernel says of the two processes")
    struct ProcessProtections {
        private static var isRoot: Bool { geteuid() == 0 }

        /// A line of `/proc/PID/status`, without its name.
        private static func status(_ process: ChildProcess, _ name: String) throws -> [Substring] {
            let text = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name):") })
            return line.split(whereSeparator: \.isWhitespace).dropFirst().map { $0 }
        }

        /// The soft and hard limit on core files.
        private static func coreLimits(_ process: ChildProcess) throws -> [Substring] {
            let text = try String(contentsOfFile: "/proc/\(process.pid)/limits", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            return line.split(whereSeparator: \.isWhitespace).dropFirst(4).prefix(2).map { $0 }
        }

        /// Who owns the process's secrets under `/proc`: root, whoever the process is, where it cannot be dumped.
        private static func ownerOfMemory(_ process: ChildProcess) throws -> UInt32 {
            var status = stat()
            try #require(unsafe stat("/proc/\(process.pid)/mem", &status) == 0)
            return status.st_uid
        }

        /// Whether the process has a handler of its own for a signal.
        private static func catches(_ process: ChildProcess, _ signal: Int32) throws -> Bool {
            let mask = try #require(UInt64(try status(process, "SigCgt").first ?? "", radix: 16))
            return mask >> UInt64(signal - 1) & 1 == 1
        }

        private static func expectNoTraces(_ process: ChildProcess) throws {
            #expect(try coreLimits(process) == ["0", "0"])
            for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
                #expect(try !catches(process, signal), "signal \(signal) has a handler")
            }
        }

        @Test(
            "the enclave leaves no core file, gains no privileges, reads nothing from its input, and locks its memory")
        func enclave() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave(["SWIFT_BACKTRACE": "enable=yes"])
                try Self.expectNoTraces(enclave)
                #expect(try Self.status(enclave, "NoNewPrivs") == ["1"])
                let locked = try #require(Int(try Self.status(enclave, "VmLck")[0]))
                #expect(locked > 3000)
            }
        }

        @Test("the enclave reads nothing from its input", .enabled(if: isRoot, "only root may look"))
        func input() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                let input = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(enclave.pid)/fd/0")
                #expect(input == "/dev/null")
            }
        }

        @Test("the gateway leaves no core file")
        func gateway() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startGateway(["SWIFT_BACKTRACE": "enable=yes"])
                try Self.expectNoTraces(gateway.process)
            }
        }

        @Test(
            "the enclave becomes the user it is told, keeps no group but the socket's, and cannot be dumped",
            .enabled(if: isRoot, "needs root")
        )
        func user() throws {
            try Workplace.with { workplace in
                try #require(unsafe chown(workplace.directory.path, 12346, 12346) == 0)
                let settings = [
                    "ENCLAVE_USER": "12346", "ENCLAVE_SOCKET_GROUP": "12345", "ENCLAVE_ALLOWED_UIDS": "0",
                ]
                let enclave = try workplace.startEnclave(settings)
                #expect(try Self.status(enclave, "Uid") == ["12346", "12346", "12346", "12346"])
                #expect(try Self.status(enclave, "Gid") == ["12346", "12346", "12346", "12346"])
                #expect(try Self.status(enclave, "Groups") == ["12345"])
                #expect(try Self.status(enclave, "CapEff") == ["0000000000000000"])
                #expect(try Self.ownerOfMemory(enclave) == 0)
                let gateway = try workplace.startGateway(["ENCLAVE_UID": "12346"])
                try gateway.waitUntilReady()
            }
        }
    }
}
