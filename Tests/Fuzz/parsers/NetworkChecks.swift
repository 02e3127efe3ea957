#if DEBUG || FUZZING

    internal import Glibc

    @testable import Base

    /// IP addresses and networks, against the C library's reader.
    enum NetworkChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 80, !input.contains(0), let text = String(validating: input, as: UTF8.self) else {
                return
            }
            let ours = IPAddress(text)
            let theirs = read(text)
            precondition((ours == nil) == (theirs == nil), "one of us reads it")
            if let ours, let theirs {
                precondition(ours.bytes == theirs, "another address")
                precondition(IPAddress(ours.description) == ours, "its own text reads otherwise")
                precondition(IPAddress(bytes: ours.bytes) == ours, "its own bytes read otherwise")
                precondition(read(ours.description) == theirs, "its own text reads otherwise elsewhere")
                _ = (ours.isPrivateOrLocal, ours.isLoopback)
            }
            guard let network = CIDR(text) else { return }
            precondition(CIDR(network.description) == network, "the network's own text reads otherwise")
            precondition(network.contains(network.address), "its own address is not in it")
            precondition((0...(network.address.isV4 ? 32 : 128)).contains(network.prefix), "prefix")
            for other in ["0.0.0.0", "255.255.255.255", "10.0.0.1", "::", "::1", "ffff::"].compactMap({ IPAddress($0) })
            {
                precondition(network.contains(other) == plainly(network, other), "another network")
            }
        }

        private static func plainly(_ network: CIDR, _ address: IPAddress) -> Bool {
            func bits(_ address: IPAddress) -> [Bool] {
                address.bytes.flatMap { byte in (0..<8).map { byte & 0x80 >> UInt8($0) != 0 } }
            }
            return network.address.isV4 == address.isV4
                && bits(network.address).prefix(network.prefix) == bits(address).prefix(network.prefix)
        }

        /// An IPv4 address in IPv6 spelling is the IPv4 address.
        private static func read(_ text: String) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: 16)
            let isV6 = text.utf8.contains(0x3A)
            guard unsafe inet_pton(isV6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
            if !isV6 { return Array(bytes[..<4]) }
            let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]
            return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
        }
    }

#endif
