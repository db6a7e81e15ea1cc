// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Quorum

/// What became of one document that was to be verified.
struct DocumentVerdict: Sendable {
    /// The file's name or the gateway's address.
    let source: String
    /// What it says, wherever it can be read.
    let document: AttestationDocument?
    /// Where it was accepted.
    let verified: VerifiedAttestation?
    /// Why it was not accepted, as the end of a sentence; nil where it was.
    let reason: String?
    /// Whether its certificates were valid at another time than that of the verification.
    let isExpired: Bool

    var isValid: Bool { verified != nil }

    /// Verifies a document.
    init(of bytes: [UInt8], from source: String, under policy: AttestationPolicy, at moment: VerificationMoment) async {
        self.source = source
        do throws(AttestationError) {
            let verified = try await AttestationVerifier(policy: policy).verify(bytes, at: moment.instant)
            self.verified = verified
            document = verified.document
            reason = nil
            isExpired = false
        } catch {
            isExpired = error == .expired
            verified = nil
            document = try? AttestationDocument(parsing: bytes)
            reason = error.words
        }
    }

    /// The verdict on what could not even be read.
    init(unreadable failure: CommandFailure, from source: String) {
        self.source = source
        document = nil
        verified = nil
        reason = failure.sentence
        isExpired = false
    }
}

// MARK: - Showing

extension DocumentVerdict {
    /// For a person.
    func lines(at moment: VerificationMoment) -> [String] {
        var rows = LabelledLines()
        rows.add("Document", source.quoted)
        rows.add("Verdict", reason.map { "NOT VALID: \($0)" } ?? "valid at \(moment.words)")
        if let verified {
            rows.add("Root", "SHA-256 \(verified.root)")
            rows.addBelow(KnownRoot(verified.root)?.meaning ?? "named by you, and not known to this tool")
            rows.add("Valid", "from \(Self.text(verified.validity.lowerBound))")
            rows.addBelow("to   \(Self.text(verified.validity.upperBound))")
        }
        document.map(AttestationPage.init)?.add(to: &rows)
        return rows.lines
    }

    private static func text(_ milliseconds: Int64) -> String { Moment(milliseconds: milliseconds).text }

    /// For a script.
    var json: JSONValue {
        .object(
            [
                JSONMember(name: "file", value: .string(source)),
                JSONMember(name: "valid", value: .bool(isValid)),
                JSONMember(name: "reason", value: reason.map { .string($0) } ?? .null),
                JSONMember(name: "root", value: verified.map { .string("\($0.root)") } ?? .null),
                JSONMember(
                    name: "root_known",
                    value: verified.flatMap { KnownRoot($0.root) }.map { .string($0.name) } ?? .null),
            ] + AttestationPage.json(of: document))
    }
}
