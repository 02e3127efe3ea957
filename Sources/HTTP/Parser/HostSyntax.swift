/// The form of a Host field: `uri-host [":" port]` (RFC 9110 section 7.2), narrowed to what hosts are made of.
enum HostSyntax {
    /// Whether the value is a name, an IPv4 address or a bracketed IPv6 address, with or without a port.
    static func isValid(_ host: Span<UInt8>) -> Bool {
        guard host.count > 0 else { return false }
        var index = 0
        if host[0] == 91 {
            index = 1
            while index < host.count, Octet.hex(host[index]) != nil || host[index] == 58 || host[index] == 46 {
                index += 1
            }
            guard index > 2, index < host.count, host[index] == 93 else { return false }
            index += 1
        } else {
            while index < host.count, isNameByte(host[index]) { index += 1 }
            guard index > 0 else { return false }
        }
        if index == host.count { return true }
        guard host[index] == Octet.colon, host.count - index <= 6 else { return false }
        return (index + 1..<host.count).allSatisfy { Octet.isDigit(host[$0]) }
    }

    @inline(__always) private static func isNameByte(_ byte: UInt8) -> Bool {
        // Letters, digits and - . _ : no percent-encoding and no sub-delims, which no host in use has.
        let letter = byte | 32
        return letter &- 97 < 26 || Octet.isDigit(byte) || byte == 45 || byte == 46 || byte == 95
    }
}
