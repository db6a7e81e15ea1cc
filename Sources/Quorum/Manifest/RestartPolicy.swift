// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Whether the application is started again after it has ended.
package enum RestartPolicy: String, Equatable, Sendable {
    case never = "Never"
    case always = "Always"
}
