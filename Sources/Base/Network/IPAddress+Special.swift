extension IPAddress {
    /// Whether the address is anything but a public unicast one: private, loopback, link-local, shared, reserved,
    /// documentation, multicast, or a translation of IPv4 into IPv6 (RFC 6890 and the IANA registries).
    public var isPrivateOrLocal: Bool {
        Self.special.contains { $0.contains(self) }
    }

    /// Whether the address is this machine's own.
    public var isLoopback: Bool {
        isV4 ? low >> 24 == 127 : high == 0 && low == 1
    }

    private static let special: [CIDR] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { CIDR($0) }
}
