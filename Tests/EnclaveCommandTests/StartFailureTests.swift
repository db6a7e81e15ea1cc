// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EnclaveCore
import Glibc
import ProcessStart
import SecretMemory
import Testing

@testable import EnclaveCommand

@Suite("starts that fail")
struct StartFailureTests {
    @Test(
        "what stands at the socket's path decides the exit code",
        arguments: [
            (.pathTooLong, 2), (.directoryUnusable(errno: ENOENT), 73), (.directoryUnsafe, 77), (.lockUnsafe, 77),
            (.notPermitted(errno: EACCES), 77), (.alreadyServed, 75), (.notASocket, 73), (.foreignOwner(uid: 5), 77),
            (.failed(errno: EINVAL), 73),
        ] as [(EnclaveSocket.Failure, Int32)])
    func socket(failure: EnclaveSocket.Failure, status: Int32) {
        let start = StartFailure(failure, path: "/run/e.sock")
        #expect(start.status.rawValue == status)
        #expect(start.message.contains("/run/e.sock"))
    }

    @Test(
        "what the process could not be protected by decides the exit code",
        arguments: [
            (.unknownUser, 2), (.unknownGroup, 2), (.userNotChanged(errno: EPERM), 77), (.dumpable, 71),
            (.newPrivileges(errno: EINVAL), 71), (.standardInput, 70), (.library, 70),
        ] as [(ProcessProtection.Failure, Int32)])
    func protection(failure: ProcessProtection.Failure, status: Int32) {
        #expect(StartFailure(failure).status.rawValue == status)
    }

    @Test("memory that cannot be locked tells what to raise")
    func memory() {
        let start = StartFailure(SecretMemoryError.notLocked(bytes: 655_360, errno: ENOMEM))
        #expect(start.status.rawValue == 71)
        #expect(start.message.hasPrefix("640 KiB of memory could not be locked"))
        #expect(start.message.contains("ulimit -l"))
        #expect(StartFailure(SecretMemoryError.exhausted).status.rawValue == 70)
        #expect(StartFailure(SecretMemoryError.tooLarge).status.rawValue == 70)
    }
}
