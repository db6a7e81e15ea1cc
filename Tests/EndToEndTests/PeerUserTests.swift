// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Protocol
import Testing

extension TwoProcesses {
    /// Whether a test can start a process of another user.
    private static var canBecomeAnother: Bool {
        geteuid() == 0
            && ["/usr/bin/setpriv", "/usr/bin/perl"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @Suite("the enclave's peers", .enabled(if: canBecomeAnother, "needs root, setpriv and perl"))
    struct PeerUsers {
        /// Connects to the socket named, sends the bytes given in hex, and prints the first that come back in hex.
        private static let program = """
            use Socket; $SIG{PIPE} = "IGNORE"; socket(S, PF_UNIX, SOCK_STREAM, 0) or exit 2;
            connect(S, sockaddr_un($ARGV[0])) or exit 3;
            syswrite(S, pack("H*", $ARGV[1])); sysread(S, $b, 4096); print unpack("H*", $b // ""); exit 0;
            """

        /// What a process of another user gets for a greeting: its exit code, and the bytes.
        private static func greeting(
            from workplace: Workplace,
            uid: Int,
            gid: Int
        ) throws -> (ChildProcess.End, [UInt8]) {
            let hello = try FrameConnection.bytes(of: .hello(Hello(spoken: Version.spoken)))
            let peer = try ChildProcess(
                "/usr/bin/setpriv",
                [
                    "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "/usr/bin/perl", "-e", program,
                    workplace.socket, hello.map { String(format: "%02x", $0) }.joined(),
                ],
                logPath: workplace.directory.file("peer-\(UUID().uuidString).log")
            )
            let end = try peer.waitForEnd()
            let digits = Array(peer.log)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            }
            return (end, bytes)
        }

        /// An enclave whose socket the group 12345 can reach.
        private static func with(
            _ settings: [String: String],
            _ body: (Workplace, ChildProcess) throws -> Void
        ) throws {
            try Workplace.with { workplace in
                try #require(unsafe chmod(workplace.directory.path, 0o711) == 0)
                let enclave = try workplace.startEnclave(
                    ["ENCLAVE_SOCKET_GROUP": "12345"].merging(settings) { $1 })
                try body(workplace, enclave)
            }
        }

        @Test("another user who can open the socket is refused by what the kernel says of it")
        func refused() throws {
            try Self.with([:]) { workplace, enclave in
                let (end, bytes) = try Self.greeting(from: workplace, uid: 12346, gid: 12345)
                #expect(end == .exited(0))
                #expect(bytes.isEmpty)
                try wait(until: "the log names the user", found: { enclave.log }) {
                    enclave.log.contains("a peer was refused: its user is not allowed uid=12346")
                }
            }
        }

        @Test("another user who is allowed is greeted, and a third one is not")
        func allowed() throws {
            try Self.with(["ENCLAVE_ALLOWED_UIDS": "12346,12347"]) { workplace, _ in
                for uid in [12346, 12347] {
                    let (end, bytes) = try Self.greeting(from: workplace, uid: uid, gid: 12345)
                    #expect(end == .exited(0))
                    let expected = try FrameConnection.bytes(of: .welcome(ScriptedEnclave.usualWelcome))
                    #expect(bytes == expected)
                }
                #expect(try Self.greeting(from: workplace, uid: 12348, gid: 12345).1.isEmpty)
            }
        }

        @Test("a user outside the socket's group cannot even open it")
        func outsideTheGroup() throws {
            try Self.with(["ENCLAVE_ALLOWED_UIDS": "12346"]) { workplace, _ in
                let (end, _) = try Self.greeting(from: workplace, uid: 12346, gid: 12346)
                #expect(end == .exited(3))
            }
        }

        @Test("without a group the socket is for its user alone, whoever is allowed")
        func withoutGroup() throws {
            try Workplace.with { workplace in
                try #require(unsafe chmod(workplace.directory.path, 0o711) == 0)
                let enclave = try workplace.startEnclave(["ENCLAVE_ALLOWED_UIDS": "12346"])
                #expect(try Self.greeting(from: workplace, uid: 12346, gid: 12346).0 == .exited(3))
                #expect(enclave.log.contains("ENCLAVE_ALLOWED_UIDS has no effect without ENCLAVE_SOCKET_GROUP"))
            }
        }
    }
}
