// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

/// A pipe whose reading end never waits.
final class LogPipe {
    let readEnd: Int32
    let writeEnd: Int32
    private var isReadEndOpen = true

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        readEnd = ends[0]
        writeEnd = ends[1]
        try #require(fcntl(readEnd, F_SETFL, O_NONBLOCK) == 0)
    }

    deinit {
        closeReadEnd()
        close(writeEnd)
    }

    /// All that lies in the pipe now.
    func drain() -> [UInt8] {
        var drained: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(readEnd, $0.baseAddress, $0.count) }
            guard count > 0 else { return drained }
            drained += buffer[..<count]
        }
    }

    /// The lines in the pipe, which must all be ended.
    func lines() throws -> [String] {
        let text = try #require(String(validating: drain(), as: UTF8.self))
        if text.isEmpty { return [] }
        try #require(text.hasSuffix("\n"))
        return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Fills the pipe until it takes not one byte more.
    func fill() throws {
        let flags = fcntl(writeEnd, F_GETFL)
        try #require(fcntl(writeEnd, F_SETFL, flags | O_NONBLOCK) == 0)
        let chunk = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
        for size in [4096, 1] {
            while unsafe chunk.withUnsafeBytes({ unsafe write(writeEnd, $0.baseAddress, size) }) > 0 {}
        }
        try #require(fcntl(writeEnd, F_SETFL, flags) == 0)
    }

    func closeReadEnd() {
        if isReadEndOpen { close(readEnd) }
        isReadEndOpen = false
    }
}
