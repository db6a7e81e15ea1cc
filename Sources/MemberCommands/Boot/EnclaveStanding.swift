// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// How far an enclave has come on the way to a quorum key.
struct EnclaveStanding: Decodable, Sendable {
    /// What the gateway tells, whatever that is.
    private let toldState: String
    /// 32 bytes; absent where it has none.
    let manifestHash: [UInt8]?
    private let fingerprint: String?
    private let keyCheck: String?

    private enum CodingKeys: String, CodingKey {
        case toldState = "state"
        case manifestHash = "manifest_hash"
        case fingerprint = "quorum_key_fingerprint"
        case keyCheck = "key_check"
    }

    /// The name of the state; anything that is none is in quotation marks, and cut.
    var state: String { isKnown ? toldState : quotedState }

    /// The same, always in quotation marks.
    var quotedState: String {
        let beginning = toldState.cut(toScalars: Self.widest)
        return beginning.quoted + (beginning.utf8.count < toldState.utf8.count ? "…" : "")
    }

    /// No state has a longer name.
    private static let widest = 32

    private var isKnown: Bool {
        Phase.allCases.contains { $0.rawValue.utf8.elementsEqual(toldState.utf8) }
    }

    /// Whether fingerprint and key check have the form of one, where they are there.
    private var isSound: Bool {
        (fingerprint.map { Self.isHex($0, count: 64) } ?? true) && (keyCheck.map { Self.isHex($0, count: 16) } ?? true)
    }

    /// Whether a text is so many hexadecimal digits in lower case.
    private static func isHex(_ text: String, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// What it says of its key, where it has one: an enclave that waits knows only which one it waits for.
    var key: EnclaveKeyReport? {
        guard let fingerprint, let keyCheck else { return nil }
        return EnclaveKeyReport(state: state, fingerprint: fingerprint, keyCheck: keyCheck)
    }

    /// Asks for it.
    ///
    /// - Throws: ``CommandFailure`` also where a fingerprint or a key check is none.
    static func ask(_ client: GatewayClient) async throws(CommandFailure) -> EnclaveStanding {
        let answer = try await client.get("/enclave/info")
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        guard let standing = answer.decoded(as: EnclaveStanding.self), standing.isSound else {
            throw answer.notUnderstood(from: client.address)
        }
        return standing
    }
}
