// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

extension QuorumKeyPair {
    /// Bytes that two holders share exactly if they hold the same key for the same namespace name, and that tell
    /// nothing of it: HKDF-SHA512(salt `renclave_key_check_v1`, master seed, info = u32 length ‖ name, 8 bytes).
    package func keyCheck(namespaceName: String) -> [UInt8] {
        var info = BorshWriter()
        info.string(namespaceName)
        var check = [UInt8](repeating: 0, count: 8)
        withSeed { seed in
            var output = check.mutableSpan
            HKDFSHA512.derive(
                salt: Array("renclave_key_check_v1".utf8), secret: seed, info: info.bytes, into: &output)
        }
        return check
    }
}
