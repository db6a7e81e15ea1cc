// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Settings

// What is read of a peer's answers. They are written by others: bounded before they come here, and read as strictly as
// requests are, but for fields that a later version may have.

/// What a peer says of its enclave.
struct PeerInformation: Equatable, Sendable {
    /// 16 bytes.
    let enclaveIdentifier: [UInt8]
    /// Nil for a state that is not known here.
    let phase: Phase?
    /// 32 bytes, where the peer knows a manifest.
    let fingerprint: [UInt8]?

    /// Reads the answer of `GET /enclave/info`.
    ///
    /// - Throws: ``JoinFailure/Cause/badAnswer``.
    init(_ answer: ByteBuffer) throws(JoinFailure.Cause) {
        do throws(RequestError) {
            let body = try JSONBody(answer, reading: ["enclave_id", "state", "quorum_key_fingerprint"])
            let identifier = try body.required("enclave_id", body.digits("enclave_id", byteCount: 16))
            let state = try body.required("state", body.string("state"))
            enclaveIdentifier = identifier
            phase = Phase.allCases.first { $0.rawValue.utf8.elementsEqual(state.utf8) }
            fingerprint = try body.digits("quorum_key_fingerprint", byteCount: 32)
        } catch {
            throw .badAnswer
        }
    }
}

/// What is read of the answers of the other calls.
enum PeerAnswer {
    /// The answer of `GET /enclave/manifest`, as a client brings it to another enclave.
    ///
    /// - Throws: ``JoinFailure/Cause/badAnswer``.
    static func manifest(_ answer: ByteBuffer) throws(JoinFailure.Cause) -> ShareManifestRequest {
        do throws(RequestError) {
            return try ShareManifestRequest(in: JSONBody(answer, reading: ShareManifestRequest.fields))
        } catch {
            throw .badAnswer
        }
    }

    /// The nonce in the answer of `POST /enclave/export-challenge`, 32 bytes.
    ///
    /// - Throws: ``JoinFailure/Cause/badAnswer``.
    static func challenge(_ answer: ByteBuffer) throws(JoinFailure.Cause) -> [UInt8] {
        do throws(RequestError) {
            return try result("ExportChallengeResponse", of: answer, reading: ["nonce"]).bytes("nonce", exactly: 32)
        } catch {
            throw .badAnswer
        }
    }

    /// The answer of `POST /enclave/export-key`, as a client brings it to the other enclave.
    ///
    /// - Throws: ``JoinFailure/Cause/badAnswer``.
    static func exportedKey(_ answer: ByteBuffer) throws(JoinFailure.Cause) -> InjectKeyRequest {
        do throws(RequestError) {
            return try InjectKeyRequest(
                in: result("ExportKeyResponse", of: answer, reading: InjectKeyRequest.fields))
        } catch {
            throw .badAnswer
        }
    }

    /// The reason of a refusal, where it is a word that may be logged.
    static func reason(_ answer: ByteBuffer) -> String? {
        guard let reason = try? JSONBody(answer, reading: ["reason"]).string("reason") else { return nil }
        let isWord =
            (1...64).contains(reason.utf8.count)
            && reason.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
            }
        return isWord ? reason : nil
    }

    /// The result in a wrapped answer.
    private static func result(
        _ name: String,
        of answer: ByteBuffer,
        reading fields: [String]
    ) throws(RequestError) -> JSONBody {
        let body = try JSONBody(answer, reading: ["result"])
        let result = try body.required("result", body.fields("result", allowing: [name]))
        return try result.required(name, result.fields(name, allowing: fields))
    }
}

extension JSONBody {
    /// The bytes of a field in hexadecimal digits, nil when absent. Throws `wrong_type` or `out_of_range`.
    fileprivate func digits(_ name: String, byteCount: Int) throws(RequestError) -> [UInt8]? {
        guard let text = try string(name) else { return nil }
        guard let bytes = SettingText.hex(text, byteCount: byteCount) else {
            throw .outOfRange(path(name), expected: "\(2 * byteCount) hexadecimal digits")
        }
        return bytes
    }
}
