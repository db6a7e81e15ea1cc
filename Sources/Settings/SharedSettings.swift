// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Settings that both processes read.
package enum SharedSettings {
    /// `ENCLAVE_SOCKET`.
    package static let socket = Setting<String>(
        name: "ENCLAVE_SOCKET",
        summary: "The Unix socket between gateway and enclave",
        allowed: "an absolute path of at most 107 bytes",
        defaultText: "/tmp/enclave.sock",
        parse: { path in
            let isPath = path.hasPrefix("/") && !path.hasSuffix("/") && path.utf8.count <= 107
            return isPath && !path.utf8.contains(0) ? path : nil
        }
    )

    /// `MAX_BODY_BYTES`.
    package static let maximumBodyBytes = Setting<Int>(
        name: "MAX_BODY_BYTES",
        summary: "The largest request body that the gateway reads, and with it the largest frame on the socket",
        allowed: "a number of bytes from 1024 to 16777216",
        defaultText: "1048576",
        parse: { SettingText.unsigned($0, in: 1024...16_777_216) }
    )
}
