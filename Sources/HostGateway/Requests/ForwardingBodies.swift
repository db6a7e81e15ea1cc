// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

extension ShareManifestRequest {
    /// Reads the body of `POST /enclave/share-manifest`, which has the form of a boot.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        try self.init(in: JSONBody(bytes, allowing: Self.fields))
    }

    /// The fields of a manifest that is brought.
    static let fields = ["manifest_envelope", "share_commitments"]

    /// Reads the two fields of a body that may have others.
    ///
    /// - Throws: ``RequestError`` for the first of them that is wrong.
    init(in body: JSONBody) throws(RequestError) {
        self.init(manifestEnvelope: try body.manifestEnvelope(), commitments: try CommitmentsRecord(in: body))
    }
}

extension ExportKeyRequest {
    /// Reads the body of `POST /enclave/export-key`. Whether the document holds is for the enclave to say.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        let body = try JSONBody(bytes, allowing: ["manifest_envelope", "attestation_doc"])
        let envelope = try body.manifestEnvelope()
        let document = try body.bytes("attestation_doc", count: Limits.attestationDocumentBytes)
        self.init(manifestEnvelope: envelope, document: try body.required("attestation_doc", document))
    }
}

extension InjectKeyRequest {
    /// Reads the body of `POST /enclave/inject-key`.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        try self.init(in: JSONBody(bytes, allowing: Self.fields))
    }

    /// The fields of a key that is brought, as the enclave that exports it answers them.
    static let fields = ["encrypted_quorum_key", "signature"]

    /// Reads the two fields of an object that may have others.
    ///
    /// - Throws: ``RequestError`` for the first of them that is wrong.
    init(in body: JSONBody) throws(RequestError) {
        let ciphertext = try body.bytes("encrypted_quorum_key", count: Limits.forwardedKeyBytes)
        let signature = try body.bytes("signature", count: Limits.forwardedKeyBytes)
        self.init(
            ciphertext: try body.required("encrypted_quorum_key", ciphertext),
            signature: try body.required("signature", signature)
        )
    }
}
