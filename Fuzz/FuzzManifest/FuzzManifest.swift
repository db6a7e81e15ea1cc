// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit

@testable import Quorum

/// Reads what a member is sent to approve: a manifest, an envelope around one, and the measurements of a release.
///
/// Input: the file.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    let bytes = Array(input.rest)
    let isBorsh = (try? JSONValue(parsing: bytes)) == nil
    if let manifest = read(bytes, Manifest.decode) {
        checkManifest(manifest, of: isBorsh ? bytes : nil)
    }
    if let envelope = read(bytes, ManifestEnvelope.decode) {
        checkEnvelope(envelope, of: isBorsh ? bytes : nil)
    }
    checkMeasurements(bytes)
    return 0
}

/// What is no manifest is refused for a reason that says so.
private func read<Document>(
    _ bytes: [UInt8], _ decode: ([UInt8]) throws(QuorumError) -> Document
) -> Document? {
    do throws(QuorumError) {
        return try decode(bytes)
    } catch {
        let reasons: [QuorumError] = [.malformedManifest, .malformedHex, .ambiguousManifest, .badPivotEnvironment]
        precondition(reasons.contains(error), "a reason that is none for a manifest")
        return nil
    }
}

// MARK: A manifest

private func checkManifest(_ manifest: Manifest, of borsh: [UInt8]?) {
    let hash = manifest.hash()
    let encoded = manifest.encoded()
    let again = try? Manifest.decode(encoded)
    precondition(again == manifest, "a manifest is read as another")
    precondition(again?.hash() == hash, "a manifest that was written has another hash")
    precondition(again?.encoded() == encoded, "a manifest is written in two ways")
    checkBorsh(manifest, of: borsh)
    checkSoundness(manifest, hash)
}

/// Borsh has one form, in which version 0 may look like version 1.
private func checkBorsh(_ manifest: Manifest, of borsh: [UInt8]?) {
    guard manifest.version != .v2 else {
        return precondition(borsh == nil, "the Borsh of a version that has none")
    }
    let written = manifest.borsh()
    if let borsh { precondition(written == borsh, "other Borsh than was read") }
    do throws(QuorumError) {
        let again = try Manifest.decode(written)
        precondition(again == manifest, "a manifest in Borsh is read as another")
    } catch {
        precondition(error == .ambiguousManifest, "a manifest in Borsh is refused")
    }
}

/// The check ends with a verdict, and what it says is true.
private func checkSoundness(_ manifest: Manifest, _ hash: [UInt8]) {
    guard let checked = try? CheckedManifest(manifest) else { return }
    precondition(checked.hash == hash && checked.manifest == manifest, "another manifest was checked")
    precondition(checked.quorumKey.bytes == manifest.namespace.quorumKey, "another quorum key was checked")
    for (members, least) in [(checked.manifestSet, 1), (checked.shareSet, 2)] {
        let set = members.set
        precondition((least...set.members.count).contains(members.threshold), "a threshold that nobody reaches")
        precondition(set.members.count <= 255, "a member without an x")
        precondition(members.keys.map(\.bytes) == set.members.map(\.publicKey), "the keys of other members")
        precondition(Set(members.keys).count == set.members.count, "a key that two have")
        for (index, member) in set.members.enumerated() {
            precondition(members.index(of: member) == index, "a member that is another")
            precondition(members.index(ofAlias: member.alias) == index, "an alias that is another's")
        }
    }
}

// MARK: An envelope

private func checkEnvelope(_ envelope: ManifestEnvelope, of borsh: [UInt8]?) {
    let encoded = envelope.encoded()
    let again = try? ManifestEnvelope.decode(encoded)
    precondition(again == envelope, "an envelope is read as another")
    precondition(again?.manifest.hash() == envelope.manifest.hash(), "the manifest of an envelope has another hash")
    precondition(again?.encoded() == encoded, "an envelope is written in two ways")
    checkManifest(envelope.manifest, of: nil)
    if let borsh {
        var writer = BorshWriter()
        envelope.write(to: &writer)
        precondition(writer.bytes == borsh, "other Borsh of an envelope than was read")
    }
    checkApprovals(envelope)
}

/// What QuorumOS's check accepts, the one that leaves out bad approvals does too.
private func checkApprovals(_ envelope: ManifestEnvelope) {
    let isAccepted = (try? envelope.checkApprovals()) != nil
    guard let checked = try? CheckedManifest(envelope.manifest) else { return }
    let approvals = envelope.manifestSetApprovals
    let valid = checked.valid(approvals)
    precondition(Set(valid.map(\.member)).count == valid.count, "a member is counted twice")
    precondition(valid.allSatisfy { approvals.contains($0) }, "an approval that was not given")
    precondition(!isAccepted || valid == approvals && valid.count >= checked.manifestSet.threshold, "too few approve")
}

// MARK: Measurements and addresses

private func checkMeasurements(_ bytes: [UInt8]) {
    if let file = try? PCRFile(parsing: bytes) {
        precondition([file.pcr0, file.pcr1, file.pcr2].allSatisfy { $0.count == 48 }, "a value of another length")
    }
    guard let text = String(validating: bytes, as: UTF8.self), let address = ResolverAddress(text) else { return }
    precondition(ResolverAddress(address.text)?.text == address.text, "an address in two spellings")
}
