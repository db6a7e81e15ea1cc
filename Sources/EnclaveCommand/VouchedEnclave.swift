// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EnclaveCore
import Primitives
import ProcessStart
import Protocol
import Quorum

/// What an enclave is, and who says so.
struct VouchedEnclave {
    let applicationHash: ApplicationHash
    let module: any SecurityModule
    let measurements: Measurements

    /// Measures the executable, and has the provider vouch for it.
    ///
    /// - Throws: ``StartFailure`` where the provider cannot, has another root than the policy trusts, or has measured
    ///   an enclave in debug mode where the policy refuses such.
    init(
        _ policy: EnclavePolicy,
        rootFile: String?,
        _ vouching: EnclaveProcess.Vouching
    ) throws(StartFailure) {
        guard let applicationHash = ApplicationHash.ofRunningExecutable() else {
            throw StartFailure("the running executable could not be read", .internalFailure)
        }
        let module = try vouching(applicationHash, policy, rootFile)
        if let root = policy.trustedRoot, RootFingerprint(ofCertificate: module.rootCertificate) != root {
            throw StartFailure("the security module is attested by a root that is not trusted", .protectionMissing)
        }
        self.applicationHash = applicationHash
        self.module = module
        measurements = try Self.measurements(of: module)
        guard !policy.rules.refusesDebugEnclaves || !measurements.isOfDebugMode else {
            throw StartFailure("this enclave is in debug mode: its memory can be read", .protectionMissing)
        }
    }

    private static func measurements(of module: any SecurityModule) throws(StartFailure) -> Measurements {
        do {
            return Measurements(
                pcr0: try module.register(0),
                pcr1: try module.register(1),
                pcr2: try module.register(2),
                pcr3: try module.register(3),
                rootCertificate: module.rootCertificate
            )
        } catch {
            throw StartFailure("the security module does not tell its registers", .protectionMissing)
        }
    }

    /// The kernel's random bytes, mixed with the module's where it has such.
    ///
    /// - Throws: ``StartFailure`` where it should and cannot.
    func entropySource() throws(StartFailure) -> EntropySource {
        do {
            guard try module.randomBytes() != nil else { return EntropySource() }
        } catch {
            throw StartFailure("the security module gives no random bytes", .protectionMissing)
        }
        return EntropySource(second: { [module] () throws(PrimitiveError) in
            do throws(SecurityModuleError) {
                if let bytes = try module.randomBytes() { return bytes }
            } catch {
                throw .entropyFailed
            }
            throw .entropyFailed
        })
    }

    /// What tells the time, in milliseconds since 1970: in development the host's clock, which the host can set; in
    /// production the security module's at the start, and from then on what nobody can set.
    ///
    /// - Throws: ``StartFailure`` where the module does not tell.
    func clock(_ policy: EnclavePolicy) throws(StartFailure) -> @Sendable () -> Int64 {
        guard policy.mode == .production else { return { WallClock.milliseconds() } }
        do {
            let start = try module.milliseconds() - WallClock.uptimeMilliseconds()
            return { start + WallClock.uptimeMilliseconds() }
        } catch {
            throw StartFailure("the security module does not tell the time", .protectionMissing)
        }
    }

    /// The text that a question asks for, with its line feeds.
    func answer(_ question: EnclaveFlags.Question) throws(StartFailure) -> String {
        switch question {
        case .measurements:
            measurements.registers.prefix(3).enumerated()
                .map { "\(Hex.encode($1)) PCR\($0)\n" }.joined()
        case .attestationRoot:
            RootCertificateFile.pem(of: measurements.rootCertificate)
        }
    }
}

extension Measurements {
    /// Whether a register is zero that only debug mode leaves so.
    fileprivate var isOfDebugMode: Bool {
        registers.prefix(3).contains { $0.allSatisfy { $0 == 0 } }
    }
}
