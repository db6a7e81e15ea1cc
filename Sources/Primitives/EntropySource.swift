// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium
package import SecretMemory
import Synchronization

/// Random bytes from the kernel, with a cheap test of every draw; where there is a second source, mixed with its bytes.
///
/// Two tests: no byte repeats ``longestRun`` times or more in a row (SP 800-90B §4.4.1, at a false alarm below 2⁻⁶⁴ for
/// any draw of up to 64 bytes), and no draw begins with the same 12 bytes as the one before it, by their digests (a
/// false alarm below 2⁻⁹⁵). A draw that fails is refused and the next one is tested anew. There is no generator of our
/// own.
package final class EntropySource: Sendable {
    /// The length of a run of equal bytes that fails a draw: the chance is at most 64 · 2⁻⁷² for 64 bytes.
    static let longestRun = 10

    /// The fewest bytes that a second source gives.
    static let secondBytes = 32

    /// How much of each draw is compared with the one before: a nonce's length, the shortest that must not repeat.
    static let comparedBytes = 12

    /// The salt's purpose is told by the info of the expansion (RFC 5869).
    private static let mixing = Array("renclave/entropy/v1\0".utf8)

    private let fill: @Sendable (inout MutableSpan<UInt8>) -> Void
    private let second: (@Sendable () throws(PrimitiveError) -> [UInt8])?
    private let lastDigest = Mutex<[UInt8]>([])

    /// - Parameters:
    ///   - fill: the source; the kernel's `getrandom` through libsodium unless a test brings its own.
    ///   - second: gives at least 32 bytes of another source, or throws; they salt an HKDF over each draw, so that it
    ///     is as good as the better of both.
    package init(
        fill: @escaping @Sendable (inout MutableSpan<UInt8>) -> Void = EntropySource.kernel,
        second: (@Sendable () throws(PrimitiveError) -> [UInt8])? = nil
    ) {
        self.fill = fill
        self.second = second
    }

    /// `getrandom`, which waits at boot until the kernel is seeded; libsodium ends the process where it fails.
    package static func kernel(_ span: inout MutableSpan<UInt8>) {
        unsafe span.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe randombytes_buf(base, bytes.count)
        }
    }

    /// Fills the whole secret.
    ///
    /// - Throws: ``PrimitiveError/entropyFailed`` where the draw fails its test; the bytes are then zeroed.
    package func draw(into secret: inout SecretBytes) throws(PrimitiveError) {
        try secret.withMutableBytes { span throws(PrimitiveError) in try draw(into: &span) }
    }

    /// Bytes for what is public: nonces, salts, identifiers.
    ///
    /// - Throws: ``PrimitiveError/entropyFailed`` where the draw fails its test.
    package func bytes(_ count: Int) throws(PrimitiveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        try draw(into: &span)
        return bytes
    }

    private func draw(into span: inout MutableSpan<UInt8>) throws(PrimitiveError) {
        fill(&span)
        guard isSound(span.span) else {
            span.update(repeating: 0)
            throw .entropyFailed
        }
        do {
            try mix(&span)
        } catch {
            span.update(repeating: 0)
            throw error
        }
    }

    private func mix(_ span: inout MutableSpan<UInt8>) throws(PrimitiveError) {
        guard let second else { return }
        let salt = try second()
        guard salt.count >= Self.secondBytes else { throw .entropyFailed }
        for start in stride(from: 0, to: span.count, by: HKDFSHA512.longestOutput) {
            let part = start..<min(span.count, start + HKDFSHA512.longestOutput)
            let mixed = try Self.mixed(span.span.extracting(part), salt: salt)
            mixed.withBytes { span.copy($0, at: start) }
        }
    }

    private static func mixed(
        _ draw: borrowing Span<UInt8>, salt: [UInt8]
    ) throws(PrimitiveError) -> SecretBytes {
        do throws(SecretMemoryError) {
            var mixed = try SecretBytes(guardedCount: draw.count)
            mixed.withMutableBytes { HKDFSHA512.derive(salt: salt, secret: draw, info: mixing, into: &$0) }
            return mixed
        } catch {
            throw .memory(error)
        }
    }

    private func isSound(_ draw: borrowing Span<UInt8>) -> Bool {
        guard Self.longestRun(in: draw) < Self.longestRun else { return false }
        // The digest says nothing of the bytes; shorter draws could repeat by chance and are not compared.
        guard draw.count >= Self.comparedBytes else { return true }
        let digest = SHA256.digest(draw.extracting(first: Self.comparedBytes))
        return lastDigest.withLock { last in
            defer { last = digest }
            return last != digest
        }
    }

    private static func longestRun(in draw: borrowing Span<UInt8>) -> Int {
        var longest = draw.isEmpty ? 0 : 1
        var run = 1
        for index in draw.indices.dropFirst() {
            run = draw[index] == draw[index - 1] ? run + 1 : 1
            longest = max(longest, run)
        }
        return longest
    }
}
