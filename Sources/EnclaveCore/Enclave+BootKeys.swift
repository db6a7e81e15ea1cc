// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Protocol
import Quorum
import SecretMemory

extension Enclave {
    /// The keys for a boot instruction, not yet bound to anything.
    ///
    /// - Throws: what the machine could not do.
    func makeBootKeys() throws(EnclaveError) -> (keys: BootKeys, setup: QuorumKeyPair) {
        do throws(QuorumError) {
            let setup = try QuorumKeyPair.generate(from: entropy, memory: .arena(arena))
            let live = try QuorumKeyPair.generate(from: entropy, memory: .arena(arena))
            return (BootKeys(setup: setup, live: live), setup)
        } catch {
            throw EnclaveError(lower: error)
        }
    }

    /// What is written to the registers for a boot instruction, so that every document binds its key to the manifest.
    static func commitments(of keys: BootKeys, to manifestHash: [UInt8]) -> [(register: Int, data: [UInt8])] {
        let pairs: [(ManifestCommitment, QuorumKeyPair?)] = [(.setup, keys.setup), (.live, keys.live)]
        return pairs.compactMap { commitment, key in
            key.map { key in
                (
                    register: commitment.register,
                    data: commitment.commitment(manifestHash: manifestHash, ephemeralKey: key.publicKey.bytes)
                )
            }
        }
    }

    /// Takes a manifest and its keys into a state: enters its phase, and binds the keys in the registers.
    ///
    /// The registers come last of all that can fail, for a module cannot take them back.
    ///
    /// - Parameter holdings: with manifest and keys.
    /// - Throws: ``EnclaveError/Reason/internalFailure`` where the module refuses; the state is then as it was.
    func adopt(
        _ holdings: Holdings,
        entering phases: [Phase]
    ) throws(EnclaveError) -> @Sendable (inout State, Int64) throws(EnclaveError) -> Void {
        guard let keys = holdings.bootKeys, let hash = holdings.manifest?.checked.hash else {
            throw EnclaveError(.internalFailure)
        }
        let commitments = Self.commitments(of: keys, to: hash)
        return { [module] state, now throws(EnclaveError) in
            for phase in phases { try state.machine.enter(phase, at: now) }
            do throws(SecurityModuleError) {
                try module.commit(commitments)
            } catch {
                throw EnclaveError(module: error)
            }
            state.holdings = holdings
        }
    }
}
