// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// What a member knows without the server: a manifest is compared with it, never only shown.
struct OwnCopyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compares the manifest with your own copy of the request for its genesis.", valueName: "file"),
        completion: .file()
    )
    var request: String?

    @Option(help: ArgumentHelp("Compares the manifest's hash with one that you were told.", valueName: "hex"))
    var manifestHash: String?

    @Option(
        help: ArgumentHelp("Compares PCR0, PCR1 and PCR2 with those of a release.", valueName: "file"),
        completion: .file()
    )
    var pcrs: String?

    @Option(help: ArgumentHelp("Compares the SHA-256 of the application.", valueName: "hex"))
    var pivotHash: String?

    /// What is read from files.
    var files: [String?] { [request, pcrs] }

    /// Whether the whole manifest is tied to something that the member knows.
    var identifiesManifest: Bool { request != nil || manifestHash != nil }

    func validate() throws {
        for (name, value) in [("--manifest-hash", manifestHash), ("--pivot-hash", pivotHash)] {
            guard value.map({ Hex.decode($0)?.count == SHA256.byteCount }) ?? true else {
                throw ValidationError("\(name) must be 64 hexadecimal characters.")
            }
        }
    }

    /// The member's own copy of the request, where one is named.
    func readRequest(in session: CommandSession) throws(CommandFailure) -> GenesisRequest? {
        guard let request else { return nil }
        return try GenesisRequest(reading: MemberFiles.read(request, "request", in: session))
    }

    /// Refuses a manifest that is not what the member knows, and says what was compared and what was not.
    ///
    /// - Parameters:
    ///   - asked: what ``readRequest(in:)`` gave.
    ///   - evidence: what vouches for the genesis that the manifest came with.
    func check(
        _ offered: OfferedManifest,
        asked: GenesisRequest?,
        _ evidence: GenesisEvidence = .nothing,
        in session: CommandSession
    ) throws(CommandFailure) {
        if offered.genesis != nil { session.output.remark(evidence, comparingPCRs: pcrs != nil) }
        if let asked { try Self.check(offered, asked, in: session) }
        try checkHash(of: offered, in: session)
        try checkBuild(offered.manifest, in: session)
        guard identifiesManifest || pcrs != nil || pivotHash != nil else { return }
        remarkGaps(asked, evidence, in: session)
    }

    private static func check(
        _ offered: OfferedManifest,
        _ asked: GenesisRequest,
        in session: CommandSession
    ) throws(CommandFailure) {
        let manifest = try offered.checked()
        let bare = GenesisRecord(
            manifest: manifest,
            quorumKey: manifest.quorumKey,
            shareSet: manifest.shareSet,
            shares: [],
            recoveryKey: asked.recoveryKey.map { .key($0) } ?? .none,
            outputHash: [],
            attestationDocument: nil
        )
        let found = (offered.genesis ?? bare).differences(from: asked)
        guard found.isEmpty else { throw .differing("The manifest is not what the request asks for.", found) }
        let exception = ", except the recovery key, which a manifest does not name"
        session.output.remark(
            "The manifest is what the request asks for\(offered.genesis == nil ? exception : "").")
    }

    private func checkHash(of offered: OfferedManifest, in session: CommandSession) throws(CommandFailure) {
        guard let manifestHash, let expected = Hex.decode(manifestHash) else { return }
        guard offered.hash == expected else {
            throw .failed(
                "The manifest has another hash than --manifest-hash: \(Hex.encode(offered.hash)).",
                hint: "You were told \(Hex.encode(expected)).")
        }
        session.output.remark("The manifest has the hash of --manifest-hash.")
    }

    private func checkBuild(_ manifest: Manifest, in session: CommandSession) throws(CommandFailure) {
        if let expected = pivotHash.flatMap({ Hex.decode($0) }) {
            guard manifest.pivot.hash == expected else {
                throw .failed(
                    "The manifest is for another application than --pivot-hash: \(Hex.encode(manifest.pivot.hash)).")
            }
            session.output.remark("The pivot has the hash of --pivot-hash.")
        }
        guard let pcrs else { return }
        let known: PCRFile
        do {
            known = try PCRFile(parsing: MemberFiles.read(pcrs, "measurements", in: session))
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw .failed("The measurements are not lines of PCR0, PCR1 and PCR2, each a value, a space and the name.")
        }
        let enclave = manifest.enclave
        let pairs = [("PCR0", enclave.pcr0, known.pcr0), ("PCR1", enclave.pcr1, known.pcr1)]
        for (name, value, expected) in pairs + [("PCR2", enclave.pcr2, known.pcr2)] where value != expected {
            throw .failed("The manifest has another \(name) than --pcrs: \(Hex.encode(value)).")
        }
        session.output.remark("PCR0, PCR1 and PCR2 are those of --pcrs.")
    }

    /// What the hash covers is everything; what the rest covers is said in the negative.
    private func remarkGaps(_ asked: GenesisRequest?, _ evidence: GenesisEvidence, in session: CommandSession) {
        guard manifestHash == nil else { return }
        if let asked {
            session.output.remarkGaps(
                after: asked, evidence, comparingPivot: pivotHash != nil, comparingPCRs: pcrs != nil)
        } else {
            let measured = CommandOutput.measuredGaps(evidence, comparingPCRs: pcrs != nil)
            let gaps = ["the namespace", "the quorum key", "both sets"] + measured
            session.output.remark(
                "Not compared: \(gaps.joined(separator: ", "))"
                    + (pivotHash == nil ? " and the pivot." : " and the pivot's arguments and settings."))
        }
    }

    /// Says so where there was nothing to compare with.
    func warnIfNothing(in session: CommandSession) {
        guard !identifiesManifest, pcrs == nil, pivotHash == nil else { return }
        session.output.remark(
            "Warning: nothing was compared: all of this is only what the file says. Name your own copy of the request "
                + "(--request) or the hash that you were told (--manifest-hash).")
    }
}
