// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

private typealias Samples = QuorumSamples

@Suite("what is asked of an attestation document")
struct AttestationBodyTests {
    private func request(_ json: String) throws(RequestError) -> AttestationRequest {
        try AttestationRequest(ByteBuffer(string: json))
    }

    private static let register = QuorumSamples.list(7, 48)
    private static let zeros = QuorumSamples.list(0, 48)

    @Test(
        "what is not said is not expected",
        arguments: [
            "", "{}", "{\"manifest_hash\":[]}", "{\"manifest_hash\":\"\"}",
            "{\"manifest_hash\":\(QuorumSamples.list(0, 32))}",
            "{\"manifest_hash\":\"\(String(repeating: "00", count: 32))\"}",
        ])
    func nothing(json: String) throws {
        #expect(try request(json) == AttestationRequest(manifestHash: nil, registers: [], nonce: nil))
    }

    @Test("a manifest hash and a nonce are passed on, an empty nonce too")
    func hashAndNonce() throws {
        var hash = Samples.bytes(0, 32)
        hash[31] = 1
        #expect(try request("{\"manifest_hash\":\(hash)}").manifestHash == hash)
        #expect(try request("{\"nonce\":[]}").nonce == [])
        #expect(try request("{\"nonce\":\"00ff\"}").nonce == [0, 255])
        #expect(try request("{\"nonce\":\(Samples.list(3, 512))}").nonce == Samples.bytes(3, 512))
    }

    @Test(
        "registers come as a list or by name, always four, and empty where nothing is expected",
        arguments: [
            ("{\"pcr_values\":[[],[],[],[]]}", [0, 0, 0, 0]), ("{\"pcr_values\":[[],\"\",[],[]]}", [0, 0, 0, 0]),
            ("{\"pcr_values\":[\(register),[],[],\(register)]}", [48, 0, 0, 48]),
            ("{\"pcr_values\":[\"\(String(repeating: "07", count: 48))\",[],[],[]]}", [48, 0, 0, 0]),
            ("{\"pcr0\":[]}", [0, 0, 0, 0]), ("{\"pcr3\":\(register)}", [0, 0, 0, 48]),
            (
                "{\"pcr2\":\"base64:\(String(repeating: "BwcH", count: 16))\",\"pcr0\":\(register)}",
                [48, 0, 48, 0]
            ),
            ("{\"pcr0\":[],\"pcr1\":[],\"pcr2\":[],\"pcr3\":[]}", [0, 0, 0, 0]),
        ])
    func registers(json: String, counts: [Int]) throws {
        #expect(try request(json).registers == counts.map { Samples.bytes(7, $0) })
    }

    @Test("a register of zeros is an expectation: it is that of an enclave in debug mode")
    func zeros() throws {
        #expect(try request("{\"pcr0\":\(Self.zeros)}").registers == [Samples.bytes(0, 48), [], [], []])
    }

    @Test(
        "a wrong field is named",
        arguments: [
            ("{\"manifest_hash\":\(QuorumSamples.list(1, 31))}", .outOfRange, "manifest_hash"),
            ("{\"manifest_hash\":\(QuorumSamples.list(1, 33))}", .outOfRange, "manifest_hash"),
            ("{\"manifest_hash\":[1]}", .outOfRange, "manifest_hash"),
            ("{\"manifest_hash\":null}", .wrongType, "manifest_hash"),
            ("{\"manifest_hash\":\"0\"}", .badEncoding, "manifest_hash"),
            ("{\"nonce\":\(QuorumSamples.list(1, 513))}", .outOfRange, "nonce"),
            ("{\"nonce\":1}", .wrongType, "nonce"),
            ("{\"pcr_values\":{}}", .wrongType, "pcr_values"), ("{\"pcr_values\":null}", .wrongType, "pcr_values"),
            ("{\"pcr_values\":[]}", .outOfRange, "pcr_values"),
            ("{\"pcr_values\":[[],[],[]]}", .outOfRange, "pcr_values"),
            ("{\"pcr_values\":[[],[],[],[],[]]}", .outOfRange, "pcr_values"),
            ("{\"pcr_values\":[[],[1],[],[]]}", .outOfRange, "pcr_values[1]"),
            ("{\"pcr_values\":[[],[],[],\(QuorumSamples.list(1, 49))]}", .outOfRange, "pcr_values[3]"),
            ("{\"pcr_values\":[[],[],{},[]]}", .wrongType, "pcr_values[2]"),
            ("{\"pcr_values\":[\"x0\",[],[],[]]}", .badEncoding, "pcr_values[0]"),
            ("{\"pcr_values\":[[256],[],[],[]]}", .badEncoding, "pcr_values[0]"),
            ("{\"pcr_values\":[[0.5],[],[],[]]}", .wrongType, "pcr_values[0]"),
            ("{\"pcr1\":\(QuorumSamples.list(1, 47))}", .outOfRange, "pcr1"),
            ("{\"pcr2\":true}", .wrongType, "pcr2"), ("{\"pcr4\":[]}", .unknownField, "pcr4"),
            ("{\"user_data\":[]}", .unknownField, "user_data"),
        ] as [(String, RequestError.Reason, String)])
    func wrongField(json: String, reason: RequestError.Reason, field: String) {
        let error = #expect(throws: RequestError.self) { try request(json) }
        #expect(error?.reason == reason)
        #expect(error?.field == field)
    }

    @Test("one length is said where there is one, however wrong the length is")
    func lengths() {
        for count in [1, 31, 33, 1000] {
            #expect(throws: RequestError.outOfRange("manifest_hash", expected: "32 bytes, or none")) {
                try request("{\"manifest_hash\":\(Samples.list(1, count))}")
            }
        }
    }

    @Test("the list and a name together say the same thing twice", arguments: ["pcr0", "pcr1", "pcr2", "pcr3"])
    func both(name: String) {
        for value in ["[]", Self.register] {
            #expect(
                throws: RequestError(
                    .outOfRange, field: name,
                    message: "The field \"\(name)\" cannot stand beside \"pcr_values\".")
            ) { try request("{\"\(name)\":\(value),\"pcr_values\":[[],[],[],[]]}") }
        }
    }
}
