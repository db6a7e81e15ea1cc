// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import Primitives
import SecretMemory

@testable import Quorum

/// Opens what was sealed by others, with one key: envelopes of both kinds and a secret file under a passphrase; reads a
/// plain secret file; seals and opens again.
///
/// Input: which of these (modulo 6), then the bytes. The bytes to be sealed follow a scalar and a nonce.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    guard let key = receiver else { preconditionFailure("no key") }
    let choice = input.byte() % 6
    let bytes = Array(input.rest)
    switch choice {
    case 0: checkEnvelope(bytes, key)
    case 1: checkSymmetricEnvelope(bytes, key)
    case 2: checkEncryptedKeyFile(bytes)
    case 3: checkEncryptedKeyFile(fileText(bytes))
    case 4: checkSeedFile(bytes)
    default: checkSealing(input, key)
    }
    return 0
}

/// The pair of the seed 00 01 … 1f, which the envelopes of the corpus are for.
private let receiver = try? QuorumKeyPair(seed: (0..<32).map { UInt8($0) }.span)

// MARK: Envelopes

private func checkEnvelope(_ bytes: [UInt8], _ key: QuorumKeyPair) {
    let looksRight = Envelope.looksLikeEnvelope(bytes.span)
    do throws(QuorumError) {
        let plaintext = try key.open(bytes, memory: .guarded)
        precondition(looksRight, "an envelope that does not look like one")
        precondition(plaintext.count == bytes.count - Envelope.overhead, "a plaintext of another length")
    } catch {
        let reasons: [QuorumError] = [.malformedEnvelope, .badEnvelopePoint, .cannotDecrypt]
        precondition(reasons.contains(error), "a reason that is none for an envelope")
        precondition((error == .malformedEnvelope) == !looksRight, "the look of an envelope deceives")
    }
}

private func checkSymmetricEnvelope(_ bytes: [UInt8], _ key: QuorumKeyPair) {
    do throws(QuorumError) {
        let plaintext = try key.openSymmetric(bytes, memory: .guarded)
        precondition(plaintext.count == bytes.count - SymmetricEnvelope.overhead, "a plaintext of another length")
    } catch {
        precondition([.malformedEnvelope, .cannotDecrypt].contains(error), "a reason that is none for an envelope")
    }
}

/// What is sealed is opened, and is not once any bit of it is another.
private func checkSealing(_ input: FuzzInput, _ key: QuorumKeyPair) {
    var input = input
    let scalar = input.bytes(P256.scalarBytes)
    let nonce = input.bytes(AES256GCM.nonceBytes)
    let place = Int(input.integer())
    let plaintext = Array(input.rest)
    guard nonce.count == AES256GCM.nonceBytes, P256.isScalar(scalar.span) else { return }
    guard
        let envelope = try? Envelope.seal(
            plaintext.span, to: key.publicKey, scalar: scalar.span, nonce: nonce, memory: .guarded),
        let symmetric = try? key.sealSymmetric(plaintext.span, nonce: nonce)
    else { preconditionFailure("nothing is sealed") }
    precondition(opened(envelope, key.open) == plaintext, "another plaintext than was sealed")
    precondition(opened(damaged(envelope, at: place), key.open) == nil, "a changed envelope is opened")
    precondition(opened(symmetric, key.openSymmetric) == plaintext, "another plaintext than was sealed")
    precondition(opened(damaged(symmetric, at: place), key.openSymmetric) == nil, "a changed envelope is opened")
}

private func opened(
    _ envelope: [UInt8],
    _ open: ([UInt8], SecretSupply) throws(QuorumError) -> SecretBytes
) -> [UInt8]? {
    guard let plaintext = try? open(envelope, .guarded) else { return nil }
    return plaintext.withBytes { span in span.indices.map { span[$0] } }
}

private func damaged(_ bytes: [UInt8], at place: Int) -> [UInt8] {
    var bytes = bytes
    bytes[place / 8 % bytes.count] ^= 1 << UInt8(place % 8)
    return bytes
}

// MARK: Secret files

private let passphrase = Array("correct horse battery staple".utf8)

/// A file that begins as it should, at the least cost; the rest is the input.
private func fileText(_ bytes: [UInt8]) -> [UInt8] {
    Array(Hex.encode(EncryptedKeyFile.magic + [1, 0, 0, 0, 8, 0, 0, 0] + bytes).utf8)
}

private func checkEncryptedKeyFile(_ text: [UInt8]) {
    guard isCheap(text) else { return }
    do throws(QuorumError) {
        let pair = try EncryptedKeyFile.open(text.span, passphrase: passphrase.span)
        precondition(EncryptedKeyFile.isEncrypted(text.span), "a file is opened that is not called encrypted")
        checkPlainText(of: pair)
    } catch {
        let reasons: [QuorumError] = [.malformedHex, .malformedEnvelope, .cannotDecrypt]
        precondition(reasons.contains(error), "a reason that is none for a secret file")
    }
}

/// Whether a file announces the least cost, or one that is refused: others are allowed to take seconds.
private func isCheap(_ text: [UInt8]) -> Bool {
    guard let file = hexBytes(text), file.count >= EncryptedKeyFile.magic.count + 8 else { return true }
    let numbers = file.dropFirst(EncryptedKeyFile.magic.count)
    let operations = numbers.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let memoryKiB = numbers.dropFirst(4).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard let cost = try? PassphraseCost(operations: operations, memoryKiB: memoryKiB) else { return true }
    return cost.operations == Argon2id.operations.lowerBound && cost.memoryKiB == Argon2id.memoryKiB.lowerBound
}

private func checkSeedFile(_ text: [UInt8]) {
    checkHex(text)
    do throws(QuorumError) {
        let pair = try SeedFile.read(text.span)
        precondition(hexBytes(text) == pair.withSeed { seed in seed.indices.map { seed[$0] } }, "another seed was read")
        checkPlainText(of: pair)
    } catch {
        precondition([.malformedHex, .badSecret].contains(error), "a reason that is none for a seed")
        precondition(error == .badSecret || hexBytes(text)?.count != QuorumKeyPair.seedBytes, "a seed is refused")
    }
}

/// What is written for a pair is read as the same pair.
private func checkPlainText(of pair: QuorumKeyPair) {
    guard let text = try? SeedFile.text(of: pair, memory: .guarded),
        let again = text.withBytes({ text in try? SeedFile.read(text) })
    else { preconditionFailure("what was written is not read") }
    precondition(again.publicKey == pair.publicKey, "what was written is another pair")
}

// MARK: Hexadecimal

/// The bytes of a text with white space around it, by the decoder for what is no secret.
private func hexBytes(_ text: [UInt8]) -> [UInt8]? {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let digits = text.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(validating: digits, as: UTF8.self).flatMap(Hex.decode)
}

private func checkHex(_ text: [UInt8]) {
    guard let string = String(validating: text, as: UTF8.self), let bytes = Hex.decode(string) else { return }
    let digits = string.utf8.starts(with: "0x".utf8) ? string.dropFirst(2) : string[...]
    precondition(Hex.encode(bytes) == digits.lowercased(), "what is written is not what was read")
}
