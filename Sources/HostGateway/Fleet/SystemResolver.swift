// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Dispatch
import Glibc
import NIOCore
import Synchronization

/// The system's resolver. It blocks its caller, so it has threads of its own: one for each name at most, however long a
/// name server lets it wait.
final class SystemResolver: NameResolver {
    /// How long an answer is waited for; the lookup itself goes on as long as the system's settings say.
    private static let patience = Duration.seconds(5)

    private let queue = DispatchQueue(label: "renclave.resolver", attributes: .concurrent)
    private let underWay = Mutex<Set<String>>([])

    func addresses(of name: String) async -> [String] {
        guard underWay.withLock({ $0.insert(name).inserted }) else { return [] }
        let found = Awaited<[String]>()
        queue.async {
            let addresses = Self.lookUp(name)
            _ = self.underWay.withLock { $0.remove(name) }
            found.settle(.success(addresses))
        }
        let addresses = try? await withTimeLimit(Self.patience) { try await found.value() }
        return addresses ?? []
    }

    private static func lookUp(_ name: String) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [String] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            if let address = unsafe text(of: entry) { addresses.append(address) }
            unsafe next = entry.ai_next
        }
        return addresses
    }

    private static func text(of entry: addrinfo) -> String? {
        guard let bytes = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        // Unsafe: the family says which struct lies there.
        switch unsafe entry.ai_family {
        case AF_INET: return unsafe SocketAddress(bytes.load(as: sockaddr_in.self)).ipAddress
        case AF_INET6: return unsafe SocketAddress(bytes.load(as: sockaddr_in6.self)).ipAddress
        default: return nil
        }
    }
}
