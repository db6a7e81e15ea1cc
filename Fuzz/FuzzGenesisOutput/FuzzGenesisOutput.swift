// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import Primitives

@testable import Quorum

/// Reads what a member is sent of a genesis: its output in either layout, and an approval.
///
/// Input: the file.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    let bytes = Array(input.rest)
    checkOutput(bytes)
    checkApproval(bytes)
    return 0
}

/// Borsh has one form: what is accepted in a layout is what is written in it. The current layout comes first.
private func checkOutput(_ bytes: [UInt8]) {
    let layouts = [false, true].map { try? GenesisOutput(borsh: bytes, isLegacy: $0) }
    for output in layouts {
        guard let output else { continue }
        precondition(output.encoded() == bytes, "other Borsh than was read")
        precondition(output.hash() == SHA256.digest(bytes), "the hash of other bytes")
        precondition(output.quorumKeyHash.count == 64, "a hash of another length")
        precondition(output.memberOutputs.allSatisfy { $0.shareHash.count == 64 }, "a share's hash of another length")
    }
    do throws(QuorumError) {
        let output = try GenesisOutput.decode(bytes)
        precondition(output == layouts.compactMap(\.self).first, "an output of another layout")
    } catch {
        precondition(error == .malformedManifest, "a reason that is none for an output")
        precondition(layouts.allSatisfy { $0 == nil }, "an output is refused")
    }
}

/// An approval has no unknown member, so what it says is all in what is written.
private func checkApproval(_ bytes: [UInt8]) {
    do throws(QuorumError) {
        let approval = try Approval.decode(bytes)
        let encoded = approval.encoded()
        precondition((try? Approval.decode(encoded)) == approval, "an approval is read as another")
        precondition((try? JSONValue(parsing: bytes))?.members.count == 2, "an approval with more members")
    } catch {
        let reasons: [QuorumError] = [.malformedJSON, .malformedHex, .malformedManifest]
        precondition(reasons.contains(error), "a reason that is none for an approval")
    }
}

extension JSONValue {
    fileprivate var members: [JSONMember] {
        guard case .object(let members) = self else { return [] }
        return members
    }
}
