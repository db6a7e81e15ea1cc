// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Logging
import StructuredLog
import Testing

@Suite("log descriptor")
struct LogDescriptorTests {
    private func logger(_ descriptor: Int32) -> Logger {
        makeLogger(label: "l", level: .info, format: .text, descriptor: descriptor)
    }

    @Test("a full pipe loses lines and stops nobody, and later lines arrive whole")
    func fullPipe() throws {
        let pipe = try LogPipe()
        let logger = logger(pipe.writeEnd)
        try pipe.fill()
        for _ in 0..<100 { logger.info("lost \(String(repeating: "x", count: 3000))") }
        #expect(pipe.drain().allSatisfy { $0 == UInt8(ascii: ".") })
        logger.info("found")
        let lines = try pipe.lines()
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix(" l found") == true)
    }

    @Test("others who share the pipe still write to it as they did")
    func sharedFlags() throws {
        let pipe = try LogPipe()
        logger(pipe.writeEnd).info("m")
        #expect(fcntl(pipe.writeEnd, F_GETFL) & O_NONBLOCK == 0)
    }

    @Test("a pipe that nobody reads any more loses lines and ends nobody")
    func closedPipe() throws {
        let pipe = try LogPipe()
        let logger = logger(pipe.writeEnd)
        pipe.closeReadEnd()
        logger.info("lost")
    }

    @Test("a full socket loses lines and stops nobody")
    func fullSocket() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        let logger = logger(ends[0])
        for _ in 0..<1000 { logger.info("\(String(repeating: "x", count: 3000))") }
        #expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK != 0)
    }

    @Test("a descriptor that was closed takes nothing, also when its number is used again")
    func closedDescriptor() throws {
        let pipe = try LogPipe()
        // Far above what other tests open meanwhile.
        let number: Int32 = 900
        #expect(fcntl(number, F_GETFD) == -1)
        let logger = logger(number)
        try #require(dup2(pipe.writeEnd, number) == number)
        defer { close(number) }
        logger.info("lost")
        #expect(pipe.drain().isEmpty)
    }

    @Test("a file takes every line")
    func file() throws {
        var path = Array("/tmp/renclave-log-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&path)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(unsafe unlink(path) == 0)
        let logger = logger(descriptor)
        for _ in 0..<1000 { logger.info("\(String(repeating: "x", count: 1000))") }
        #expect(lseek(descriptor, 0, SEEK_END) == 1000 * (24 + 6 + 1 + 2 + 1000 + 1))
    }
}
