// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("the gateway's start")
    struct GatewayStart {
        /// Starts a gateway that must end by itself, and gives its exit code and its words.
        private static func failure(
            _ workplace: Workplace,
            _ arguments: [String] = [],
            _ environment: [String: String] = [:]
        ) throws -> (ChildProcess.End, String) {
            let settings = ["ENCLAVE_SOCKET": workplace.socket].merging(environment) { $1 }
            let gateway = try workplace.spawn(.gateway, arguments, environment: settings, log: "failure.log")
            return (try gateway.waitForEnd(), gateway.log)
        }

        @Test("a port in use ends the start with words, whoever is named in whatever place of the list")
        func portInUse() throws {
            try Workplace.with { workplace in
                let port = try FreePort.find()
                let holder = try #require(try FreePort.hold(port))
                defer { close(holder) }
                let free = try FreePort.find()
                for ports in ["\(port)", "\(free),\(port)"] {
                    let (end, words) = try Self.failure(workplace, [], ["HOST_PORT": ports])
                    #expect(end == .exited(69))
                    #expect(words.contains("the port is in use by another process; set another HOST_PORT"))
                }
            }
        }

        @Test("an address that is not this machine's ends the start with words")
        func foreignAddress() throws {
            try Workplace.with { workplace in
                let environment = ["HOST_ADDRESS": "192.0.2.1", "HOST_PORT": "\(try FreePort.find())"]
                let (end, words) = try Self.failure(workplace, [], environment)
                #expect(end == .exited(69))
                #expect(words.contains("this machine does not have the address in HOST_ADDRESS"))
            }
        }

        @Test(
            "a bad setting ends the start and names itself, its value and what is allowed, from each source",
            arguments: [
                ("HOST_PORT", "0", "one port from 1 to 65535"), ("HOST_PORT", "65536", "one port from 1 to 65535"),
                ("HOST_PORT", "3000,", "or a comma list"), ("HOST_PORT", "http", "or a comma list"),
                ("HOST_ADDRESS", "example.com", "an IPv4 or IPv6 address, or localhost"),
                ("ENCLAVE_UID", "root", "a uid"), ("READY_STATE", "Ready", "WaitingForBootInstruction"),
                ("EXPECTED_QUORUM_KEY", "abcd", "64 hexadecimal digits"),
                ("MAX_BODY_BYTES", "1MB", "bytes"), ("REQUEST_TIMEOUT_MS", "0", "from 100 to 600000"),
                ("ENCLAVE_TIMEOUT_MS", "1e3", "from 100 to 600000"), ("MAX_IN_FLIGHT", "0", "from 1 to 65536"),
                ("QUEUE_LENGTH", "-1", "from 0 to 65536"), ("LOG_LEVEL", "verbose", "trace, debug, info"),
                ("LOG_FORMAT", "yaml", "text or json"), ("HOST_ALLOWED_NAMES", "a,,b", "a comma list of host names"),
            ]
        )
        func badSetting(name: String, value: String, allowed: String) throws {
            try Workplace.with { workplace in
                let flag = "--" + name.lowercased().replacing("_", with: "-")
                let file = try workplace.directory.write("\(name)=\(value)\n", to: "settings")
                let sources: [([String], [String: String], String)] = [
                    (["\(flag)=\(value)"], [:], "from the flag \(flag)"),
                    ([], [name: value], "from the environment"),
                    ([], ["CONFIG_FILE": file], #"from the file "\#(file)""#),
                ]
                for (arguments, environment, source) in sources {
                    let (end, words) = try Self.failure(workplace, arguments, environment)
                    #expect(end == .exited(2))
                    let line = words.split(separator: "\n").last { $0.contains(source) } ?? ""
                    #expect(line.contains("\(name) is \"\(value)\" (\(source)); allowed: "), "\(words)")
                    #expect(line.contains(allowed), "\(words)")
                }
            }
        }

        @Test(
            "a settings file that cannot be used ends the start with words",
            arguments: [
                ("NO_SUCH_SETTING=1\n", #"there is no setting "NO_SUCH_SETTING""#), ("HOST_PORT\n", "line 1"),
                ("# fine\n\nHOST_PORT=1\nHOST_PORT=2\n", "line 4"),
            ]
        )
        func badFile(text: String, expected: String) throws {
            try Workplace.with { workplace in
                let file = try workplace.directory.write(text, to: "settings")
                let (end, words) = try Self.failure(workplace, [], ["CONFIG_FILE": file])
                #expect(end == .exited(2))
                #expect(words.contains(expected))
            }
        }

        @Test("a settings file that is not there ends the start with words")
        func missingFile() throws {
            try Workplace.with { workplace in
                let (end, words) = try Self.failure(workplace, ["--config-file=/nowhere/settings"])
                #expect(end == .exited(2))
                #expect(words.contains("there is no such file"))
            }
        }

        @Test("an unknown flag ends the start, and --version does what it says")
        func flags() throws {
            try Workplace.with { workplace in
                #expect(try Self.failure(workplace, ["--no-such-flag"]).0 == .exited(2))
                let (end, words) = try Self.failure(workplace, ["--version"])
                #expect(end == .exited(0))
                #expect(words.contains(/\d+\.\d+\.\d+/))
            }
        }

        @Test("a flag wins over the environment, which wins over the file, and the loser may even be wrong")
        func precedence() throws {
            try Workplace.with { workplace in
                let file = try workplace.directory.write(
                    "HOST_PORT=none\nLOG_LEVEL=none\n# a comment\nHOST_ALLOWED_NAMES=from.file\n", to: "settings")
                let port = try FreePort.find()
                let process = try workplace.spawn(
                    .gateway,
                    ["--host-port=\(port)"],
                    environment: [
                        "HOST_PORT": "1", "LOG_LEVEL": "debug", "CONFIG_FILE": file,
                        "ENCLAVE_SOCKET": workplace.socket,
                    ],
                    log: "gateway.log"
                )
                let gateway = RunningGateway(process: process, port: port)
                try gateway.waitUntilServing()
                // The level of the environment, and the name that only the file has.
                try wait(until: "debug is logged", found: { process.log }) { process.log.contains("DEBUG") }
                try expectSuccess(gateway.get("/livez", headers: [("Host", "from.file")]))
            }
        }

        @Test("several ports are all served")
        func ports() throws {
            try Workplace.with { workplace in
                let second = try FreePort.find()
                let first = try FreePort.find()
                let gateway = try workplace.startGateway(["HOST_PORT": "\(first),\(second)"], port: first)
                try expectSuccess(gateway.get("/livez"))
                try expectSuccess(HTTPConnection(port: second).answer(to: .get("/livez")))
            }
        }

        @Test("an address that others can reach is warned of")
        func reachable() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startGateway(["HOST_ADDRESS": "0.0.0.0"])
                #expect(gateway.process.log.contains("HOST_ADDRESS is not loopback"))
                // Names are then the business of whoever stands in front.
                try expectSuccess(gateway.get("/livez", headers: [("Host", "renclave.example")]))
            }
        }
    }
}
