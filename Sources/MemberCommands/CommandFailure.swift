// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why a command could not do its work, in words for a person.
///
/// No text in it is ever taken from a phrase, a passphrase, or the name of a file that was meant to hold one: a secret
/// typed in the wrong place must not come back in an error.
struct CommandFailure: Error, Equatable {
    /// A line below the sentence, such as `hint`.
    struct Detail: Equatable {
        let label: String
        let text: String
    }

    let status: CommandStatus
    /// One sentence.
    let sentence: String
    let details: [Detail]

    private init(_ status: CommandStatus, _ sentence: String, _ details: [Detail]) {
        self.status = status
        self.sentence = sentence
        self.details = details
    }

    /// The command was used wrongly.
    static func misuse(_ sentence: String, hint: String? = nil) -> Self {
        Self(.misuse, sentence, hint.map { [Detail(label: "hint", text: $0)] } ?? [])
    }

    /// Something went wrong on the way.
    static func failed(_ sentence: String, hint: String? = nil) -> Self {
        Self(.failed, sentence, hint.map { [Detail(label: "hint", text: $0)] } ?? [])
    }

    /// The gateway said no; the details are its own.
    static func refused(_ sentence: String, details: [Detail]) -> Self {
        Self(.failed, sentence, details)
    }
}
