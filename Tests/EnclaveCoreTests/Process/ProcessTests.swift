// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Testing

@testable import EnclaveCore

@Suite("the running executable")
struct ApplicationHashTests {
    private func sum(_ tool: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/\(tool)")
        process.arguments = [try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try #require(try output.fileHandleForReading.readToEnd()), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text
    }

    @Test("its hashes are what sha256sum and sha384sum say of the file")
    func hashes() throws {
        let hash = try #require(ApplicationHash.ofRunningExecutable())
        #expect(hash.sha256.count == 32)
        #expect(hash.sha384.count == 48)
        #expect(try sum("sha256sum").hasPrefix(Hex.encode(hash.sha256) + "  "))
        #expect(try sum("sha384sum").hasPrefix(Hex.encode(hash.sha384) + "  "))
    }
}

@Suite("process protection")
struct ProcessProtectionTests {
    @Test("variables that steer the loader or a library are found, and no others")
    func steering() {
        let names = [
            "PATH", "LD_PRELOAD", "HOME", "LD_LIBRARY_PATH", "OPENSSL_CONF", "SWIFT_BACKTRACE", "GLIBC_TUNABLES",
            "ENCLAVE_SOCKET", "GLIBC_TUNABLES_", "ld_preload", "XLD_PRELOAD", "SWIFTLY",
        ]
        #expect(
            ProcessProtection.steeringVariables(in: names) == [
                "GLIBC_TUNABLES", "LD_LIBRARY_PATH", "LD_PRELOAD", "OPENSSL_CONF", "SWIFT_BACKTRACE",
            ])
    }

    @Test("a user and a group are found by name or number")
    func users() throws {
        #expect(try ProcessProtection.user("root") == .init(uid: 0, gid: 0))
        #expect(try ProcessProtection.user("12345") == .init(uid: 12_345, gid: 12_345))
        #expect(try ProcessProtection.group("root") == 0)
        #expect(try ProcessProtection.group("54321") == 54_321)
    }

    @Test("who does not exist is not found")
    func nobody() {
        #expect(throws: ProcessProtection.Failure.unknownUser) { try ProcessProtection.user("no such user") }
        #expect(throws: ProcessProtection.Failure.unknownGroup) { try ProcessProtection.group("no such group") }
    }
}
