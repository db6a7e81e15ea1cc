// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import NIOCore
import Protocol

@testable import HostGateway

/// Reads the bodies of the quorum's calls, and the answers of a fleet's peers: each is an operation that the enclave
/// reads as it was sent, or refused.
///
/// Input: which of them (modulo 8), then the body.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let choice = input.byte() % 8
    // Not at the start of its buffer, as bodies from the network are not.
    var body = ByteBuffer(bytes: [UInt8(ascii: "{")] + input.rest)
    body.moveReaderIndex(forwardBy: 1)
    do throws(RequestError) {
        switch choice {
        case 0: checkGenesis(try GenesisRequest(body))
        case 1: checkShares(try InjectSharesBody(body))
        case 2: checkBoot(try BootStandardRequest(body))
        case 3: checkShareManifest(try ShareManifestRequest(body), body)
        case 4: checkAttestation(try AttestationRequest(body), body)
        case 5: checkExport(try ExportKeyRequest(body))
        case 6: checkInjection(try InjectKeyRequest(body))
        default: checkPeerAnswers(body)
        }
    } catch {
        checkError(error)
    }
    return 0
}

/// What the gateway makes of a body must be what the enclave reads in the frame.
func checkFrame(_ operation: Operation, secretCount: Int = 0) -> Operation {
    let head = RequestHead(identifier: 1, deadlineMilliseconds: 1, requestIdentifier: "fuzz")
    guard let plain = try? Message.request(head, operation).encoded(secretCount: secretCount),
        case .request(let decodedHead, let decoded?) = try? Message(plain: plain, secretCount: secretCount)
    else { preconditionFailure("a request cannot be encoded and decoded") }
    precondition(decodedHead == head, "the enclave reads another head")
    return decoded
}

// MARK: Genesis

/// What was asked for can be said in either form.
private func checkGenesis(_ request: GenesisRequest) {
    guard case .genesisBoot(let genesis) = request.operation else { preconditionFailure("another operation") }
    precondition(checkFrame(request.operation) == request.operation, "the enclave reads another request")
    precondition((1...255).contains(genesis.manifestMembers.count), "members without a number")
    precondition((2...255).contains(genesis.shareMembers.count), "members without an x")
    precondition((1...genesis.manifestMembers.count).contains(Int(genesis.manifestThreshold)), "a useless threshold")
    precondition((2...genesis.shareMembers.count).contains(Int(genesis.shareThreshold)), "a useless threshold")
    let text = GenesisText(genesis)
    for (body, hasOneThreshold) in [(text.envelope, false), (text.envelopeWithOneThreshold, true)] {
        guard let body else { continue }
        let again = try? GenesisRequest(body)
        precondition(again?.operation == request.operation, "the envelope asks for another genesis")
        precondition(again?.form == .envelope(hasOneThreshold: hasOneThreshold), "the envelope is not seen")
    }
    let flat = try? GenesisRequest(text.flat)
    precondition(flat?.operation == request.operation && flat?.form == .flat, "the flat form asks for another genesis")
}

// MARK: Shares

/// Each plain share is announced with its length, in the order in which they are sent.
private func checkShares(_ body: InjectSharesBody) {
    let counts = body.secrets.map(\.count)
    let announced = body.request.shares.compactMap { $0.plain?.count }
    precondition(announced == counts, "other secrets are announced than are sent")
    precondition(counts.allSatisfy(Limits.offeredShareBytes.contains), "a share of a length that is not taken")
    let decoded = checkFrame(.injectShares(body.request), secretCount: counts.reduce(0, +))
    guard case .injectShares(let request) = decoded else { preconditionFailure("another operation") }
    precondition(request.namespaceName == body.request.namespaceName, "another namespace is named")
    precondition(request.namespaceNonce == body.request.namespaceNonce, "another manifest is meant")
    precondition(request.shares.count == body.request.shares.count, "the enclave reads other shares")
    var offset = 0
    for (share, sent) in zip(request.shares, body.request.shares) {
        precondition(share.memberAlias == sent.memberAlias, "a share of somebody else")
        precondition(share.sealed == sent.sealed && share.approval == sent.approval, "another share is read")
        precondition((share.plain == nil) != (share.sealed == nil), "a share in both forms or in none")
        precondition(share.plain?.range.lowerBound ?? offset == offset, "a share in another place")
        offset += share.plain?.count ?? 0
    }
}

// MARK: Boot

/// The manifest is passed on as it was sent, and is an object.
private func checkBoot(_ request: BootStandardRequest) {
    precondition(checkFrame(.bootStandard(request)) == .bootStandard(request), "the enclave reads another request")
    checkEnvelope(request.manifestEnvelope)
}

/// What is passed on unread is an object all the same.
func checkEnvelope(_ envelope: [UInt8]) {
    precondition(envelope.first == UInt8(ascii: "{") && envelope.last == UInt8(ascii: "}"), "no object is passed on")
    do throws(RequestError) {
        _ = try JSONBody(ByteBuffer(bytes: envelope), allowing: [])
    } catch {
        precondition(error.reason == .unknownField, "an object that was accepted is refused")
    }
}

// MARK: Errors

/// Errors are short and in visible ASCII, whatever the body was.
private func checkError(_ error: RequestError) {
    let reasons: [RequestError.Reason] = [
        .invalidJSON, .duplicateKey, .missingField, .unknownField, .wrongType, .outOfRange, .badEncoding,
    ]
    precondition(reasons.contains(error.reason), "a reason that is none for a body")
    // Names of 64 characters at most, 32 levels deep, with an index between any two.
    let longest = JSONScanner.maximumDepth * (64 + 1 + 22)
    for text in [error.field ?? "", error.message, error.hint ?? ""] {
        precondition(text.utf8.count <= 2 * longest + 100, "a long error")
        precondition(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "an error that is not visible ASCII")
    }
}
