// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Testing

/// An enclave that can be killed and started anew on the same socket, behind a gateway that stays.
struct RestartablePair {
    let workplace: Workplace
    let gateway: RunningGateway
    let settings: [String: String]
    private(set) var enclave: ChildProcess
    /// The enclaves that were killed.
    private var earlier: [ChildProcess] = []

    /// - Parameters:
    ///   - settings: the enclave's, at each start.
    ///   - gateway: the gateway's.
    init(_ workplace: Workplace, _ settings: [String: String] = [:], gateway: [String: String] = [:]) throws {
        self.workplace = workplace
        self.settings = settings
        enclave = try workplace.startEnclave(settings)
        self.gateway = try workplace.startGateway(gateway)
        try self.gateway.waitUntilReady()
    }

    /// Kills it, starts another, and waits until the gateway has found that one by itself.
    mutating func restart() throws {
        let before = try gateway.get("/enclave/info").json()["enclave_id"]
        enclave.signal(SIGKILL)
        #expect(try enclave.waitForEnd() == .killed(signal: SIGKILL))
        earlier.append(enclave)
        enclave = try workplace.startEnclave(settings, log: "enclave-\(earlier.count).log")
        try wait(until: "the gateway has found the new enclave", found: { [gateway] in gateway.process.log }) {
            let info = try gateway.get("/enclave/info")
            return try info.status == 200 && info.json()["enclave_id"] != before
        }
        let info = try gateway.get("/enclave/info").json()
        #expect(info["state"] == "WaitingForBootInstruction" && info["namespace"] == nil)
    }

    /// Tells both to end, and waits until they have.
    func stop() throws {
        for process in [gateway.process, enclave] {
            process.signal(SIGTERM)
            #expect(try process.waitForEnd() == .exited(0))
        }
    }

    /// Everything that any of the processes has written.
    var logs: [(path: String, bytes: Data)] {
        (earlier + [enclave, gateway.process]).map { (path: $0.logPath, bytes: $0.logBytes) }
    }
}
