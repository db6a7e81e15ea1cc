// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@Suite("setting")
struct SettingTests {
    @Test("the flag is the name in lower case with hyphens")
    func flag() {
        #expect(Samples.ports.flag == "--host-port")
    }

    @Test("the help tells summary, what is allowed, default and environment name")
    func help() {
        #expect(
            Samples.ports.help
                == "Where to listen. Allowed: one port 1–65535, or a comma list. Default: 3000. Environment: HOST_PORT."
        )
        #expect(
            Samples.address.help
                == "The address to listen on. Allowed: any text. Environment: HOST_ADDRESS."
        )
    }
}
