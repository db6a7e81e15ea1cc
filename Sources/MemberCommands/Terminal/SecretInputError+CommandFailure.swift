// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

extension SecretInputError {
    /// The failure that a person sees.
    ///
    /// - Parameter secret: What was to be read, such as "passphrase".
    func failure(reading secret: String) -> CommandFailure {
        switch self {
        case .unreadable(let code):
            // A constant string of the C library, or its own buffer, copied at once.
            .failed("The \(secret) cannot be read: \(unsafe String(cString: strerror(code))).")
        case .tooLarge: .failed("The \(secret) is longer than \(SecretOrigin.limit) bytes.")
        case .notUTF8: .failed("The \(secret) is not UTF-8 text.")
        case .empty: .failed("The \(secret) is empty.")
        case .cancelled: .failed("No \(secret) was given.")
        case .controlCharacter:
            .failed(
                "A key was pressed that would become part of the \(secret) unseen.",
                hint: "Type it again. Backspace takes back one character, Ctrl-U all of it."
            )
        }
    }
}
