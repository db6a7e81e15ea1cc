// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// Shares in files, as elements of a call that brings them to an enclave.
struct ShareInjectFiles {
    /// In the order of the files.
    let elements: [JSONValue]
    /// Whether one of them is plain: a secret, for as long as it takes to send it.
    let arePlain: Bool

    /// Reads the files; those of plain shares are warned of where others can read them too.
    ///
    /// - Parameters:
    ///   - names: paths, or `-` for standard input. Errors count the files from 1, since a name may be a secret.
    ///   - sealed: envelopes with their members, each with its approval in a file beside it.
    init(
        reading names: [String],
        sealed: [(name: String, alias: String)] = [],
        in session: CommandSession
    ) throws(CommandFailure) {
        var elements: [JSONValue] = []
        var arePlain = false
        for (index, name) in names.enumerated() {
            guard MemberFiles.isStandardInput(name) || MemberFiles.exists(name) else {
                throw .failed("There is no file \(index + 1) of those named.")
            }
            var bytes = try MemberFiles.read(name, "share \(index + 1)", isNamed: false, in: session)
            defer { bytes.erase() }
            let found = try Self.elements(of: bytes, place: index + 1)
            let isPlain = found.contains { $0.member("decrypted_share") != nil }
            guard !isPlain || bytes.count <= MemberFiles.secretLimit else {
                throw .failed(
                    "File \(index + 1) has plain shares, and is longer than \(MemberFiles.secretLimit) bytes.")
            }
            if isPlain { MemberFiles.warnIfOpenToOthers(name, "share", in: session) }
            arePlain = arePlain || isPlain
            elements += found
        }
        for (name, alias) in sealed { elements.append(try Self.sealedElement(name, alias, in: session)) }
        self.elements = elements
        self.arePlain = arePlain
    }

    /// What `share seal --output` wrote. A share in any other form is a secret here, and is not sent.
    private static func sealedElement(
        _ name: String,
        _ alias: String,
        in session: CommandSession
    ) throws(CommandFailure) -> JSONValue {
        let whose = "sealed share of \(alias.quoted)"
        guard MemberFiles.exists(name) else { throw .failed("There is no file of the \(whose).") }
        let envelope = try MemberFiles.read(name, "sealed share", in: session)
        guard envelope.count == SealedShare.byteCount, Envelope.looksLikeEnvelope(envelope.span) else {
            throw .failed("The \(whose) is not an envelope of \(SealedShare.byteCount) bytes.")
        }
        let approvalName = "\(name).approval"
        guard MemberFiles.exists(approvalName) else {
            throw .failed(
                "The approval of the \(whose) is missing: \(approvalName).",
                hint: "renclave share seal --output writes both."
            )
        }
        let bytes = try MemberFiles.read(approvalName, "approval", in: session)
        guard let approval = try? JSONValue(parsing: bytes), (try? approval.members().count) == 1,
            let signature = try? approval.required("signature").byteArray(count: 64)
        else { throw .failed("The approval of the \(whose) has no signature of 64 bytes.") }
        return .fields([
            "member_alias": .string(alias), "sealed_share": .byteArray(envelope),
            "approval": .fields(["signature": .byteArray(signature)]),
        ])
    }

    private static func elements(of bytes: [UInt8], place: Int) throws(CommandFailure) -> [JSONValue] {
        guard let json = try? JSONValue(parsing: bytes) else { throw .noShare(place) }
        guard case .array(let list) = json else { return [try element(json, place)] }
        guard !list.isEmpty else { throw .noShare(place) }
        return try list.map { (share) throws(CommandFailure) in try element(share, place) }
    }

    /// The same share with the fields that the contract knows, so that nothing else in a file is ever sent.
    private static func element(_ share: JSONValue, _ place: Int) throws(CommandFailure) -> JSONValue {
        guard let alias = share.member("member_alias"), case .string = alias else { throw .noShare(place) }
        let plain = share.member("decrypted_share")
        let sealed = share.member("sealed_share")
        guard (plain == nil) != (sealed == nil) else { throw .noShare(place) }
        guard isBytes(plain ?? sealed), (try? share.members().count) == (share.member("approval") == nil ? 2 : 3) else {
            throw .noShare(place)
        }
        return .fields([
            "member_alias": alias, "decrypted_share": plain, "sealed_share": sealed,
            "approval": share.member("approval"),
        ])
    }

    /// In any of the forms that requests may have.
    private static func isBytes(_ value: JSONValue?) -> Bool {
        (try? value?.requestBytes()) != nil
    }
}

extension CommandFailure {
    fileprivate static func noShare(_ place: Int) -> Self {
        .failed(
            "File \(place) has no share as it is injected.",
            hint: #"{"member_alias":"…","sealed_share":[…],"approval":{"signature":[…]}} is what share seal prints."#
        )
    }
}
