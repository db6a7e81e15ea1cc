// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave attestation …`
struct AttestationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attestation",
        abstract: "Shows and verifies attestation documents.",
        discussion: """
            A document says which program runs in an enclave, and what the enclave itself has to say. FILE holds one \
            as it is (CBOR), in hexadecimal or base64, as a JSON array of integers, or in a gateway's answer with \
            attestation_doc; - is standard input.
            """,
        subcommands: [AttestationShowCommand.self, AttestationVerifyCommand.self]
    )
}
