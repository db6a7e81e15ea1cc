// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EnclaveCore
package import ProcessStart
import SecretMemory
import Settings

/// Why an enclave does not start: one sentence that says what to do, and the exit code.
package struct StartFailure: Error {
    let message: String
    let status: ExitStatus

    package init(_ message: String, _ status: ExitStatus) {
        self.message = message
        self.status = status
    }

    init(_ failure: EnclaveSocket.Failure, path: String) {
        switch failure {
        case .pathTooLong:
            self.init("ENCLAVE_SOCKET \(path) is too long for a Unix socket (107 bytes)", .misuse)
        case .directoryUnusable(let errno):
            self.init("the directory of \(path) cannot be used: \(SystemError(errno))", .socketBlocked)
        case .directoryUnsafe:
            self.init(
                "the directory of \(path) must belong to this user or to root, and others must not be able to write to "
                    + "it (or it must be sticky, as /tmp is)",
                .notPermitted
            )
        case .lockUnsafe:
            self.init("\(path).lock is not a plain file of this user; it was left alone", .notPermitted)
        case .notPermitted(let errno):
            self.init("creating \(path) or \(path).lock is not permitted: \(SystemError(errno))", .notPermitted)
        case .alreadyServed:
            self.init("another enclave is alive on \(path); stop it, or set another ENCLAVE_SOCKET", .alreadyServed)
        case .notASocket:
            self.init("\(path) exists and is no socket; it was left alone", .socketBlocked)
        case .foreignOwner(let uid):
            self.init("\(path) is a socket of uid \(uid), not of this user; it was left alone", .notPermitted)
        case .failed(let errno):
            self.init("listening on \(path) failed: \(SystemError(errno))", .socketBlocked)
        }
    }

    init(_ failure: ProcessProtection.Failure) {
        switch failure {
        case .unknownUser:
            self.init("ENCLAVE_USER names no user of this machine", .misuse)
        case .unknownGroup:
            self.init("ENCLAVE_SOCKET_GROUP names no group of this machine", .misuse)
        case .userNotChanged(let errno):
            self.init("becoming ENCLAVE_USER failed (it needs root at the start): \(SystemError(errno))", .notPermitted)
        case .dumpable:
            self.init("core files and memory dumps of this process could not be forbidden", .protectionMissing)
        case .newPrivileges(let errno):
            self.init("no_new_privs was refused: \(SystemError(errno))", .protectionMissing)
        case .standardInput:
            self.init("standard input could not be closed", .internalFailure)
        case .library:
            self.init("libsodium or libcrypto did not start", .internalFailure)
        }
    }

    init(notLocked bytes: Int, errno: Int32) {
        self.init(
            "\(bytes / 1024) KiB of memory could not be locked (\(SystemError(errno))): raise the limit on locked "
                + "memory, as with `ulimit -l 16384` or LimitMEMLOCK=16M",
            .protectionMissing
        )
    }

    init(_ failure: SecretMemoryError) {
        if case .notLocked(let bytes, let errno) = failure {
            self.init(notLocked: bytes, errno: errno)
        } else {
            self.init("memory for secrets could not be divided", .internalFailure)
        }
    }
}
