/// A network: an address and how many of its first bits count (RFC 4632).
public struct CIDR: Hashable, Sendable {
    /// The network's first address.
    public let address: IPAddress
    /// How many bits count: 0…32, or 0…128 for IPv6.
    public let prefix: Int

    /// Reads `address/prefix`, or an address alone for just that one; bits behind the prefix must be zero.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let address = IPAddress(first) else { return nil }
        let width = address.isV4 ? 32 : 128
        var prefix = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), parts[1].utf8.count <= 3,
                parts[1].utf8.count == 1 || parts[1].utf8.first != 0x30, var bits = Int(parts[1])
            else { return nil }
            // An IPv4 address in IPv6 spelling has a prefix of that spelling.
            if address.isV4, first.utf8.contains(0x3A) { bits -= 96 }
            guard (0...width).contains(bits) else { return nil }
            prefix = bits
        }
        self.address = address
        self.prefix = prefix
        let mask = Self.mask(prefix, isV4: address.isV4)
        guard address.high & ~mask.high == 0, address.low & ~mask.low == 0 else { return nil }
    }

    /// Whether the address lies in the network. IPv4 and IPv6 never contain each other.
    public func contains(_ other: IPAddress) -> Bool {
        guard other.isV4 == address.isV4 else { return false }
        let mask = Self.mask(prefix, isV4: address.isV4)
        return other.high & mask.high == address.high && other.low & mask.low == address.low
    }

    private static func mask(_ prefix: Int, isV4: Bool) -> (high: UInt64, low: UInt64) {
        if isV4 { return (.max, prefix == 0 ? 0xFFFF_FFFF_0000_0000 : ~UInt64(0) << UInt64(32 - prefix)) }
        return (
            prefix == 0 ? 0 : prefix >= 64 ? .max : .max << UInt64(64 - prefix),
            prefix <= 64 ? 0 : .max << UInt64(128 - prefix)
        )
    }
}

extension CIDR: CustomStringConvertible {
    /// `address/prefix`.
    public var description: String { "\(address)/\(prefix)" }
}
