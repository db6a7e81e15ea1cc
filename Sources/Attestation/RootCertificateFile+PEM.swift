// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SwiftASN1
import X509

extension RootCertificateFile {
    /// A certificate as a file that ``parse(_:)`` reads: PEM, with a line feed at its end.
    ///
    /// - Parameter der: the certificate.
    package static func pem(of der: [UInt8]) -> String {
        PEMDocument(type: Certificate.defaultPEMDiscriminator, derBytes: der).pemString + "\n"
    }
}
