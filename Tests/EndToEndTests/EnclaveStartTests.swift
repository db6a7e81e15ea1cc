// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Foundation
import Glibc
import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("the enclave's start and end")
    struct EnclaveStart {
        private static var isRoot: Bool { geteuid() == 0 }

        /// Starts an enclave that must end by itself, and gives its exit code and its words.
        private static func failure(
            _ workplace: Workplace,
            _ settings: [String: String] = [:],
            _ executable: Executable = .developmentEnclave,
            arguments: [String] = []
        ) throws -> (ChildProcess.End, String) {
            let environment = ["ENCLAVE_SOCKET": workplace.socket].merging(settings) { $1 }
            let enclave = try workplace.spawn(executable, arguments, environment: environment, log: "failure.log")
            return (try enclave.waitForEnd(), enclave.log)
        }

        /// A Unix socket that nobody listens on any more.
        private static func leaveSocket(at path: String) throws {
            let descriptor = unsafe renclave_listen_unix(path, 1)
            try #require(descriptor >= 0)
            close(descriptor)
        }

        @Test("a socket that a dead enclave left behind is replaced")
        func staleSocket() throws {
            try Workplace.with { workplace in
                try Self.leaveSocket(at: workplace.socket)
                _ = try workplace.startEnclave()
            }
        }

        @Test("a socket that a killed enclave left behind is replaced")
        func killed() throws {
            try Workplace.with { workplace in
                let first = try workplace.startEnclave(log: "first.log")
                first.signal(SIGKILL)
                #expect(try first.waitForEnd() == .killed(signal: SIGKILL))
                #expect(FileManager.default.fileExists(atPath: workplace.socket))
                _ = try workplace.startEnclave(log: "second.log")
            }
        }

        @Test("a file that is no socket is left alone")
        func foreignFile() throws {
            try Workplace.with { workplace in
                let path = try workplace.directory.write("precious", to: "enclave.sock")
                let (end, words) = try Self.failure(workplace)
                #expect(end == .exited(73))
                #expect(words.contains("\(path) exists and is no socket; it was left alone"))
                #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
            }
        }

        @Test("a directory that does not exist is told of")
        func noDirectory() throws {
            try Workplace.with { workplace in
                let path = workplace.directory.file("missing/enclave.sock")
                let (end, words) = try Self.failure(workplace, ["ENCLAVE_SOCKET": path])
                #expect(end == .exited(73))
                #expect(words.contains("No such file or directory"))
            }
        }

        @Test("a live enclave is not displaced, and goes on")
        func alive() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let before = try gateway.get("/enclave/info").json()
                let (end, words) = try Self.failure(workplace)
                #expect(end == .exited(75))
                #expect(words.contains("another enclave is alive on \(workplace.socket)"))
                #expect(try gateway.get("/enclave/info").json() == before)
            }
        }

        @Test("a directory that others may write to is refused", arguments: [0o777, 0o720, 0o702] as [mode_t])
        func openDirectory(mode: mode_t) throws {
            try Workplace.with { workplace in
                try #require(unsafe chmod(workplace.directory.path, mode) == 0)
                let (end, words) = try Self.failure(workplace)
                #expect(end == .exited(77))
                #expect(words.contains("others must not be able to write to it"))
                #expect(!FileManager.default.fileExists(atPath: workplace.socket))
            }
        }

        @Test("a directory that others may write to is taken where it is sticky")
        func stickyDirectory() throws {
            try Workplace.with { workplace in
                try #require(unsafe chmod(workplace.directory.path, 0o1777) == 0)
                _ = try workplace.startEnclave()
            }
        }

        @Test("another user's socket is left alone", .enabled(if: isRoot, "only root can give a file away"))
        func foreignOwner() throws {
            try Workplace.with { workplace in
                try Self.leaveSocket(at: workplace.socket)
                try #require(unsafe chown(workplace.socket, 12345, 12345) == 0)
                let (end, words) = try Self.failure(workplace)
                #expect(end == .exited(77))
                #expect(words.contains("is a socket of uid 12345, not of this user; it was left alone"))
                #expect(FileManager.default.fileExists(atPath: workplace.socket))
            }
        }

        @Test("another user's directory is refused", .enabled(if: isRoot, "only root can give a directory away"))
        func foreignDirectory() throws {
            try Workplace.with { workplace in
                try #require(unsafe chown(workplace.directory.path, 12345, 12345) == 0)
                let (end, _) = try Self.failure(workplace)
                #expect(end == .exited(77))
            }
        }

        @Test("the socket is for this user alone, and the lock file too")
        func modes() throws {
            try Workplace.with { workplace in
                _ = try workplace.startEnclave()
                for path in [workplace.socket, workplace.socket + ".lock"] {
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
                }
            }
        }

        @Test("told to stop, it ends well and takes its socket away", arguments: [SIGTERM, SIGINT])
        func stopped(signal: Int32) throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                let peer = try FrameConnection.greeted(path: workplace.socket)
                enclave.signal(signal)
                #expect(try enclave.waitForEnd() == .exited(0))
                #expect(try peer.receiveUntilClosed().isEmpty)
                #expect(!FileManager.default.fileExists(atPath: workplace.socket))
            }
        }

        @Test("the enclave for hardware does not start on this machine, and names what it lacks")
        func production() throws {
            try Workplace.with { workplace in
                let (end, words) = try Self.failure(workplace, [:], .enclave)
                #expect(end == .exited(71))
                #expect(words.contains("this build lacks a sandbox (seccomp and Landlock)"))
                #expect(!FileManager.default.fileExists(atPath: workplace.socket))
            }
        }

        @Test(
            "an environment that steers the loader or a library refuses the start of the enclave for hardware",
            arguments: ["SWIFT_FOO", "OPENSSL_CONF", "OPENSSL_MODULES", "LD_DEBUG_OUTPUT", "GLIBC_TUNABLES"]
        )
        func steered(name: String) throws {
            try Workplace.with { workplace in
                let (end, words) = try Self.failure(workplace, [name: "1"], .enclave)
                #expect(end == .exited(71))
                #expect(words.contains("unset \(name)"))
            }
        }

        @Test(
            "a bad setting ends the start and names itself",
            arguments: [
                ("ENCLAVE_ALLOWED_UIDS", "65534", "65534 not among them"),
                ("ENCLAVE_ALLOWED_UIDS", "root", "a comma list of uids"),
                ("ENCLAVE_SOCKET_GROUP", "a b", "a group's name or number"),
                ("LOG_LEVEL", "loud", "trace, debug, info"),
                ("LOG_FORMAT", "xml", "text or json"),
                ("MAX_BODY_BYTES", "-1", "bytes"),
            ]
        )
        func badSetting(name: String, value: String, allowed: String) throws {
            try Workplace.with { workplace in
                let (end, words) = try Self.failure(workplace, [name: value])
                #expect(end == .exited(2))
                #expect(words.contains("\(name) is \"\(value)\" (from the environment); allowed: "))
                #expect(words.contains(allowed))

                let flag = "--" + name.lowercased().replacing("_", with: "-")
                let (flagEnd, flagWords) = try Self.failure(workplace, arguments: ["\(flag)=\(value)"])
                #expect(flagEnd == .exited(2))
                #expect(flagWords.contains("(from the flag \(flag)); allowed: "))
            }
        }

        @Test(
            "RUST_LOG never stops a start",
            arguments: ["hyper=debug", "=,,=", "info,renclave=trace", "\u{1}\u{7F}é", ""])
        func rustLog(value: String) throws {
            try Workplace.with { workplace in
                _ = try workplace.startBoth(enclave: ["RUST_LOG": value], gateway: ["RUST_LOG": value])
            }
        }

        @Test("a log in JSON is JSON in every line, of both processes")
        func jsonLog() throws {
            try Workplace.with { workplace in
                let settings = ["LOG_FORMAT": "json", "LOG_LEVEL": "trace"]
                let enclave = try workplace.startEnclave(settings)
                let gateway = try workplace.startGateway(settings)
                try gateway.waitUntilReady()
                try expectSuccess(gateway.post("/generate-seed", "{}"))
                try expectRefusal(gateway.post("/generate-seed", #"{"strength":1}"#), 400, "out_of_range")
                for process in [enclave, gateway.process] {
                    process.signal(SIGTERM)
                    #expect(try process.waitForEnd() == .exited(0))
                    let lines = process.log.split(separator: "\n")
                    #expect(lines.count > 3)
                    for line in lines {
                        let entry = try JSON(Array(line.utf8))
                        for name in ["time", "level", "logger", "message"] { #expect(entry[name]?.string != nil) }
                    }
                }
            }
        }
    }
}
