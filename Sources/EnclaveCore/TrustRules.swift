// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What must be proven before the enclave trusts: the rules that production has and development does without.
package struct TrustRules: Equatable, Sendable {
    /// Shares come sealed to the enclave's own key and approved by their member; QuorumOS's approval of the manifest's
    /// hash alone does not count.
    package let requiresSealedShares: Bool

    /// A manifest is booted only with the commitments to its shares.
    package let requiresCommitments: Bool

    /// The manifest set's threshold approved the manifest before a key is rebuilt.
    package let requiresApprovals: Bool

    /// A manifest that is held is never replaced by another one; the enclave has to be started anew.
    package let fixesManifest: Bool

    /// A document is fresh only if it answers a challenge of this enclave.
    package let requiresChallenge: Bool

    /// The quorum key goes to no enclave in debug mode, whose memory can be read: PCR0 to PCR2 are zero there.
    package let refusesDebugEnclaves: Bool

    /// The quorum key goes only to an enclave of this one's own instance role, and this one has one: PCR3.
    package let requiresRole: Bool

    /// Derived seeds are answered only to a key of the caller.
    package let sealsDerivedSeeds: Bool

    /// None of them.
    package static let development = TrustRules(all: false)

    /// All of them.
    package static let production = TrustRules(all: true)

    /// These, and all that can be kept without hardware, which alone gives an instance a role. None gets looser.
    package var rehearsingProduction: TrustRules { TrustRules(all: true, requiresRole: requiresRole) }

    private init(all: Bool) {
        self.init(all: all, requiresRole: all)
    }

    private init(all: Bool, requiresRole: Bool) {
        requiresSealedShares = all
        requiresCommitments = all
        requiresApprovals = all
        fixesManifest = all
        requiresChallenge = all
        refusesDebugEnclaves = all
        self.requiresRole = requiresRole
        sealsDerivedSeeds = all
    }
}
