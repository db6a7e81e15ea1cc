// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Attestation

/// Whose word for an enclave is taken: the same options on every command that verifies a document.
struct AttestationOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Trusts this root's certificate (PEM or DER), and not AWS's; may be given several times.",
            valueName: "file"),
        completion: .file()
    )
    var root: [String] = []

    @Option(
        help: ArgumentHelp(
            "Accepts only what a policy file says: measurements, max_age_seconds, roots.", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    /// What is read from files.
    var files: [String?] { root + [policy] }

    /// Whether anything is said of it.
    var isGiven: Bool { !root.isEmpty || policy != nil }

    /// What is accepted: the policy of the file, with the roots of the options where there are any, else AWS's root.
    func read(in session: CommandSession) throws(CommandFailure) -> AttestationPolicy {
        var accepted = AttestationPolicy()
        if let policy {
            let bytes = try MemberFiles.read(policy, "policy", in: session)
            do {
                accepted = try AttestationPolicy(parsing: bytes)
            } catch {
                throw .failed("The policy \(policy.quoted) cannot be used: \(error.words).")
            }
        }
        if !root.isEmpty {
            accepted.roots = try root.map { (name) throws(CommandFailure) in try Self.root(name, in: session) }
        }
        return accepted
    }

    /// The same as what vouches for enclaves; nil where nothing is said of it.
    func vouching(in session: CommandSession) throws(CommandFailure) -> EnclaveVouching? {
        guard isGiven else { return nil }
        return EnclaveVouching(policy: try read(in: session), clock: session.clock)
    }

    private static func root(_ name: String, in session: CommandSession) throws(CommandFailure) -> RootFingerprint {
        let bytes = try MemberFiles.read(name, "root certificate", in: session)
        do {
            return RootFingerprint(ofCertificate: try RootCertificateFile.parse(bytes))
        } catch {
            throw .failed("The root certificate \(name.quoted) cannot be used: \(error.words).")
        }
    }
}
