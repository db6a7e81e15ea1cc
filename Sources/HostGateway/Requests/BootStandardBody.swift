// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

extension BootStandardRequest {
    /// Reads the body of `POST /enclave/boot-standard`. The manifest is passed on as it was sent: what may stand in it
    /// is for the enclave to say.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        let body = try JSONBody(bytes, allowing: ["manifest_envelope", "share_commitments"])
        self.init(manifestEnvelope: try body.manifestEnvelope(), commitments: try CommitmentsRecord(in: body))
    }
}
