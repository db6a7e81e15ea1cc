// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import SecretMemory

@testable import Quorum

/// Takes shares as they come, combines them and asks whether they belong together; then splits a secret and damages a
/// share.
///
/// Input: threshold, bytes of a share (modulo 40), then the shares one after the other.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let threshold = Int(input.byte())
    let shareBytes = Int(input.byte() % 40)
    let bytes = Array(input.rest)
    do throws(QuorumError) {
        try checkOffered(chunks(of: bytes, shareBytes), shareBytes, threshold)
        try checkSplit(bytes, threshold)
    } catch {
        preconditionFailure("shares are refused where they should not be")
    }
    return 0
}

/// The last one may be too short for a share; the 255 before it are all that there is room for.
private func chunks(of bytes: [UInt8], _ shareBytes: Int) -> [[UInt8]] {
    guard shareBytes > 0 else { return bytes.isEmpty ? [] : [[], []] }
    let starts = stride(from: 0, to: bytes.count, by: shareBytes).prefix(ShareCollection.maximumCount)
    return starts.map { Array(bytes[$0..<min($0 + shareBytes, bytes.count)]) }
}

// MARK: Shares of others

private func checkOffered(_ offered: [[UInt8]], _ shareBytes: Int, _ threshold: Int) throws(QuorumError) {
    var collection = try ShareCollection(capacity: offered.count, shareBytes: shareBytes)
    var shares: [[UInt8]] = []
    for share in offered {
        do throws(QuorumError) {
            try collection.append(share.span)
            shares.append(share)
        } catch {
            precondition(error == .badShare && share.count != shareBytes, "a share is not taken")
        }
    }
    precondition(collection.count == shares.count, "other shares than were taken")
    for (index, share) in shares.enumerated() {
        precondition(collection.withShare(at: index, copy) == share, "another share than was taken")
    }
    let flaw = flaw(of: shares, shareBytes)
    let isConsistent = collection.areConsistent(threshold: threshold)
    let everyNumber = [Int.min, -1, 0, 1, shares.count + 1, Int.max]
    for other in everyNumber {
        precondition(!collection.areConsistent(threshold: other), "consistent for a threshold that is none")
    }
    do throws(QuorumError) {
        let secret = try bytes(of: collection.combined(memory: .guarded))
        precondition(flaw == nil && secret.count == shareBytes - 1, "shares that cannot be combined")
        guard isConsistent else { return }
        // One polynomial of that degree: any so many shares give what all of them give.
        try check([shares.prefix(threshold), shares.suffix(threshold)], give: secret)
    } catch {
        precondition(error == flaw, "shares are refused for another reason")
        precondition(!isConsistent, "shares are consistent that cannot be combined")
    }
}

/// What is wrong with shares of one length, by the order in which it is looked for.
private func flaw(of shares: [[UInt8]], _ shareBytes: Int) -> QuorumError? {
    let identifiers = shares.compactMap(\.first)
    if shares.count < 2 { return .thresholdBelowTwo }
    if shareBytes < 2 { return .badShare }
    if identifiers.contains(0) { return .zeroIdentifier }
    if Set(identifiers).count < identifiers.count { return .duplicateIdentifier }
    return nil
}

// MARK: Shares of our own

/// Splits the input by coefficients out of it.
private func checkSplit(_ bytes: [UInt8], _ threshold: Int) throws(QuorumError) {
    let threshold = 2 + threshold % 5
    let count = min(threshold + Int(bytes.first ?? 0) % 4, ShareCollection.maximumCount)
    let width = min(bytes.count / threshold, 64)
    guard width > 0 else { return }
    let secret = Array(bytes.prefix(width))
    let coefficients = Array(bytes.dropFirst(width).prefix(width * (threshold - 1)))
    let collection = try ShareCollection.splitting(secret.span, count: count, coefficients: coefficients.span)
    precondition(collection.areConsistent(threshold: threshold), "shares that do not belong together")
    var shares: [[UInt8]] = []
    for index in 0..<count { shares.append(collection.withShare(at: index, copy)) }
    try check([shares[...], shares.prefix(threshold), shares.suffix(threshold)], give: secret)
    try checkDamage(shares, threshold, at: bytes)
}

/// One wrong byte is seen as soon as there is a share more than is needed, and never without one.
private func checkDamage(_ shares: [[UInt8]], _ threshold: Int, at bytes: [UInt8]) throws(QuorumError) {
    var shares = shares
    let index = Int(bytes.last ?? 0) % shares.count
    let place = 1 + bytes.count % (shares[index].count - 1)
    shares[index][place] ^= bytes[bytes.count / 2] | 1
    let isConsistent = try collection(shares[...]).areConsistent(threshold: threshold)
    precondition(isConsistent == (shares.count == threshold), "damage is not seen, or seen where it cannot be")
}

// MARK: Bytes

private func check(_ parts: [ArraySlice<[UInt8]>], give secret: [UInt8]) throws(QuorumError) {
    for shares in parts {
        let combined = try bytes(of: collection(shares).combined(memory: .guarded))
        precondition(combined == secret, "some of the shares give another secret than the others")
    }
}

private func collection(_ shares: ArraySlice<[UInt8]>) throws(QuorumError) -> ShareCollection {
    var collection = try ShareCollection(capacity: shares.count, shareBytes: shares.first?.count ?? 0)
    for share in shares { try collection.append(share.span) }
    return collection
}

private func bytes(of secret: consuming SecretBytes) -> [UInt8] {
    secret.withBytes(copy)
}

private func copy(_ span: borrowing Span<UInt8>) -> [UInt8] {
    span.indices.map { span[$0] }
}
