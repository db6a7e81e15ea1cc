// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SecretMemory

/// A share as it was brought: its member, and its bytes in one of the two forms.
struct BroughtShare: Sendable {
    enum Form: Sendable {
        case plain(LentSecret)
        case sealed([UInt8], approval: [UInt8]?)
    }

    let memberAlias: String
    let form: Form
}

/// A part of locked memory that several hold together: the shares of one call lie in one allocation.
struct LentSecret: Sendable {
    private final class Block: Sendable {
        let bytes: SecretBytes

        init(_ bytes: consuming SecretBytes) {
            self.bytes = bytes
        }
    }

    private let block: Block
    private let range: Range<Int>

    /// All of an allocation.
    init(_ bytes: consuming SecretBytes) {
        range = 0..<bytes.count
        block = Block(bytes)
    }

    private init(_ block: Block, _ range: Range<Int>) {
        self.block = block
        self.range = range
    }

    /// A part of this part.
    ///
    /// - Parameter part: counted from the start of this one, and within it.
    func part(_ part: Range<Int>) -> LentSecret {
        LentSecret(block, (range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
    }

    func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try block.bytes.withBytes { bytes throws(Failure) in try body(bytes.extracting(range)) }
    }
}
