internal import Base
internal import CLinux
internal import Glibc

extension IPAddress {
    /// 0.0.0.0, where an address is not known.
    static let nobody: IPAddress = {
        guard let zero = IPAddress(bytes: [0, 0, 0, 0]) else { preconditionFailure("four bytes are an address") }
        return zero
    }()
}

/// The address of a socket's end.
enum SocketAddress {
    /// Takes a connection; the descriptor is negative, with `errno`, where there is none to take.
    static func accept(_ listener: Int32) -> (descriptor: Int32, peer: IPAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let descriptor = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe vst_accept(listener, $0, &length)
            }
        }
        guard descriptor >= 0 else { return (descriptor, IPAddress.nobody) }
        let isV6 = Int32(storage.ss_family) == AF_INET6
        let peer = unsafe withUnsafeBytes(of: &storage) { bytes in
            // After the family, sockaddr_in has a port and the address, sockaddr_in6 also the flow label between.
            isV6
                ? unsafe IPAddress(bytes: bytes[8..<24]) : unsafe IPAddress(bytes: bytes[4..<8])
        }
        return (descriptor, peer ?? IPAddress.nobody)
    }

    /// Where the socket is bound.
    static func local(of descriptor: Int32) -> (text: String, port: UInt16) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return code == 0 ? read(&storage, length) : ("", 0)
    }

    /// The address as text, with brackets around IPv6, and its port.
    static func read(_ storage: inout sockaddr_storage, _ length: socklen_t) -> (text: String, port: UInt16) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getnameinfo(
                    address, length, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        guard code == 0 else { return ("", 0) }
        let name = text(host)
        let port = UInt16(text(service)) ?? 0
        return (name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)", port)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
