// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A quorum key that an enclave holds, as far as it can be told from others.
struct FleetKey: Equatable, Sendable {
    /// SHA-256 of the public key in lower-case hexadecimal.
    let fingerprint: String
    /// 8 bytes in lower-case hexadecimal that are equal exactly where the same key is held.
    let keyCheck: String

    /// What of a fleet must be equal.
    enum Expectation: Equatable, Sendable {
        /// This fingerprint, in lower case, and one key check.
        case pinned(fingerprint: String)
        /// The same key wherever one is held.
        case any
    }
}

extension FleetKey.Expectation {
    /// Compares the keys of a fleet.
    ///
    /// Without an expected one, they are compared with the first that is held.
    ///
    /// - Parameter keys: in the order of the gateways; nil where none is held or known.
    /// - Returns: whether each is the one; nil where there is none.
    func isMet(by keys: [FleetKey?]) -> [Bool?] {
        let reference = reference(of: keys)
        return keys.map { key in
            guard let key else { return nil }
            return key == reference
        }
    }

    /// The key that all are compared with; nil where none is held that could be.
    private func reference(of keys: [FleetKey?]) -> FleetKey? {
        let held = keys.compactMap { $0 }
        switch self {
        case .any: return held.first
        case .pinned(let fingerprint): return held.first { $0.fingerprint.utf8.elementsEqual(fingerprint.utf8) }
        }
    }
}
