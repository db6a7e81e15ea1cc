// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What vouches for an enclave: a Nitro Security Module, or what stands in for one.
package protocol SecurityModule: AnyObject, Sendable {
    /// The certificate of the root under which its documents are signed, DER.
    var rootCertificate: [UInt8] { get }

    /// The value of a register (PCR), 48 bytes.
    func register(_ index: Int) throws(SecurityModuleError) -> [UInt8]

    /// Extends each of some registers that are zero, in the order given, and locks all of them.
    ///
    /// Where the module is one that starts its registers anew at each boot instruction, they need not be zero.
    ///
    /// - Parameter extensions: indices above 15, and what each is extended by, 48 bytes.
    func commit(_ extensions: [(register: Int, data: [UInt8])]) throws(SecurityModuleError)

    /// Makes a document.
    ///
    /// - Parameters:
    ///   - userData: at most 512 bytes.
    ///   - nonce: at most 512 bytes.
    ///   - publicKey: 1 to 1024 bytes.
    /// - Returns: COSE_Sign1 in CBOR, as a Nitro Security Module makes it.
    func attest(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> [UInt8]

    /// Milliseconds since 1970, UTC; never less than what it gave before.
    func milliseconds() throws(SecurityModuleError) -> Int64

    /// Random bytes of the module's own, at least 32, to be mixed with the kernel's; `nil` where it has none.
    func randomBytes() throws(SecurityModuleError) -> [UInt8]?
}

/// Why a security module did not do what was asked of it.
package enum SecurityModuleError: Error, Equatable, Sendable {
    /// There is none, or it cannot be opened.
    case absent
    /// It does not work as such a module does: its digest, its number of registers, or the form of an answer.
    case unfit
    /// It refused, with its own word for why.
    case refused(Refusal)
    /// A register that was to be committed to is not zero, or is locked.
    case registerInUse(Int)
    /// A signature or a random value could not be made.
    case failed

    /// The errors of the Nitro Security Module's interface.
    package enum Refusal: String, Sendable {
        case invalidArgument = "InvalidArgument"
        case invalidIndex = "InvalidIndex"
        case invalidResponse = "InvalidResponse"
        case readOnlyIndex = "ReadOnlyIndex"
        case invalidOperation = "InvalidOperation"
        case bufferTooSmall = "BufferTooSmall"
        case inputTooLarge = "InputTooLarge"
        case internalError = "InternalError"
    }
}
