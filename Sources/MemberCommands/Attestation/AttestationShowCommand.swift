// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Attestation
import Quorum

/// `renclave attestation show`
struct AttestationShowCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what an attestation document says, without believing it.",
        discussion: """
            Nothing is verified but the form: anyone can write a document that says anything. renclave attestation \
            verify says whether it may be believed.
            """
    )

    @Argument(help: ArgumentHelp("The document, or - for standard input.", valueName: "file"), completion: .file())
    var file: String

    @Flag(
        help: """
            Prints one JSON object: file, module_id, timestamp (ms since 1970), digest, pcrs, user_data, nonce, \
            public_key.
            """
    )
    var json = false

    func run(in session: CommandSession) async throws -> CommandStatus {
        let bytes = try AttestationForm.document(in: MemberFiles.read(file, "attestation document", in: session))
        let document: AttestationDocument
        do {
            document = try AttestationDocument(parsing: bytes)
        } catch {
            throw CommandFailure.failed("This is no attestation document: \(error.words).")
        }
        if json {
            let name = JSONMember(name: "file", value: .string(file))
            try session.output.json(JSONValue.object([name] + AttestationPage.json(of: document)).line)
        } else {
            var rows = LabelledLines()
            rows.add("Document", file.quoted)
            rows.add("Verdict", "NOT VERIFIED: this is only what it says")
            AttestationPage(document).add(to: &rows)
            try session.output.lines(rows.lines)
        }
        return .done
    }
}
