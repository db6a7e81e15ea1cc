// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Logging
import StructuredLog
import Testing

@Suite("structured log handler")
struct StructuredLogHandlerTests {
    private struct Refusal: Error, CustomStringConvertible {
        let description = "refused \"here\""
    }

    private func objects(_ pipe: LogPipe) throws -> [[String: String]] {
        try pipe.lines().map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
    }

    @Test("a text line arrives with the time of now, level, label, message and metadata")
    func text() throws {
        let pipe = try LogPipe()
        let logger = makeLogger(label: "renclave-host", level: .info, format: .text, descriptor: pipe.writeEnd)
        logger.info("listening", metadata: ["port": "3000", "note": "two words"])
        let line = try #require(try pipe.lines().first)
        let pattern = /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  renclave-host listening note="two words" port=3000/
        #expect(line.wholeMatch(of: pattern) != nil)
    }

    @Test("every event is one line, in order, and those below the level are none")
    func level() throws {
        let pipe = try LogPipe()
        var logger = makeLogger(label: "l", level: .warning, format: .json, descriptor: pipe.writeEnd)
        logger.info("no")
        logger.warning("one")
        logger.critical("two\nlines")
        logger.logLevel = .trace
        logger.trace("three")
        let objects = try objects(pipe)
        #expect(objects.map { $0["message"] } == ["one", "two\nlines", "three"])
        #expect(objects.map { $0["level"] } == ["warning", "critical", "trace"])
    }

    @Test("the event's metadata wins over the provider's, and that over the logger's")
    func precedence() throws {
        let pipe = try LogPipe()
        var logger = makeLogger(label: "l", level: .info, format: .json, descriptor: pipe.writeEnd)
        logger.handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info("m", metadata: ["a": "event"])
        let object = try #require(try objects(pipe).first)
        #expect([object["a"], object["b"], object["c"]] == ["event", "provider", "logger"])
    }

    @Test("a copy's metadata and level are its own")
    func valueType() throws {
        let pipe = try LogPipe()
        let logger = makeLogger(label: "l", level: .info, format: .json, descriptor: pipe.writeEnd)
        var copy = logger
        copy[metadataKey: "k"] = "v"
        copy.logLevel = .error
        logger.info("original")
        copy.info("below the copy's level")
        copy.error("copy")
        let objects = try objects(pipe)
        #expect(objects.map { $0["message"] } == ["original", "copy"])
        #expect(objects.map { $0["k"] } == [nil, "v"])
        #expect(logger[metadataKey: "k"] == nil)
    }

    @Test("an event's error is told by its text and its type")
    func error() throws {
        let pipe = try LogPipe()
        let logger = makeLogger(label: "l", level: .info, format: .json, descriptor: pipe.writeEnd)
        logger.error("failed", error: Refusal())
        let object = try #require(try objects(pipe).first)
        #expect(object["error.message"] == "refused \"here\"")
        #expect(object["error.type"]?.hasSuffix("Refusal") == true)
    }

    @Test("the longest lines from many tasks at once are never mixed")
    func concurrent() async throws {
        let pipe = try LogPipe()
        let logger = makeLogger(label: "l", level: .info, format: .json, descriptor: pipe.writeEnd)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let letter = String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(task)))
                    logger.info("\(String(repeating: letter, count: 3900))")
                }
            }
        }
        let messages = try objects(pipe).compactMap { $0["message"] }
        #expect(messages.map(\.count) == Array(repeating: 3900, count: 8))
        #expect(Set(messages.map { Set($0) }).count == 8)
        #expect(messages.allSatisfy { Set($0).count == 1 })
    }
}
