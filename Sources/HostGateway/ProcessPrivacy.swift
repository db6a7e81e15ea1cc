// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux

/// What keeps a phrase that passes through the gateway from staying behind on the disk or being read by a neighbour.
package enum ProcessPrivacy {
    /// Forbids core files and memory dumps.
    ///
    /// - Returns: false where the kernel refused.
    package static func apply() -> Bool {
        renclave_default_crash_signals()
        return renclave_forbid_core_files() == 0 && renclave_set_undumpable() == 0 && renclave_is_dumpable() == 0
    }
}
