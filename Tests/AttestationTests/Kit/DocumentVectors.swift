// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing
import VectorKit

@testable import Attestation

/// A document and what it says, or why it is refused.
struct DocumentVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let expect: String
    /// Seconds since 1970.
    let verify_at: Int64
    let root: String
    let file: String?
    let doc_b64: String?
    let fields: DocumentVectorFields?

    var testDescription: String { id }

    var instant: AttestationVerifier.Instant { .at(milliseconds: verify_at * 1000) }

    /// The document and its root, from files beside the list that this is from.
    func contents(in folder: URL) throws -> (document: [UInt8], root: RootFingerprint) {
        let pem = [UInt8](try Data(contentsOf: folder.appending(path: root)))
        return (try document(in: folder), RootFingerprint(ofCertificate: try RootCertificateFile.parse(pem)))
    }

    private func document(in folder: URL) throws -> [UInt8] {
        if let file { return [UInt8](try Data(contentsOf: folder.appending(path: file))) }
        return [UInt8](try #require(doc_b64.flatMap { Data(base64Encoded: $0) }))
    }
}

/// What a document says.
struct DocumentVectorFields: Decodable, Sendable {
    let module_id: String
    let digest: String
    let timestamp_ms: UInt64
    let pcrs: [String: String]
    let public_key: String?
    let user_data: String?
    let nonce: String?
    let cabundle_count: Int
    let certificate_sha256: String
    /// Seconds since 1970.
    let chain_not_before: Int64
    let chain_not_after: Int64

    /// Expects a document to say just this.
    func expect(_ verified: VerifiedAttestation) {
        let document = verified.document
        #expect(document.moduleID == module_id)
        #expect(document.digest == digest)
        #expect(document.timestamp == timestamp_ms)
        let registers = document.registers.map { (String($0.key), Hexadecimal.encode($0.value)) }
        #expect(Dictionary(uniqueKeysWithValues: registers) == pcrs)
        #expect(document.publicKey.map(Hexadecimal.encode) == public_key)
        #expect(document.userData.map(Hexadecimal.encode) == user_data)
        #expect(document.nonce.map(Hexadecimal.encode) == nonce)
        #expect(document.certificateBundle.count == cabundle_count)
        #expect(RootFingerprint(ofCertificate: document.certificate).description == certificate_sha256)
        #expect(verified.validity == chain_not_before * 1000...chain_not_after * 1000)
    }
}

/// The project's own documents, under two roots whose keys are thrown away.
enum OwnDocuments {
    private struct File: Decodable {
        let roots: [String: String]
        let cases: [DocumentVector]
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Vectors/nitro", directoryHint: .isDirectory)

    static func all() throws -> [DocumentVector] {
        try Vectors.decodeOwn(File.self, from: "nitro/cases.json").cases
    }

    static func contents(_ vector: DocumentVector) throws -> (document: [UInt8], root: RootFingerprint) {
        let name = try #require(try Vectors.decodeOwn(File.self, from: "nitro/cases.json").roots[vector.root])
        return try vector.with(root: name).contents(in: folder)
    }

    /// The valid document with every field, and a verifier under its root.
    static func valid() throws -> (document: [UInt8], verifier: AttestationVerifier) {
        let (document, root) = try contents(try #require(try all().first { $0.id == "accept-definite-map" }))
        return (document, AttestationVerifier(policy: AttestationPolicy(roots: [root])))
    }
}

extension DocumentVector {
    /// The same with the root in another file.
    fileprivate func with(root: String) -> DocumentVector {
        DocumentVector(
            id: id, expect: expect, verify_at: verify_at, root: root, file: file, doc_b64: doc_b64, fields: fields
        )
    }
}

/// Documents of AWS that others have published.
enum PublishedDocuments {
    private struct File: Decodable {
        let cases: [DocumentVector]
    }

    static func all() throws -> [DocumentVector] {
        try Vectors.decode(File.self, from: "nitro/expected.json").cases
    }

    static func contents(_ vector: DocumentVector) throws -> (document: [UInt8], root: RootFingerprint) {
        try vector.contents(in: try Vectors.url("nitro"))
    }
}
