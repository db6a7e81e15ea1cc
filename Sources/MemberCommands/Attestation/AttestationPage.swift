// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum

/// What an attestation document says, as a person reads it. Whether it is true is for others to say.
struct AttestationPage {
    private let document: AttestationDocument

    init(_ document: AttestationDocument) {
        self.document = document
    }

    /// Adds everything that the document says.
    func add(to rows: inout LabelledLines) {
        rows.add("Module", document.moduleID.quoted)
        rows.add("Time", Moment(milliseconds: Int64(clamping: document.timestamp)).text)
        rows.add("Digest", document.digest.quoted)
        addRegisters(to: &rows)
        rows.add("User data", Self.words(for: document.userData))
        rows.add("Nonce", Self.words(for: document.nonce))
        rows.add("Public key", Self.words(for: document.publicKey))
        if let bytes = document.publicKey, let key = try? QuorumPublicKey(bytes) {
            rows.addBelow("two points on P-256, fingerprint \(Hex.encode(key.fingerprint))")
        }
        addChain(to: &rows)
    }

    /// The first registers are named by what they measure; the others only where they hold anything.
    private func addRegisters(to rows: inout LabelledLines) {
        let zero = document.registers.keys.filter { $0 > 3 && document.registers[$0]?.isAllZero ?? false }.sorted()
        for index in document.registers.keys.sorted() where !zero.contains(index) {
            guard let value = document.registers[index] else { continue }
            rows.add("PCR\(index)", Hex.encode(value) + Self.remark(on: value, at: index))
        }
        if !zero.isEmpty { rows.add("Zero", "PCR" + zero.map { "\($0)" }.joined(separator: ", ")) }
    }

    private static func remark(on value: [UInt8], at index: Int) -> String {
        guard value.isAllZero else { return "" }
        return index < 3 ? "  ALL ZERO: a debug enclave, into which others can look" : "  all zero: bound to no role"
    }

    private static func words(for bytes: [UInt8]?) -> String {
        guard let bytes else { return "none" }
        return bytes.isEmpty ? "empty" : Hex.encode(bytes)
    }

    private func addChain(to rows: inout LabelledLines) {
        let chain = document.certificateBundle + [document.certificate]
        for (index, certificate) in chain.enumerated() {
            let shown = ShownCertificate(certificate)
            let line = "\(index + 1). \(shown.name)"
            if index == 0 { rows.add("Certificates", line) } else { rows.addBelow(line) }
            for fact in shown.facts { rows.addBelow("   \(fact)") }
        }
    }
}

// MARK: - For scripts

extension AttestationPage {
    /// The members of an object that say the same: bytes in lower-case hexadecimal, `null` for what there is not.
    ///
    /// - Parameter document: nil for one that cannot be read.
    static func json(of document: AttestationDocument?) -> [JSONMember] {
        let registers = document.map { document in
            JSONValue.object(
                document.registers.sorted { $0.key < $1.key }.map { index, value in
                    JSONMember(name: "\(index)", value: .string(Hex.encode(value)))
                })
        }
        return [
            JSONMember(name: "module_id", value: text(document?.moduleID)),
            JSONMember(name: "timestamp", value: document.map { .count($0.timestamp) } ?? .null),
            JSONMember(name: "digest", value: text(document?.digest)),
            JSONMember(name: "pcrs", value: registers ?? .null),
            JSONMember(name: "user_data", value: text((document?.userData).map(Hex.encode))),
            JSONMember(name: "nonce", value: text((document?.nonce).map(Hex.encode))),
            JSONMember(name: "public_key", value: text((document?.publicKey).map(Hex.encode))),
        ]
    }

    private static func text(_ text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }
}
