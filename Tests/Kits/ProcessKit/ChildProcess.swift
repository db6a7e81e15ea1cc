// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Foundation
import Glibc
import Synchronization

/// A process that a test started: its output goes to a file, and it ends with this object at the latest.
///
/// Should the test process itself die, a guardian that waits for nothing else ends the child.
package final class ChildProcess: Sendable {
    /// How it ended.
    package enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    package let pid: Int32
    /// The file that has everything it wrote to standard output and standard error.
    package let logPath: String
    private let guardian: Guardian
    private let end = Mutex<End?>(nil)

    /// Starts a process with exactly the environment given.
    ///
    /// - Parameter logPath: created where absent, else appended to.
    package init(
        _ executable: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        logPath: String
    ) throws(ProcessKitError) {
        self.logPath = logPath
        let log = unsafe open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw .system(call: "open", errno: errno) }
        defer { close(log) }
        pid = try spawn([executable] + arguments, environment: environment, input: nil, output: log)
        do {
            guardian = try Guardian(of: pid)
        } catch {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
    }

    deinit { stop() }

    /// Everything it has written so far, as text.
    package var log: String { String(decoding: logBytes, as: UTF8.self) }

    /// Everything it has written so far, byte for byte.
    package var logBytes: Data { FileManager.default.contents(atPath: logPath) ?? Data() }

    package func signal(_ number: Int32) {
        end.withLock { end in
            // A process that was waited for is gone, and its number may be another's by now.
            if end == nil { kill(pid, number) }
        }
    }

    /// Whether it has not ended.
    package var isRunning: Bool { poll() == nil }

    /// Waits for its end.
    package func waitForEnd(within seconds: Int = 20) throws(ProcessKitError) -> End {
        try wait(until: "process \(pid) ends", within: seconds, found: { log }, { poll() != nil })
        guard let end = poll() else { throw .unmet(condition: "process \(pid) ends", found: log) }
        return end
    }

    /// Ends it at once, however it is.
    package func stop() {
        end.withLock { end in
            guard end == nil else { return }
            kill(pid, SIGKILL)
            end = Self.reap(pid, options: 0)
        }
        guardian.dismiss()
    }

    private func poll() -> End? {
        end.withLock { end in
            if end == nil { end = Self.reap(pid, options: WNOHANG) }
            return end
        }
    }

    private static func reap(_ pid: pid_t, options: Int32) -> End? {
        var status: Int32 = 0
        var result: pid_t
        repeat {
            result = unsafe waitpid(pid, &status, options)
        } while result < 0 && errno == EINTR
        guard result == pid else { return nil }
        // The encoding of wait(2): the low seven bits are the signal, the next byte the exit code.
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }
}

/// A shell that waits for the end of its input, which is the end of the test process, and then ends one process.
private final class Guardian: Sendable {
    private let pid: pid_t
    private let input: Int32
    private let isDismissed = Atomic(false)

    init(of child: pid_t) throws(ProcessKitError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .system(call: "pipe", errno: errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        input = ends[1]
        pid = try spawn(
            ["/bin/sh", "-c", "read line; kill -9 \(child)"], environment: [:], input: ends[0], output: nil)
    }

    /// Ends the guardian: the child has ended and been waited for.
    func dismiss() {
        guard !isDismissed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        close(input)
    }
}

/// Starts a process; where a descriptor is `nil`, `/dev/null` stands for it.
private func spawn(
    _ arguments: [String],
    environment: [String: String],
    input: Int32?,
    output: Int32?
) throws(ProcessKitError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    if let input {
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    for descriptor: Int32 in [1, 2] {
        if let output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, descriptor)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
    }
    // The test runner may ignore or block signals; what is tested must not inherit that.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    unsafe sigfillset(&all)
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    var argumentPointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var environmentPointers = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
        unsafe (argumentPointers + environmentPointers).forEach { unsafe free($0) }
    }
    var pid: pid_t = 0
    let error = unsafe posix_spawn(
        &pid, arguments[0], &actions, &attributes, &argumentPointers, &environmentPointers
    )
    guard error == 0 else { throw .notStarted(path: arguments[0], errno: error) }
    return pid
}
