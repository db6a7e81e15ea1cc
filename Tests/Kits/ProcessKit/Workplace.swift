// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// A test's own directory, socket and port, and the processes that it started there.
package final class Workplace: Sendable {
    package let directory: TemporaryDirectory
    private let children = Mutex<[ChildProcess]>([])

    package init() throws(ProcessKitError) {
        directory = try TemporaryDirectory()
    }

    /// Lends a workplace; whatever happens, its processes have ended and its files are gone afterwards.
    package static func with<Result>(_ body: (Workplace) throws -> Result) throws -> Result {
        let workplace = try Workplace()
        defer { workplace.close() }
        return try body(workplace)
    }

    package func close() {
        for child in children.withLock({ $0 }) { child.stop() }
        directory.remove()
    }

    /// Where the enclave listens.
    package var socket: String { directory.file("enclave.sock") }

    /// Starts an executable and leaves it to itself.
    ///
    /// - Parameter log: the name of the file for its output.
    package func spawn(
        _ executable: Executable,
        _ arguments: [String] = [],
        environment: [String: String],
        log: String
    ) throws(ProcessKitError) -> ChildProcess {
        let child = try ChildProcess(
            executable.path, arguments, environment: environment, logPath: directory.file(log)
        )
        children.withLock { $0.append(child) }
        return child
    }

    // MARK: Enclave

    /// Starts an enclave, of development if not another one, and leaves it to itself.
    package func spawnEnclave(
        _ settings: [String: String] = [:],
        executable: Executable = .developmentEnclave,
        log: String = "enclave.log"
    ) throws(ProcessKitError) -> ChildProcess {
        let environment = ["ENCLAVE_SOCKET": socket].merging(settings) { $1 }
        return try spawn(executable, environment: environment, log: log)
    }

    /// Starts an enclave, of development if not another one, and waits until it greets.
    package func startEnclave(
        _ settings: [String: String] = [:],
        executable: Executable = .developmentEnclave,
        log: String = "enclave.log"
    ) throws(ProcessKitError) -> ChildProcess {
        let enclave = try spawnEnclave(settings, executable: executable, log: log)
        try wait(until: "the enclave greets", found: { enclave.log }) {
            try FrameConnection.greeted(path: socket).close()
            return true
        }
        return enclave
    }

    // MARK: Gateway

    /// Starts a gateway and waits until it serves, whatever the enclave does.
    ///
    /// - Parameter port: where it is called; a free one that it is told of where `nil`.
    package func startGateway(
        _ settings: [String: String] = [:],
        port: UInt16? = nil,
        log: String = "gateway.log"
    ) throws(ProcessKitError) -> RunningGateway {
        let chosen = if let port { port } else { try FreePort.find() }
        let environment = ["ENCLAVE_SOCKET": socket, "HOST_PORT": "\(chosen)"].merging(settings) { $1 }
        let gateway = RunningGateway(
            process: try spawn(.gateway, environment: environment, log: log),
            port: chosen
        )
        try gateway.waitUntilServing()
        return gateway
    }

    /// Starts both and waits until the gateway calls itself ready.
    package func startBoth(
        enclave: [String: String] = [:],
        gateway: [String: String] = [:]
    ) throws(ProcessKitError) -> RunningGateway {
        _ = try startEnclave(enclave)
        let running = try startGateway(gateway)
        try running.waitUntilReady()
        return running
    }
}
