// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension CommandOutput {
    /// Says what no comparison of a genesis can tell: no signature covers which recovery key was used, and whoever
    /// makes the quorum key can sign all the rest.
    func remarkUnvouchedGenesis() {
        remark(
            "Warning: Nothing vouches yet that an enclave made this genesis: its gateway could hide a recovery key, "
                + "or have made the key itself."
        )
    }
}
