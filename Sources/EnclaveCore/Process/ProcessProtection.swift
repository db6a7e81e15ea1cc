// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
import Primitives

/// The settings of the process itself, in the order in which they must be made: before any thread and any secret.
package enum ProcessProtection {
    /// What could not be had.
    package enum Failure: Error, Equatable, Sendable {
        /// `ENCLAVE_USER` or `ENCLAVE_SOCKET_GROUP` names nobody.
        case unknownUser
        case unknownGroup
        /// The user could not be changed to (errno).
        case userNotChanged(errno: Int32)
        /// Core files could not be forbidden, or the process stayed dumpable.
        case dumpable
        /// no_new_privs was refused (errno).
        case newPrivileges(errno: Int32)
        /// Standard input could not be closed.
        case standardInput
        /// libsodium or libcrypto did not start.
        case library
    }

    /// Who the process is to become.
    package struct User: Equatable, Sendable {
        package let uid: UInt32
        package let gid: UInt32
    }

    /// Looks a user up by name or number.
    package static func user(_ name: String) throws(Failure) -> User {
        if let number = UInt32(name) { return User(uid: number, gid: number) }
        guard let user = UserDatabase.user(named: name) else { throw .unknownUser }
        return user
    }

    /// Looks a group up by name or number.
    package static func group(_ name: String) throws(Failure) -> UInt32 {
        if let number = UInt32(name) { return number }
        guard let number = UserDatabase.group(named: name) else { throw .unknownGroup }
        return number
    }

    /// Raises limits, gives up root, and closes what others could look in by.
    ///
    /// - Parameters:
    ///   - user: `nil` to stay who the process is.
    ///   - socketGroup: kept as the only supplementary group, so that the socket can be given to it.
    package static func apply(user: User?, socketGroup: UInt32?) throws(Failure) {
        renclave_default_crash_signals()
        var lockable = 0
        // What the limit is shows when memory is locked; that is checked, and is where a refusal is told.
        unsafe _ = renclave_raise_locked_memory(&lockable)
        _ = renclave_raise_open_files()
        if let user {
            let error = renclave_become(user.uid, user.gid, socketGroup ?? gid_t.max)
            guard error == 0 else { throw .userNotChanged(errno: error) }
        }
        guard renclave_forbid_core_files() == 0, renclave_set_undumpable() == 0, renclave_is_dumpable() == 0 else {
            throw .dumpable
        }
        let error = renclave_set_no_new_privileges()
        guard error == 0 else { throw .newPrivileges(errno: error) }
        try closeStandardInput()
        do {
            try CryptoLibraries.start()
        } catch {
            throw .library
        }
    }

    private static func closeStandardInput() throws(Failure) {
        // An empty descriptor 0, rather than none: the next file opened must not become it.
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0, dup2(nothing, 0) == 0 else { throw .standardInput }
        if nothing != 0 { close(nothing) }
    }

    /// Variables that steer the loader, libcrypto, the C library or the Swift runtime.
    ///
    /// - Parameter environment: names as they stand in the process's environment.
    package static func steeringVariables(in environment: [String]) -> [String] {
        environment.filter { name in
            name.hasPrefix("LD_") || name.hasPrefix("OPENSSL_") || name.hasPrefix("SWIFT_") || name == "GLIBC_TUNABLES"
        }.sorted()
    }
}
