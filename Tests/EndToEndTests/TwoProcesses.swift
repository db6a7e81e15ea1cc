// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

/// Everything that runs the two executables over their real socket. One test at a time: each may start several
/// processes, and what they are held to must not depend on how busy the machine is.
@Suite("the two processes", .serialized)
enum TwoProcesses {}
