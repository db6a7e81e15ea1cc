// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Crypto

/// A document before it is signed.
///
/// The form is that of the documents which Nitro Security Modules have made since late 2025: a map of indefinite length
/// with its members in this order, those without a value being null.
struct EmulatedDocument {
    let moduleID: String
    /// Milliseconds since 1970.
    let timestamp: Int64
    /// The locked ones, from 0 on.
    let registers: ArraySlice<[UInt8]>
    let signer: DocumentSigner
    let publicKey: [UInt8]?
    let userData: [UInt8]?
    let nonce: [UInt8]?

    /// The document: COSE_Sign1 in CBOR, by the key of the signer.
    ///
    /// - Throws: `failed` where there is no signature.
    func signed() throws(SecurityModuleError) -> [UInt8] {
        let payload = payload
        let toSign = COSESign1.signedBytes(protected: COSESign1.protectedHeader, payload: payload)
        do {
            let signature = try signer.key.signature(for: toSign)
            return COSESign1.encode(payload: payload, signature: Array(signature.rawRepresentation))
        } catch {
            throw .failed
        }
    }

    private var payload: [UInt8] {
        var members = CBORWriter()
        members.text("module_id")
        members.text(moduleID)
        members.text("digest")
        members.text("SHA384")
        members.text("timestamp")
        members.unsigned(UInt64(timestamp))
        members.text("pcrs")
        members.map(count: registers.count)
        for (index, value) in registers.enumerated() {
            members.unsigned(UInt64(index))
            members.bytes(value)
        }
        members.text("certificate")
        members.bytes(signer.certificate)
        members.text("cabundle")
        members.array(count: signer.bundle.count)
        for certificate in signer.bundle { members.bytes(certificate) }
        for (name, value) in [("public_key", publicKey), ("user_data", userData), ("nonce", nonce)] {
            members.text(name)
            if let value { members.bytes(value) } else { members.null() }
        }
        // A map without a length, and its end (RFC 8949, section 3.2.2).
        return [0xbf] + members.bytes + [0xff]
    }
}
