// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import CLinux
import Glibc

/// The device of the kernel's driver (`drivers/misc/nsm.c`): each exchange is one ioctl, and the driver lets only one
/// go on at a time.
final class NSMCharacterDevice: NSMDevice {
    /// `NSM_RESPONSE_MAX_SIZE` of linux/nsm.h.
    private static let answerLimit = 0x3000

    private let descriptor: CInt

    /// Opens the device.
    ///
    /// - Throws: `absent` where there is none, or it is no character device.
    init(opening path: String) throws(SecurityModuleError) {
        // The path is copied for the call.
        descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .absent }
        var status = stat()
        // The structure is ours.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else {
            close(descriptor)
            throw .absent
        }
    }

    deinit {
        close(descriptor)
    }

    func exchange(_ request: [UInt8]) throws(SecurityModuleError) -> [UInt8] {
        var answer = [UInt8](repeating: 0, count: Self.answerLimit)
        var count = answer.count
        // Both arrays are as long as the call is told.
        let code = unsafe renclave_security_module_exchange(descriptor, request, request.count, &answer, &count)
        switch code {
        case 0: return Array(answer[..<count])
        case EMSGSIZE: throw .refused(.inputTooLarge)
        // Some other device has that name.
        case ENOTTY, EINVAL: throw .unfit
        default: throw .failed
        }
    }
}
