// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A gateway that serves on a port of 127.0.0.1.
package struct RunningGateway: Sendable {
    package let process: ChildProcess
    package let port: UInt16

    package init(process: ChildProcess, port: UInt16) {
        self.process = process
        self.port = port
    }

    package func connect() throws(ProcessKitError) -> HTTPConnection {
        try HTTPConnection(port: port)
    }

    /// Sends one request over a connection of its own.
    package func answer(to call: HTTPCall) throws(ProcessKitError) -> HTTPAnswer {
        try connect().answer(to: call)
    }

    package func get(_ target: String, headers: [(String, String)] = []) throws(ProcessKitError) -> HTTPAnswer {
        try answer(to: .get(target, headers: headers))
    }

    package func post(
        _ target: String,
        _ json: String,
        headers: [(String, String)] = []
    ) throws(ProcessKitError) -> HTTPAnswer {
        try answer(to: .post(target, json, headers: headers))
    }

    /// Waits until it answers at all.
    package func waitUntilServing() throws(ProcessKitError) {
        try wait(until: "/livez answers 200", found: { process.log }) { try get("/livez").status == 200 }
    }

    /// Waits until the enclave answers through it.
    package func waitUntilReady(within seconds: Int = 20) throws(ProcessKitError) {
        try wait(until: "/readyz answers 200", within: seconds, found: { process.log }) {
            try get("/readyz").status == 200
        }
    }
}
