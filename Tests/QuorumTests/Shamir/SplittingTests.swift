// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Synchronization
import Testing

@Suite("splitting a secret")
struct SplittingTests {
    struct Request: Sendable, CustomTestStringConvertible {
        let secretBytes: Int
        let count: Int
        let threshold: Int
        let error: QuorumError

        var testDescription: String { "\(threshold) of \(count), \(secretBytes) bytes" }
    }

    /// The order is QuorumOS's: what fails two checks fails by the first.
    static let requests = [
        Request(secretBytes: 32, count: 256, threshold: 2, error: .tooManyShares),
        Request(secretBytes: 0, count: 256, threshold: 300, error: .tooManyShares),
        Request(secretBytes: 32, count: .max, threshold: .max, error: .tooManyShares),
        Request(secretBytes: 0, count: 3, threshold: 2, error: .emptySecret),
        Request(secretBytes: 0, count: 0, threshold: 1, error: .emptySecret),
        Request(secretBytes: 32, count: 3, threshold: 4, error: .thresholdAboveCount),
        Request(secretBytes: 32, count: 0, threshold: 1, error: .thresholdAboveCount),
        Request(secretBytes: 32, count: -1, threshold: 0, error: .thresholdAboveCount),
        Request(secretBytes: 32, count: 255, threshold: .max, error: .thresholdAboveCount),
        Request(secretBytes: 32, count: 3, threshold: 1, error: .thresholdBelowTwo),
        Request(secretBytes: 32, count: 0, threshold: 0, error: .thresholdBelowTwo),
        Request(secretBytes: 32, count: 1, threshold: .min, error: .thresholdBelowTwo),
    ]

    @Test("a request that cannot be met is refused, by the first check that it fails", arguments: requests)
    func refused(request: Request) {
        #expect(throws: request.error) {
            try makeShares(shareableSecret(request.secretBytes), count: request.count, threshold: request.threshold)
        }
    }

    struct GivenCoefficients: Sendable {
        let secretBytes: Int
        let count: Int
        let coefficientBytes: Int
        let error: QuorumError
    }

    static let givenCoefficients = [
        GivenCoefficients(secretBytes: 4, count: 256, coefficientBytes: 4, error: .tooManyShares),
        GivenCoefficients(secretBytes: 0, count: 256, coefficientBytes: 4, error: .tooManyShares),
        GivenCoefficients(secretBytes: 0, count: 3, coefficientBytes: 4, error: .emptySecret),
        GivenCoefficients(secretBytes: 4, count: 3, coefficientBytes: 12, error: .thresholdAboveCount),
        GivenCoefficients(secretBytes: 4, count: 3, coefficientBytes: 3, error: .thresholdBelowTwo),
        GivenCoefficients(secretBytes: 4, count: 3, coefficientBytes: 7, error: .badShare),
    ]

    @Test("coefficients that do not suit the secret are refused", arguments: givenCoefficients)
    func refusedCoefficients(given: GivenCoefficients) {
        let secret = shareableSecret(given.secretBytes)
        let coefficients = shareableSecret(given.coefficientBytes)
        #expect(throws: given.error) {
            try ShareCollection.splitting(secret.span, count: given.count, coefficients: coefficients.span).copied()
        }
    }

    @Test("shares are numbered from 1 and are one byte longer than the secret", arguments: [1, 7, 32, 64, 65, 200])
    func layout(secretBytes: Int) throws {
        let shares = try makeShares(shareableSecret(secretBytes), count: 255, threshold: 3)
        #expect(shares.map { $0.first } == (1...255).map { UInt8($0) })
        #expect(shares.allSatisfy { $0.count == secretBytes + 1 })
    }

    @Test("a secret of any length comes back", arguments: Array(1...70) + [127, 128, 129, 1000])
    func anyLength(secretBytes: Int) throws {
        let secret = shareableSecret(secretBytes)
        let shares = try makeShares(secret, count: 5, threshold: 4)
        #expect(try ShareCollection.combining(Array(shares.dropFirst())) == secret)
        #expect(try ShareCollection.areConsistent(shares, threshold: 4))
        #expect(try !ShareCollection.areConsistent(shares, threshold: 3))
    }

    @Test("255 members share a seed, and threshold many of them have it", arguments: [2, 100, 255])
    func manyMembers(threshold: Int) throws {
        let secret = shareableSecret(32)
        let shares = try makeShares(secret, count: 255, threshold: threshold)
        for chosen in [shares.prefix(threshold), shares.suffix(threshold), shares.shuffled().prefix(threshold)] {
            #expect(try ShareCollection.combining(Array(chosen)) == secret)
        }
        #expect(try ShareCollection.combining(shares) == secret)
        #expect(try ShareCollection.areConsistent(shares.shuffled(), threshold: threshold))
        guard threshold > 2 else { return }
        #expect(try ShareCollection.combining(Array(shares.prefix(threshold - 1))) != secret)
        #expect(try !ShareCollection.areConsistent(shares, threshold: threshold - 1))
    }

    @Test("two splits of one secret have no share in common")
    func fresh() throws {
        let secret = shareableSecret(32)
        let one = try makeShares(secret, count: 7, threshold: 4)
        #expect(try Set(one).isDisjoint(with: makeShares(secret, count: 7, threshold: 4)))
    }
}

// MARK: Draws

extension SplittingTests {
    /// Draws that are all different and begin with their number, counted.
    private final class Draws: Sendable {
        private let counts = Mutex<[Int]>([])

        var drawn: [Int] { counts.withLock { $0 } }

        func fill(_ span: inout MutableSpan<UInt8>) {
            let number = counts.withLock { counts in
                counts.append(span.count)
                return counts.count
            }
            for index in span.indices { span[index] = UInt8(truncatingIfNeeded: index * 3 + number * 101) }
        }

        func byte(_ index: Int, of number: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: index * 3 + number * 101)
        }
    }

    @Test("draws are of 64 bytes, two rows of a seed's coefficients each, the highest power first")
    func rows() throws {
        let draws = Draws()
        let secret = shareableSecret(32)
        let drawn = try ShareCollection.splitting(
            secret.span, count: 9, threshold: 6, entropy: EntropySource { draws.fill(&$0) })
        #expect(draws.drawn == [64, 64, 64])
        let rows = (0..<5).map { row in (0..<32).map { draws.byte(row % 2 * 32 + $0, of: row / 2 + 1) } }
        let coefficients = Array(rows.reversed().joined())
        let given = try ShareCollection.splitting(secret.span, count: 9, coefficients: coefficients.span)
        #expect(drawn.copied() == given.copied())
    }

    @Test("a secret beyond 64 bytes is split part by part")
    func parts() throws {
        let draws = Draws()
        let secret = shareableSecret(100)
        let drawn = try ShareCollection.splitting(
            secret.span, count: 3, threshold: 3, entropy: EntropySource { draws.fill(&$0) })
        #expect(draws.drawn == [64, 64, 64, 64])
        let high = (0..<64).map { draws.byte($0, of: 1) } + (0..<36).map { draws.byte($0, of: 3) }
        let low = (0..<64).map { draws.byte($0, of: 2) } + (0..<36).map { draws.byte($0, of: 4) }
        let given = try ShareCollection.splitting(secret.span, count: 3, coefficients: (low + high).span)
        #expect(drawn.copied() == given.copied())
    }

    @Test("a source that fails its test ends the split")
    func stuckSource() throws {
        let stuck = EntropySource { $0.update(repeating: 0x5A) }
        let secret = shareableSecret(32)
        #expect(throws: QuorumError.primitive(.entropyFailed)) {
            try ShareCollection.splitting(secret.span, count: 3, threshold: 2, entropy: stuck).copied()
        }
    }
}
