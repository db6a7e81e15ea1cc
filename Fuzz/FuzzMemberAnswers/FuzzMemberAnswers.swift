// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import FuzzKit
import NIOCore
import Protocol
import Quorum

@testable import HostGateway
@testable import MemberCommands

/// Reads what reaches a member: a genesis, a request for one, a manifest, answers about shares, attestation documents,
/// and what gateways say of their enclaves.
///
/// Input: which of these (modulo 6), then the file or the body.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let choice = input.byte() % 6
    let bytes = Array(input.rest)
    do throws(CommandFailure) {
        switch choice {
        case 0: try checkRecord(GenesisRecord(reading: bytes))
        case 1: try checkRequest(MemberCommands.GenesisRequest(reading: bytes), bytes)
        case 2: try checkManifest(OfferedManifest(bytes))
        case 3: checkInjection(bytes)
        case 4: try checkDocument(AttestationForm.document(in: bytes))
        default: try checkAnswer(bytes)
        }
    } catch {
        checkShown([error.sentence] + error.details.map(\.text))
    }
    return 0
}

/// What is shown to a person has no character that a terminal obeys.
private func checkShown(_ lines: [String]) {
    for scalar in lines.lazy.flatMap(\.unicodeScalars) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: preconditionFailure("a line that deceives")
        default: break
        }
    }
}

// MARK: A genesis

/// Each member finds the own share under the own name and key.
private func checkRecord(_ record: GenesisRecord) throws(CommandFailure) {
    checkShown(GenesisPage(record, .nothing).lines)
    let members = record.shareSet.set.members
    precondition(record.shares.map(\.member) == members, "shares of others than the members")
    for (index, member) in members.enumerated() {
        let share = try record.share(ofAlias: member.alias, key: record.shareSet.keys[index])
        precondition(share.envelope == record.shares[index].encryptedShare, "the share of somebody else")
        precondition(share.expectation?.hash == record.shares[index].shareHash, "the hash of another share")
        precondition(share.expectation.map { Int($0.identifier) } == index + 1, "the x of another share")
    }
}

// MARK: A request

/// What is read is written as the same request, and the gateway reads the same in it where it accepts it.
private func checkRequest(_ request: MemberCommands.GenesisRequest, _ bytes: [UInt8]) throws(CommandFailure) {
    let json = request.json(milliseconds: 0, organization: "fuzz")
    let again = try MemberCommands.GenesisRequest(reading: json.compact())
    precondition(again.json(milliseconds: 0, organization: "fuzz") == json, "a request is read as another")
    precondition(again.namesPivot == request.namesPivot, "a request is for another application")
    guard let operation = try? HostGateway.GenesisRequest(ByteBuffer(bytes: bytes)).operation,
        case .genesisBoot(let genesis) = operation
    else { return }
    let isName = genesis.namespaceName.utf8.elementsEqual(request.namespaceName.utf8)
    precondition(isName && genesis.namespaceNonce == request.namespaceNonce, "the gateway reads another namespace")
    precondition(
        set(genesis.manifestMembers, genesis.manifestThreshold) == request.manifestSet
            && set(genesis.shareMembers, genesis.shareThreshold) == request.shareSet, "the gateway reads other members")
    precondition(genesis.pivotHash == request.pivotHash, "the gateway reads another application")
    precondition(genesis.pivotArguments == request.pivotArguments, "the gateway reads other arguments")
    precondition(genesis.recoveryKey == request.recoveryKey, "the gateway reads another recovery key")
    precondition(genesis.nonce == request.nonce, "the gateway reads another nonce")
}

private func set(_ members: [MemberRecord], _ threshold: UInt32) -> MemberSet {
    MemberSet(
        threshold: threshold, members: members.map { QuorumMember(alias: $0.alias, publicKey: $0.publicKey) })
}

// MARK: A manifest

private func checkManifest(_ offered: OfferedManifest) throws(CommandFailure) {
    precondition(offered.hash == offered.manifest.hash(), "the hash of another manifest")
    checkShown(ManifestPage(offered).lines)
    let checked = try offered.checked()
    guard let answer = offered.answer else { return }
    try answer.checkCommitments(of: checked)
    guard let commitments = answer.commitments else { return }
    for entry in commitments.shares {
        precondition(answer.shareHash(of: entry.member) == entry.shareHash, "the hash of another share")
    }
}

// MARK: Shares

private func checkInjection(_ bytes: [UInt8]) {
    let answer = GatewayAnswer(status: 200, requestIdentifier: nil, body: bytes)
    checkShown(ShareInjection.verdicts(in: answer)?.map(\.line) ?? [])
    guard let injection = ShareInjection(answer) else { return }
    precondition((0...255).contains(injection.received), "more shares than there are")
    precondition((0...255).contains(injection.threshold), "a threshold that nobody reaches")
    checkShown(injection.verdicts.map(\.line))
}

// MARK: Attestation

/// Whatever a document says can be shown, and stays the same in every form in which it may have come.
private func checkDocument(_ bytes: [UInt8]) throws(CommandFailure) {
    let answer = JSONValue.fields(["attestation_doc": .byteArray(bytes)]).compact()
    let again = try AttestationForm.document(in: answer)
    precondition(again == bytes, "an answer holds another document")
    guard let document = try? AttestationDocument(parsing: bytes) else { return }
    var rows = LabelledLines()
    AttestationPage(document).add(to: &rows)
    checkShown(rows.lines)
    let json = JSONValue.object(AttestationPage.json(of: document))
    precondition((try? JSONValue(parsing: json.compact())) == json, "a script reads something else")
}

// MARK: A gateway

/// What is said of an enclave is shown in a line of bounded width, and results are read or refused.
private func checkAnswer(_ bytes: [UInt8]) throws(CommandFailure) {
    let answer = GatewayAnswer(status: 200, requestIdentifier: nil, body: bytes)
    if let report = answer.decoded(as: EnclaveReport.self) {
        checkShown([FleetTable.cells(of: report).joined(separator: " ")])
        precondition(FleetTable.cells(of: report).allSatisfy { $0.count <= 64 }, "a cell that fills the screen")
    }
    for name in ["ShareManifestResponse", "ExportChallengeResponse", AttestationForm.response] {
        _ = try? answer.result(name, from: .standard) { (result) throws(QuorumError) in try result.byteArray() }
    }
}
