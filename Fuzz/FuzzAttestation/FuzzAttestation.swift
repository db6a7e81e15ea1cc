// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import FuzzKit

/// Reads what is sent with a claim to be an enclave's, and the files that say what to believe: an attestation document,
/// a policy, and the certificate of a root.
///
/// Input: the document or the file.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    let bytes = Array(input.rest)
    checkDocument(bytes)
    checkPolicy(bytes)
    checkRoot(bytes)
    return 0
}

// MARK: A document

private func checkDocument(_ bytes: [UInt8]) {
    do throws(AttestationError) {
        let document = try AttestationDocument(parsing: bytes)
        checkLimits(document)
        checkTag(document, bytes)
        checkVerdict(document, bytes)
    } catch {
        guard case .malformed = error else { preconditionFailure("a reason that is none for a document's form") }
    }
}

private func checkLimits(_ document: AttestationDocument) {
    precondition(!document.moduleID.isEmpty && document.digest == "SHA384", "a document of no module or digest")
    precondition(document.timestamp > 0, "a document of no time")
    precondition((1...32).contains(document.registers.count), "a wrong number of registers")
    for (index, value) in document.registers {
        precondition((0...31).contains(index) && [32, 48, 64].contains(value.count), "a register that is none")
    }
    precondition((1...8).contains(document.certificateBundle.count), "a wrong number of certificates")
    for certificate in document.certificateBundle + [document.certificate] {
        precondition((1...1024).contains(certificate.count), "a certificate of a wrong length")
    }
    precondition(document.publicKey.map { (1...1024).contains($0.count) } ?? true, "a key of a wrong length")
    for value in [document.userData, document.nonce] {
        precondition((value?.count ?? 0) <= 512, "more data than there may be")
    }
}

/// A document says the same with its tag as without it, and nothing with two.
private func checkTag(_ document: AttestationDocument, _ bytes: [UInt8]) {
    let tag: UInt8 = 0xD2
    let plain = bytes.first == tag ? Array(bytes.dropFirst()) : bytes
    precondition((try? AttestationDocument(parsing: plain)) == document, "another document without its tag")
    precondition((try? AttestationDocument(parsing: [tag, tag] + plain)) == nil, "a document with two tags")
    precondition((try? AttestationDocument(parsing: plain + [0])) == nil, "a document and another byte")
}

/// The verifier comes to an end with whatever certificates there are, and says what the document says.
private func checkVerdict(_ document: AttestationDocument, _ bytes: [UInt8]) {
    guard let root = document.certificateBundle.first else { return }
    let own = AttestationPolicy(roots: [RootFingerprint(ofCertificate: root)])
    if let verified = try? AttestationVerifier(policy: own).verifyHere(bytes, at: .documentTime) {
        precondition(verified.document == document && verified.root == own.roots.first, "another document was verified")
        precondition(
            verified.validity.contains(Int64(clamping: document.timestamp)), "a document that was not valid is accepted"
        )
    }
    let none = AttestationVerifier(policy: AttestationPolicy(roots: []))
    precondition((try? none.verifyHere(bytes, at: .documentTime)) == nil, "a document under no root is accepted")
}

// MARK: Files

private func checkPolicy(_ bytes: [UInt8]) {
    do throws(AttestationError) {
        let policy = try AttestationPolicy(parsing: bytes)
        precondition(!policy.roots.isEmpty && policy.nonce == nil, "a policy that no file can have")
        for set in policy.measurements {
            let values = [set.pcr0, set.pcr1, set.pcr2, set.pcr3].compactMap(\.self)
            precondition(values.allSatisfy { $0.count == 48 }, "a measurement of another length")
        }
    } catch {
        precondition(error == .badPolicy, "a reason that is none for a policy")
    }
}

private func checkRoot(_ bytes: [UInt8]) {
    do throws(AttestationError) {
        let certificate = try RootCertificateFile.parse(bytes)
        let again = try RootCertificateFile.parse(certificate)
        precondition(again == certificate, "a certificate is read as another")
    } catch {
        precondition(error == .badRootFile, "a reason that is none for a root's file")
    }
}
