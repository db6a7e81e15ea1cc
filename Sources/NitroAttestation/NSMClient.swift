// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

/// Asks a Nitro Security Module, and takes only answers to what was asked.
///
/// Each function throws what the device throws, `refused` with the module's own word, or `unfit` for any other answer.
struct NSMClient: Sendable {
    let device: any NSMDevice

    func describe() throws(SecurityModuleError) -> NSMDescription {
        guard case .module(let description) = try ask(.describeModule) else { throw .unfit }
        return description
    }

    func register(_ index: Int) throws(SecurityModuleError) -> NSMRegister {
        guard case .register(let register) = try ask(.describeRegister(try short(index))) else { throw .unfit }
        return register
    }

    /// - Returns: the new value.
    func extend(_ index: Int, by data: [UInt8]) throws(SecurityModuleError) -> [UInt8] {
        guard case .extended(let value) = try ask(.extendRegister(try short(index), data: data)) else { throw .unfit }
        return value
    }

    /// Locks the registers from 0 to the one before `index`.
    func lock(below index: Int) throws(SecurityModuleError) {
        guard case .locked = try ask(.lockRegisters(below: try short(index))) else { throw .unfit }
    }

    func document(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> [UInt8] {
        let request = NSMRequest.attestation(userData: userData, nonce: nonce, publicKey: publicKey)
        guard case .document(let document) = try ask(request) else { throw .unfit }
        return document
    }

    func random() throws(SecurityModuleError) -> [UInt8] {
        guard case .random(let bytes) = try ask(.random) else { throw .unfit }
        return bytes
    }

    private func ask(_ request: NSMRequest) throws(SecurityModuleError) -> NSMAnswer {
        // NSM_REQUEST_MAX_SIZE of linux/nsm.h.
        let request = request.encoded
        guard request.count <= 0x1000 else { throw .refused(.inputTooLarge) }
        let bytes = try device.exchange(request)
        guard let answer = try? NSMAnswer(parsing: bytes) else { throw .unfit }
        if case .refused(let refusal) = answer { throw .refused(refusal) }
        return answer
    }

    private func short(_ index: Int) throws(SecurityModuleError) -> UInt16 {
        guard let index = UInt16(exactly: index) else { throw .refused(.invalidIndex) }
        return index
    }
}
