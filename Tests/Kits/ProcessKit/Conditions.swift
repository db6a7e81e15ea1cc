// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Waits until a condition holds, looking every few milliseconds.
///
/// - Parameters:
///   - condition: what is waited for, for the message.
///   - seconds: the bound; generous, since it is spent only where something is wrong.
///   - found: what to show where it did not come true, such as a log.
///   - holds: looked at again and again; an error it throws counts as "not yet".
/// - Throws: ``ProcessKitError/unmet(condition:found:)``.
package func wait(
    until condition: String,
    within seconds: Int = 20,
    found: () -> String = { "" },
    _ holds: () throws -> Bool
) throws(ProcessKitError) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    repeat {
        if (try? holds()) == true { return }
        usleep(5000)
    } while ContinuousClock.now < deadline
    throw .unmet(condition: condition, found: found())
}
