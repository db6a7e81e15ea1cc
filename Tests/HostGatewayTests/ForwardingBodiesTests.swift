// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("bodies of key forwarding")
struct ForwardingBodiesTests {
    private func expect(_ example: FieldCase, _ read: () throws(RequestError) -> Void) {
        do throws(RequestError) {
            try read()
            Issue.record("it was read")
        } catch {
            #expect(error.reason == example.reason)
            #expect(error.field == example.field)
        }
    }

    // MARK: A manifest

    private func manifest(_ changes: [String: String?] = [:]) throws(RequestError) -> ShareManifestRequest {
        try ShareManifestRequest(
            ByteBuffer(string: Samples.object([("manifest_envelope", "{ \"a\":[1 ] }")], changing: changes)))
    }

    @Test("a manifest is shared as it is booted: byte for byte, with its commitments")
    func share() throws {
        let plain = try manifest()
        #expect(plain.manifestEnvelope == Array("{ \"a\":[1 ] }".utf8))
        #expect(plain.commitments == nil)
        #expect(try manifest(["share_commitments": Samples.commitmentsJSON()]).commitments == Samples.commitments)
    }

    @Test(
        "a wrong field of a manifest is named",
        arguments: [
            FieldCase("manifest_envelope", nil, .missingField), FieldCase("manifest_envelope", "[]", .wrongType),
            FieldCase("manifest_envelope", "{\"a\":1,\"a\":1}", .duplicateKey, "manifest_envelope.a"),
            FieldCase("share_commitments", "{}", .missingField, "share_commitments.namespace_name"),
            FieldCase("manifest_hash", "[]", .unknownField),
        ])
    func wrongShare(_ example: FieldCase) {
        expect(example) { () throws(RequestError) in _ = try manifest(example.changes) }
    }

    // MARK: A key that goes

    private func export(_ changes: [String: String?] = [:]) throws(RequestError) -> ExportKeyRequest {
        try ExportKeyRequest(
            ByteBuffer(
                string: Samples.object(
                    [("manifest_envelope", "{}"), ("attestation_doc", "[1]")], changing: changes)))
    }

    @Test("a document is read in each of its forms, up to the longest")
    func documents() throws {
        for text in ["[1,255]", "\"01ff\"", "\"0x01FF\"", "\"base64:Af8\""] {
            #expect(try export(["attestation_doc": text]).document == [1, 255])
        }
        let longest = Samples.bytes(7, 16_384)
        #expect(try export(["attestation_doc": Samples.list(7, 16_384)]).document == longest)
    }

    @Test(
        "a wrong field of an export is named",
        arguments: [
            FieldCase("manifest_envelope", nil, .missingField), FieldCase("manifest_envelope", "\"\"", .wrongType),
            FieldCase("attestation_doc", nil, .missingField), FieldCase("attestation_doc", "[]", .outOfRange),
            FieldCase("attestation_doc", QuorumSamples.list(0, 16_385), .outOfRange),
            FieldCase("attestation_doc", "[256]", .badEncoding), FieldCase("attestation_doc", "{}", .wrongType),
            FieldCase("share_commitments", "{}", .unknownField),
        ])
    func wrongExport(_ example: FieldCase) {
        expect(example) { () throws(RequestError) in _ = try export(example.changes) }
    }

    // MARK: A key that comes

    private func inject(_ changes: [String: String?] = [:]) throws(RequestError) -> InjectKeyRequest {
        try InjectKeyRequest(
            ByteBuffer(
                string: Samples.object(
                    [("encrypted_quorum_key", Samples.list(5, 129)), ("signature", Samples.list(6, 64))],
                    changing: changes)))
    }

    @Test("a key is passed on whatever its length, so that the enclave can say what is wrong with it")
    func injected() throws {
        #expect(
            try inject() == InjectKeyRequest(ciphertext: Samples.bytes(5, 129), signature: Samples.bytes(6, 64)))
        for count in [1, 1024] {
            #expect(try inject(["encrypted_quorum_key": Samples.list(5, count)]).ciphertext.count == count)
            #expect(try inject(["signature": Samples.list(5, count)]).signature.count == count)
        }
    }

    @Test(
        "a wrong field of a key is named",
        arguments: [
            FieldCase("encrypted_quorum_key", nil, .missingField), FieldCase("signature", nil, .missingField),
            FieldCase("encrypted_quorum_key", "[]", .outOfRange), FieldCase("signature", "\"\"", .outOfRange),
            FieldCase("encrypted_quorum_key", QuorumSamples.list(1, 1025), .outOfRange),
            FieldCase("signature", QuorumSamples.list(1, 1025), .outOfRange),
            FieldCase("signature", "\"0\"", .badEncoding), FieldCase("signature", "null", .wrongType),
            FieldCase("attestation_doc", "[]", .unknownField),
        ])
    func wrongInjection(_ example: FieldCase) {
        expect(example) { () throws(RequestError) in _ = try inject(example.changes) }
    }
}
