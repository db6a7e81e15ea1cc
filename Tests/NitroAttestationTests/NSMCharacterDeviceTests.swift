// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Testing

@testable import NitroAttestation

@Suite("device of a Nitro Security Module")
struct NSMCharacterDeviceTests {
    @Test("no file, a file, and a directory are no device", arguments: ["/nonexistent/nsm", #filePath, "/"])
    func absent(path: String) {
        #expect(throws: SecurityModuleError.absent) { try NitroSecurityModule(opening: path) }
    }

    @Test("a device that is another is no module", arguments: ["/dev/null", "/dev/zero"])
    func other(path: String) {
        #expect(throws: SecurityModuleError.unfit) { try NitroSecurityModule(opening: path) }
    }
}
