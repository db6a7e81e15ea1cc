// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
import Primitives
import Synchronization

/// The Nitro Security Module of an enclave on AWS.
///
/// It is the hypervisor's, so what it says is as good as the root that its documents lead to. Still nothing of an
/// answer is taken for granted: one of another form than AWS publishes is an error.
package final class NitroSecurityModule: SecurityModule {
    /// How many registers it must have: those that documents can list.
    static let registerCount = 32
    /// The registers that are measured at the start and locked from then on.
    private static let measuredCount = 16
    /// The fewest random bytes that are taken.
    private static let randomByteCount = 32
    /// The version of the interface that this is written for.
    private static let majorVersion = 1

    package let rootCertificate: [UInt8]

    private let client: NSMClient
    /// Registers 0 to 15.
    private let measured: [[UInt8]]
    /// Milliseconds since 1970: the latest that was given.
    private let instant = Mutex<Int64>(0)

    /// Opens the module's device.
    ///
    /// - Throws: `absent` where there is none; else as the other initializer.
    package convenience init(opening path: String = "/dev/nsm") throws(SecurityModuleError) {
        let device = try NSMCharacterDevice(opening: path)
        try self.init(device)
    }

    /// Looks at a module: what it is, registers 0 to 15, and a document, for the root that it leads to.
    ///
    /// - Throws: `unfit` where it has another interface, another digest than SHA-384, fewer than 32 registers, or one
    ///   below 16 that is not locked; `refused`; what the device throws.
    package init(_ device: any NSMDevice) throws(SecurityModuleError) {
        client = NSMClient(device: device)
        let description = try client.describe()
        guard description.majorVersion == Self.majorVersion, description.registerCount >= Self.registerCount else {
            throw .unfit
        }
        var measured: [[UInt8]] = []
        for index in 0..<Self.measuredCount {
            let register = try client.register(index)
            guard register.isLocked, description.lockedRegisters.contains(UInt16(index)) else { throw .unfit }
            measured.append(register.value)
        }
        self.measured = measured
        let document = try client.attest(userData: nil, nonce: nil, publicKey: nil).document
        // A document has at least one.
        guard let root = document.certificateBundle.first else { throw .unfit }
        rootCertificate = root
    }

    /// What the module tells of a register.
    ///
    /// - Throws: ``SecurityModuleError``.
    package func register(_ index: Int) throws(SecurityModuleError) -> [UInt8] {
        // What is locked stays as it was read.
        if measured.indices.contains(index) { return measured[index] }
        return try client.register(index).value
    }

    /// Extends registers that are zero, and locks all 32.
    ///
    /// Nothing is changed where one of them is in use. Where the module fails on the way, what was done stays done, and
    /// no commitment can be made until the enclave is started again.
    ///
    /// - Throws: `registerInUse`; `unfit` where a register is afterwards another than it must be; `refused`; what the
    ///   device throws.
    package func commit(_ extensions: [(register: Int, data: [UInt8])]) throws(SecurityModuleError) {
        let zero = [UInt8](repeating: 0, count: SHA384.byteCount)
        for (index, _) in extensions {
            let register = try client.register(index)
            guard register == NSMRegister(value: zero, isLocked: false) else { throw .registerInUse(index) }
        }
        for (index, data) in extensions {
            let value = try client.extend(index, by: data)
            guard value == SHA384.digest(zero + data) else { throw .unfit }
        }
        try client.lock(below: Self.registerCount)
        for (index, data) in extensions {
            let register = try client.register(index)
            guard register == NSMRegister(value: SHA384.digest(zero + data), isLocked: true) else { throw .unfit }
        }
    }

    /// Asks the module for a document, and compares it with what was asked for.
    ///
    /// - Throws: ``SecurityModuleError``.
    package func attest(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> [UInt8] {
        try client.attest(userData: userData, nonce: nonce, publicKey: publicKey).bytes
    }

    /// The time of a document that is made for this: the module has no other clock.
    package func milliseconds() throws(SecurityModuleError) -> Int64 {
        let document = try client.attest(userData: nil, nonce: nil, publicKey: nil).document
        guard let timestamp = Int64(exactly: document.timestamp) else { throw .unfit }
        return instant.withLock { instant in
            instant = max(instant, timestamp)
            return instant
        }
    }

    /// Random bytes of the module.
    ///
    /// - Throws: `unfit` for fewer than 32; `failed` where all are equal.
    package func randomBytes() throws(SecurityModuleError) -> [UInt8]? {
        let bytes = try client.random()
        guard bytes.count >= Self.randomByteCount else { throw .unfit }
        guard Set(bytes).count > 1 else { throw .failed }
        return bytes
    }
}

extension NSMClient {
    /// Makes a document and reads it again.
    ///
    /// - Throws: `unfit` where it is none, or does not say what it was to say.
    fileprivate func attest(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> (bytes: [UInt8], document: AttestationDocument) {
        let bytes = try document(userData: userData, nonce: nonce, publicKey: publicKey)
        // Nothing and no bytes are the same to some modules.
        guard let document = try? AttestationDocument(parsing: bytes),
            (document.userData ?? []) == (userData ?? []), (document.nonce ?? []) == (nonce ?? []),
            document.publicKey == publicKey
        else { throw .unfit }
        return (bytes, document)
    }
}
