// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Foundation
import SwiftASN1
import Synchronization
import Testing
import X509

@testable import EmulatedAttestation

@Suite("file of a private development root")
struct RootFileTests {
    private let folder: RootFolder

    init() throws {
        folder = try RootFolder()
    }

    private func error(_ path: String) -> RootFileError? {
        do throws(RootFileError) {
            _ = try AttestationRoot(file: path)
            return nil
        } catch {
            return error
        }
    }

    @Test("it is made once, for its owner only, and read again")
    func made() throws {
        let root = try AttestationRoot(file: folder.path())
        let text = try folder.text()
        #expect(try folder.mode() == 0o600)
        #expect(try folder.names() == ["root.pem"])
        let again = try AttestationRoot(file: folder.path())
        #expect(again.certificate == root.certificate)
        #expect(again.privateKeyScalar == root.privateKeyScalar)
        #expect(try folder.text() == text)
        #expect(text.utf8.count <= RootFile.limit / 4)
    }

    @Test("it is for its owner only whatever the mask is")
    func mask() async {
        // The mask is the whole process's.
        await #expect(processExitsWith: .success) {
            let folder = try RootFolder()
            _ = umask(0o777)
            _ = try AttestationRoot(file: folder.path())
            try #require(try folder.mode() == 0o600)
        }
    }

    @Test("a new root is self-signed, lasts 30 years, and says what it is")
    func certificate() throws {
        let root = try AttestationRoot(file: folder.path())
        #expect(root.certificate.count <= 1024)
        let certificate = try Certificate(derEncoded: root.certificate)
        #expect(certificate.subject == certificate.issuer)
        #expect(certificate.subject.description.contains("private development trial root"))
        let days = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore) / 86_400
        #expect(days == 30 * 365 + 1)
        #expect(certificate.notValidBefore < Date() && certificate.serialNumber.bytes.count >= 16)
        let other = try AttestationRoot(file: folder.path("other.pem"))
        #expect(other.certificate != root.certificate && other.privateKeyScalar != root.privateKeyScalar)
    }

    @Test("documents lead to it, and it takes the place of the built-in root")
    func documents() throws {
        let root = try AttestationRoot(file: folder.path())
        let clock = ManualClock()
        clock.set(Int64(Date().timeIntervalSince1970 * 1000))
        let module = try EmulatedSecurityModule.sample(under: root, clock)
        #expect(module.rootCertificate == root.certificate)
        #expect(try module.document().certificateBundle.first == root.certificate)
    }

    @Test("many that find no file at once all have the same root, and leave nothing else behind")
    func concurrent() throws {
        let count = 16
        let path = folder.path()
        let roots = Mutex<[[UInt8]?]>([])
        let (gate, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        for _ in 0..<count {
            Thread.detachNewThread {
                gate.wait()
                let root = try? AttestationRoot(file: path)
                roots.withLock { $0.append(root.map { $0.certificate + $0.privateKeyScalar }) }
                done.signal()
            }
        }
        for _ in 0..<count { gate.signal() }
        for _ in 0..<count { done.wait() }
        let all = roots.withLock { $0 }
        #expect(all.count == count && !all.contains(nil) && Set(all).count == 1)
        #expect(try folder.names() == ["root.pem"])
    }

    @Test("it is not made in a directory that is not there, nor below a file")
    func noDirectory() throws {
        #expect(error(folder.path("missing/root.pem")) == .unwritable(ENOENT))
        let file = try folder.write("", "file")
        #expect(error(file + "/root.pem") == .unreadable(ENOTDIR))
    }

    @Test("one that others may read, write or run is refused", arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o601])
    func open(mode: Int) throws {
        _ = try AttestationRoot(file: folder.path())
        let path = try folder.write(folder.text(), mode: mode)
        #expect(error(path) == .openToOthers)
        #expect(try folder.mode() == mode)
    }

    @Test("a link is refused, whether it leads to a good file or to none", arguments: ["root.pem", "missing.pem"])
    func link(target: String) throws {
        _ = try AttestationRoot(file: folder.path())
        let path = folder.path("link.pem")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.path(target))
        #expect(error(path) == .notAFile)
        #expect(try folder.names() == ["link.pem", "root.pem"])
    }

    @Test("a directory and a pipe are refused")
    func otherKinds() throws {
        #expect(error(folder.path("")) == .notAFile)
        let pipe = folder.path("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(error(pipe) == .notAFile)
    }

    @Test("one of another user is refused", .enabled(if: geteuid() == 0, "only root can give a file away"))
    func foreign() throws {
        _ = try AttestationRoot(file: folder.path())
        try #require(unsafe chown(folder.path(), 12_345, 12_345) == 0)
        #expect(error(folder.path()) == .foreignOwner)
    }

    @Test("one that is too large is refused, and the largest is looked at")
    func large() throws {
        #expect(error(try folder.write(String(repeating: "\n", count: 8193))) == .tooLarge)
        #expect(error(try folder.write(String(repeating: "\n", count: 8192))) == .malformed)
    }

    @Test("every reason has words of its own")
    func words() {
        let errors: [RootFileError] = [
            .unreadable(EACCES), .unwritable(EACCES), .notAFile, .foreignOwner, .openToOthers, .tooLarge, .malformed,
            .badCertificate, .notP384, .notARoot, .keyMismatch, .failed,
        ]
        #expect(Set(errors.map(\.words)).count == errors.count)
        #expect(RootFileError.unreadable(EACCES).words == "cannot be read: Permission denied")
    }
}
