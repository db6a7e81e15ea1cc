// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SecretMemory

/// Shares of one secret, as QuorumOS lays them out: x (one byte, 1 to 255), then one byte for each byte of the secret.
///
/// They lie in one guarded allocation, zeroed at the end. Any number of them may be in there, right or wrong; whether
/// they can be combined is asked of all together.
package struct ShareCollection: ~Copyable, Sendable {
    /// Bytes of a share of a master seed, which is 32 bytes.
    package static let seedShareBytes = 33

    /// The most shares of one secret: an x is a byte other than 0.
    package static let maximumCount = 255

    /// Bytes of each share, the x among them.
    package let shareBytes: Int

    /// How many shares are in there.
    package internal(set) var count = 0

    private let capacity: Int
    private var storage: SecretBytes

    /// Takes guarded memory for `capacity` shares of `shareBytes` each, and holds none yet.
    ///
    /// - Throws: ``QuorumError/tooManyShares`` where `capacity` is not within 0 to 255, ``QuorumError/badShare`` where
    ///   `shareBytes` is negative, ``QuorumError/memory(_:)``.
    package init(capacity: Int, shareBytes: Int) throws(QuorumError) {
        guard (0...Self.maximumCount).contains(capacity) else { throw .tooManyShares }
        guard shareBytes >= 0 else { throw .badShare }
        let (bytes, overflow) = capacity.multipliedReportingOverflow(by: shareBytes)
        guard !overflow else { throw .memory(.tooLarge) }
        let storage = try SecretSupply.guarded.secret(max(bytes, 1))
        self.capacity = capacity
        self.shareBytes = shareBytes
        self.storage = storage
    }

    /// Copies one more share in.
    ///
    /// - Throws: ``QuorumError/badShare`` where it has another length, ``QuorumError/tooManyShares`` where there is no
    ///   room for it. Its x and its values are not looked at.
    package mutating func append(_ share: borrowing Span<UInt8>) throws(QuorumError) {
        guard share.count == shareBytes else { throw .badShare }
        guard count < capacity else { throw .tooManyShares }
        let offset = count * shareBytes
        storage.withMutableBytes { $0.copy(share, at: offset) }
        count += 1
    }

    /// Lends one share, in the order in which they came.
    package borrowing func withShare<Result: ~Copyable, Failure: Error>(
        at index: Int,
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition((0..<count).contains(index), "a share that is not there")
        return try withShares(index..<index + 1, body)
    }
}

// MARK: All shares as one span

extension ShareCollection {
    /// Lends neighbouring shares.
    borrowing func withShares<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>,
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = range.lowerBound * shareBytes..<range.upperBound * shareBytes
        return try storage.withBytes { (all) throws(Failure) in try body(all.extracting(bytes)) }
    }

    /// Lends the memory of all shares that there is room for.
    mutating func withMutableShares(_ body: (inout MutableSpan<UInt8>) -> Void) {
        storage.withMutableBytes(body)
    }

    /// The x of each share.
    borrowing func identifiers() -> [UInt8] {
        storage.withBytes { bytes in (0..<count).map { bytes[$0 * shareBytes] } }
    }
}
