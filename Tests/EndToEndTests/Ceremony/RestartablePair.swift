// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Testing

/// An enclave that can be killed and started anew on the same socket, behind a gateway that stays.
struct RestartablePair: Sendable {
    let workplace: Workplace
    let gateway: RunningGateway
    let settings: [String: String]
    let executable: Executable
    private(set) var enclave: ChildProcess
    /// The enclaves that were killed.
    private var earlier: [ChildProcess] = []

    /// - Parameters:
    ///   - settings: the enclave's, at each start.
    ///   - gateway: the gateway's.
    ///   - port: the gateway's; a free one where `nil`.
    ///   - executable: the enclave's.
    ///   - isReady: whether the gateway calls itself ready as soon as its enclave is there.
    init(
        _ workplace: Workplace,
        _ settings: [String: String] = [:],
        gateway: [String: String] = [:],
        port: UInt16? = nil,
        executable: Executable = .developmentEnclave,
        isReady: Bool = true
    ) throws {
        self.workplace = workplace
        self.settings = settings
        self.executable = executable
        enclave = try workplace.startEnclave(settings, executable: executable)
        self.gateway = try workplace.startGateway(gateway, port: port)
        if isReady { try self.gateway.waitUntilReady() }
    }

    /// Kills the enclave.
    func kill() throws {
        enclave.signal(SIGKILL)
        #expect(try enclave.waitForEnd() == .killed(signal: SIGKILL))
    }

    /// Starts another enclave in the place of one that has ended, and waits until the gateway has found it by itself.
    mutating func revive() throws {
        earlier.append(enclave)
        enclave = try workplace.startEnclave(
            settings, executable: executable, log: "enclave-\(earlier.count).log")
        // An enclave that is gone answers no more, so whatever answers is the new one.
        try wait(until: "the gateway has found the new enclave", found: { [gateway] in gateway.process.log }) {
            try gateway.get("/enclave/info").status == 200
        }
    }

    /// Kills the enclave, starts another, and waits until the gateway has found that one by itself.
    mutating func restart() throws {
        let before = try gateway.get("/enclave/info").json()["enclave_id"]
        try kill()
        try revive()
        let info = try gateway.get("/enclave/info").json()
        #expect(info["enclave_id"] != before)
        #expect(info["state"] == "WaitingForBootInstruction" && info["namespace"] == nil)
    }

    /// Tells both to end, and waits until they have.
    func stop() throws {
        for process in [gateway.process, enclave] {
            process.signal(SIGTERM)
            #expect(try process.waitForEnd() == .exited(0))
        }
    }

    /// What the enclave says of itself.
    func info() throws -> JSON {
        try gateway.get("/enclave/info").json()
    }

    /// Everything that any of the processes has written.
    var logs: [(path: String, bytes: Data)] {
        (earlier + [enclave, gateway.process]).map { (path: $0.logPath, bytes: $0.logBytes) }
    }
}
