// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

/// When the certificates of a document must be valid, as a person says it.
enum VerificationMoment: Equatable, Sendable {
    case at(Moment)
    /// The document's own time.
    case document

    var instant: AttestationVerifier.Instant {
        switch self {
        case .at(let moment): .at(milliseconds: moment.milliseconds)
        case .document: .documentTime
        }
    }

    /// For a person.
    var words: String {
        switch self {
        case .at(let moment): moment.text
        case .document: "the document's own time"
        }
    }
}
