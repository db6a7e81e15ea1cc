// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium
package import Protocol
package import SecretMemory
import Synchronization

/// Random bytes from the kernel, with a cheap test of every draw.
///
/// Two tests: no byte repeats ``longestRun`` times or more in a row (SP 800-90B §4.4.1, at a false alarm below 2⁻⁶⁴ for
/// any draw of up to 64 bytes), and no draw equals the one before it, by their digests. A draw that fails is refused
/// and the next one is tested anew. There is no generator of our own.
package final class EntropySource: Sendable {
    /// The length of a run of equal bytes that fails a draw: the chance is at most 64 · 2⁻⁷² for 64 bytes.
    static let longestRun = 10

    private let fill: @Sendable (inout MutableSpan<UInt8>) -> Void
    private let lastDigest = Mutex<[UInt8]>([])

    /// - Parameter fill: the source; the kernel's `getrandom` through libsodium unless a test brings its own.
    package init(fill: @escaping @Sendable (inout MutableSpan<UInt8>) -> Void = EntropySource.kernel) {
        self.fill = fill
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
    /// - Throws: ``EnclaveError/Reason/entropyFailed`` where the draw fails its test; the bytes are then zeroed.
    package func draw(into secret: inout SecretBytes) throws(EnclaveError) {
        let sound = secret.withMutableBytes { span in
            fill(&span)
            let sound = isSound(span.span)
            if !sound { span.update(repeating: 0) }
            return sound
        }
        guard sound else { throw EnclaveError(.entropyFailed) }
    }

    private func isSound(_ draw: borrowing Span<UInt8>) -> Bool {
        guard Self.longestRun(in: draw) < Self.longestRun else { return false }
        // The digest says nothing of the bytes; draws below 16 bytes could repeat by chance and are not compared.
        guard draw.count >= 16 else { return true }
        let digest = SHA256.digest(draw)
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
