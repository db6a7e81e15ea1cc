// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit

/// A generator whose numbers are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Requests that went wrong in ways that a generator chooses: of values, and of bytes.
struct Mutations {
    private var generator: SeededGenerator
    private let places: [[JSONStep]]
    private let body: JSON

    init(of body: JSON, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        self.body = body
        places = body.places
    }

    /// The next body.
    mutating func next() -> [UInt8] {
        Bool.random(using: &generator) ? valueMutation() : byteMutation()
    }

    // MARK: Values

    private static let values: [JSON] = [
        .null, true, 0, 1, 2, 3, -1, 255, 256, 4_294_967_295, 4_294_967_296, .number(1e300), .number(0.5), "", "00",
        "0x", "base64:", "base64:AAAA", "2", "-2", "member1", "é\u{0}\u{7F}", [], [0], [[]], [:], ["a": 1],
    ]

    private mutating func valueMutation() -> [UInt8] {
        var mutated = body
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard let place = places.randomElement(using: &generator) else { break }
            mutated = mutated.replacing(place, with: value())
        }
        return Array(mutated.text.utf8)
    }

    /// Another value, one that stands elsewhere, or none.
    private mutating func value() -> JSON? {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return nil
        case 1: return places.randomElement(using: &generator).map { body.value(at: $0) }
        case 2: return .string(String(repeating: "ab", count: Int.random(in: 0..<300, using: &generator)))
        case 3: return .array([JSON](repeating: 255, count: Int.random(in: 0..<300, using: &generator)))
        default: return Self.values.randomElement(using: &generator)
        }
    }

    // MARK: Bytes

    private static let pieces =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "-", "1e999", "9999999999999999999999", "\\u0000",
            "\\ud800", " ",
            "\u{FEFF}", "{\"a\":1}", String(repeating: "[", count: 40), "\"shares\":[],", "0x", "e", ".",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0], [0x0D, 0x0A], []]

    private mutating func byteMutation() -> [UInt8] {
        var bytes = Array(body.text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0..<40, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
            case 3 where Int.random(in: 0..<4, using: &generator) == 0: bytes.removeSubrange(start...)
            default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: start)
            }
        }
        return bytes
    }
}

extension JSON {
    /// The value in a place that it has.
    fileprivate func value(at path: [JSONStep]) -> JSON {
        path.reduce(self) { value, step in
            switch step {
            case .member(let name): value[name] ?? .null
            case .element(let index): value[index] ?? .null
            }
        }
    }
}
