// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("the metrics", .runningPair())
    struct MetricsContract {
        private static var name: Regex<Substring> { #/[a-zA-Z_:][a-zA-Z0-9_:]*/# }
        private static var label: Regex<Substring> { #/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"/# }

        /// A sample: its name with its labels, and its value.
        private static func sample(_ line: Substring) throws -> (key: String, value: Double) {
            let space = try #require(line.lastIndex(of: " "), "\(line)")
            let key = line[..<space]
            let number = line[line.index(after: space)...].replacing("Inf", with: "inf")
            let value = try #require(Double(number), "\(line)")
            var rest = key[(try #require(key.prefixMatch(of: name), "\(line)")).range.upperBound...]
            if rest.hasPrefix("{"), rest.hasSuffix("}") {
                rest = rest.dropFirst().dropLast()
                while let match = rest.prefixMatch(of: label) {
                    rest = rest[match.range.upperBound...]
                    if rest.hasPrefix(",") { rest = rest.dropFirst() }
                }
            }
            #expect(rest.isEmpty, "\(line)")
            return (String(key), value)
        }

        /// Every sample of a page, by its name with its labels.
        private static func samples(_ text: String) throws -> [String: Double] {
            var samples: [String: Double] = [:]
            var declared: Set<String> = []
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# ") {
                    let words = line.split(separator: " ", maxSplits: 3)
                    #expect(["HELP", "TYPE"].contains(words[1]), "\(line)")
                    #expect(words[2].wholeMatch(of: name) != nil, "\(line)")
                    if words[1] == "TYPE" { #expect(declared.insert(String(words[2])).inserted, "\(line)") }
                    continue
                }
                let (key, value) = try sample(line)
                #expect(samples.updateValue(value, forKey: key) == nil, "twice: \(line)")
            }
            #expect(!declared.isEmpty)
            return samples
        }

        @Test("every line of the metrics can be read, and requests are counted by route and status")
        func counted() throws {
            let gateway = try Pair.shared.gateway
            for _ in 0..<3 { try expectSuccess(gateway.post("/generate-seed", "{}")) }
            for _ in 0..<2 { try expectRefusal(gateway.post("/generate-seed", "["), 400, "invalid_json") }
            let answer = try gateway.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer[header: "content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            expectConventions(answer)
            #expect(answer.text.hasSuffix("\n"))
            let samples = try Self.samples(answer.text)
            let requests = samples.filter {
                $0.key.hasPrefix("renclave_http_requests_total{") && $0.key.contains(#"route="/generate-seed""#)
            }
            #expect(requests.filter { $0.key.contains(#"status="200""#) }.map(\.value) == [3])
            #expect(requests.filter { $0.key.contains(#"status="400""#) }.map(\.value) == [2])
        }

        @Test("what a client makes up never becomes a label")
        func closedLabels() throws {
            let gateway = try Pair.shared.gateway
            _ = try gateway.get("/made-up-path?made-up-query")
            _ = try gateway.answer(to: HTTPCall("PROPFIND", "/made-up-path"))
            let text = try gateway.get("/metrics").text
            #expect(!text.contains("made-up"))
            #expect(!text.contains("PROPFIND"))
        }
    }
}
