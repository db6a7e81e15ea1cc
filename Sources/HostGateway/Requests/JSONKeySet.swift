// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The keys of one object, to find one that occurs twice.
///
/// Up to eight are compared as they come. From the ninth on only a hash of each is kept, and sorted at the end of the
/// object: a megabyte of keys costs neither quadratic time nor copies. The hash is seeded at random in each process,
/// so no choice of keys makes many alike.
struct JSONKeySet {
    private struct HashedKey {
        let hash: Int
        let key: JSONText
    }

    private var few = InlineArray<8, JSONText>(repeating: JSONText(range: 0..<0, isEscaped: false))
    private var count = 0
    private var many: [HashedKey] = []

    /// Adds a key; false if it is already known to occur twice. Of many keys only ``repeatedKey(in:)`` knows.
    mutating func insert(_ key: JSONText, in bytes: Span<UInt8>) -> Bool {
        guard count == few.count else {
            for index in 0..<count where few[index].equals(key, in: bytes) {
                return false
            }
            few[count] = key
            count += 1
            return true
        }
        if many.isEmpty {
            for index in few.indices {
                many.append(HashedKey(hash: few[index].hash(in: bytes), key: few[index]))
            }
        }
        many.append(HashedKey(hash: key.hash(in: bytes), key: key))
        return true
    }

    /// Among many keys, the first that has occurred before.
    mutating func repeatedKey(in bytes: Span<UInt8>) -> JSONText? {
        guard !many.isEmpty else { return nil }
        many.sort { ($0.hash, $0.key.range.lowerBound) < ($1.hash, $1.key.range.lowerBound) }
        var repeated: JSONText?
        var start = 0
        for index in many.indices {
            let key = many[index].key
            if many[index].hash != many[start].hash { start = index }
            if let repeated, repeated.range.lowerBound < key.range.lowerBound { continue }
            // Equal hashes mean equal keys but for rare chance, so the first comparison ends this loop.
            for other in start..<index where many[other].key.equals(key, in: bytes) {
                repeated = key
                break
            }
        }
        return repeated
    }
}
