// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Attestation
import Quorum

/// `renclave attestation verify`
struct AttestationVerifyCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies attestation documents.",
        discussion: """
            Signature, certificates up to a root, their validity, then age, nonce and measurements as the policy and \
            the options ask. Without --root and --policy the root is that of AWS Nitro Enclaves, and measurements are \
            not compared: then the document shows only that some Nitro enclave made it.

            A Nitro document's certificate is valid for three hours; an older one is verified with --at.

            The exit status is 0 if all documents are valid, and 1 if one is not.
            """
    )

    @Argument(help: ArgumentHelp("Documents; - is standard input.", valueName: "file"), completion: .file())
    var files: [String] = []

    @Option(
        help: ArgumentHelp("Asks this gateway for a document with a fresh nonce, and verifies it.", valueName: "url"))
    var url: String?

    @OptionGroup var accepted: AttestationOptions

    @Option(
        help: ArgumentHelp(
            "When certificates must be valid: RFC 3339, seconds since 1970, or document for its own time. "
                + "(default: now)",
            valueName: "time")
    )
    var at: String?

    @Option(help: ArgumentHelp("The nonce that the documents must carry.", valueName: "hex"))
    var nonce: String?

    @Flag(
        help: """
            Prints one JSON object a line: file, valid, reason, root (SHA-256), root_known, module_id, timestamp (ms \
            since 1970), digest, pcrs, user_data, nonce, public_key.
            """
    )
    var json = false

    func validate() throws {
        guard files.isEmpty != (url == nil) else { throw ValidationError("Name either documents or --url.") }
        guard nonce == nil || url == nil else { throw ValidationError("--url asks with a nonce of its own.") }
        guard nonce.map({ AttestationNonce.read($0) != nil }) ?? true else {
            throw ValidationError("--nonce must be 1 to 512 bytes in hexadecimal.")
        }
        guard at.map({ $0 == "document" || Moment($0) != nil }) ?? true else {
            throw ValidationError("--at must be a time such as 2025-11-21T12:04:05Z, seconds since 1970, or document.")
        }
        if let url, GatewayAddress(url) == nil { throw ValidationError("--url \(GatewayAddress.rule).") }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(files + accepted.files)
        var policy = try accepted.read(in: session)
        policy.nonce = nonce.flatMap(AttestationNonce.read)
        let moment = moment(in: session)
        var verdicts: [DocumentVerdict] = []
        if let address = url.flatMap(GatewayAddress.init) {
            policy.nonce = try AttestationNonce.fresh()
            verdicts.append(try await verdict(on: address, under: policy, at: moment, in: session))
            try give(verdicts, at: moment, to: session.output)
        }
        for file in files {
            verdicts.append(await verdict(on: file, under: policy, at: moment, in: session))
            try give(verdicts, at: moment, to: session.output)
        }
        remark(on: verdicts, under: policy, to: session.output)
        return verdicts.allSatisfy(\.isValid) ? .done : .failed
    }

    /// Gives the last verdict.
    private func give(
        _ verdicts: [DocumentVerdict],
        at moment: VerificationMoment,
        to output: CommandOutput
    ) throws {
        guard let verdict = verdicts.last else { return }
        if json {
            try output.json(verdict.json.line)
        } else {
            try output.lines((verdicts.count > 1 ? [""] : []) + verdict.lines(at: moment))
        }
    }

    private func remark(on verdicts: [DocumentVerdict], under policy: AttestationPolicy, to output: CommandOutput) {
        if at == nil, verdicts.contains(where: \.isExpired) {
            output.remark(
                "A document's certificate is valid for hours only; --at document verifies it at its own time, for "
                    + "which there is its own word alone.")
        }
        if policy.measurements.isEmpty, verdicts.contains(where: \.isValid) {
            output.remark("Not compared: the measurements, so this says nothing of which program runs (--policy).")
        }
    }

    private func moment(in session: CommandSession) -> VerificationMoment {
        guard let at else { return .at(session.clock()) }
        return Moment(at).map { .at($0) } ?? .document
    }

    private func verdict(
        on file: String,
        under policy: AttestationPolicy,
        at moment: VerificationMoment,
        in session: CommandSession
    ) async -> DocumentVerdict {
        do throws(CommandFailure) {
            let contents = try MemberFiles.read(file, "attestation document", in: session)
            let document = try AttestationForm.document(in: contents)
            return await DocumentVerdict(of: document, from: file, under: policy, at: moment)
        } catch {
            return DocumentVerdict(unreadable: error, from: file)
        }
    }

    private func verdict(
        on address: GatewayAddress,
        under policy: AttestationPolicy,
        at moment: VerificationMoment,
        in session: CommandSession
    ) async throws -> DocumentVerdict {
        do {
            let document = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
                try await client.attestation(nonce: policy.nonce ?? [])
            }
            return await DocumentVerdict(of: document, from: address.text, under: policy, at: moment)
        } catch let failure as CommandFailure {
            return DocumentVerdict(unreadable: failure, from: address.text)
        }
    }
}
