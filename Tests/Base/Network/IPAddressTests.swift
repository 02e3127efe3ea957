import Base
import Testing

@Suite struct IPAddressTests {
    @Test(
        "addresses have one text (RFC 5952)",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("1.2.3.4", "1.2.3.4"), ("::", "::"),
            ("::1", "::1"), ("1::", "1::"), ("2001:DB8::00A", "2001:db8::a"), ("0:0:0:0:0:0:0:0", "::"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("::ffff:1.2.3.4", "1.2.3.4"), ("::ffff:102:304", "1.2.3.4"), ("0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"),
            ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ])
    func texts(_ pair: (String, String)) throws {
        let address = try #require(IPAddress(pair.0))
        #expect(address.description == pair.1)
        #expect(IPAddress(pair.1) == address)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(address.bytes.count == (address.isV4 ? 4 : 16))
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", ".", ":", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
            "1.2.3.+4", "0x1.2.3.4", "1.2.3.", "1..2.3", "1234", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "::g", ":1", "1:",
            "::1.2.3",
            "1.2.3.4::", "::1.2.3.4:5", "::1.2.3.256", "[::1]", "::1%eth0", "::1/128", "1.2.3.4:80", "١.2.3.4",
            "::ffff:1.2.3.4.5", "+1::", "1.2.3.4\u{0}",
        ])
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("bytes of another number than 4 and 16 are refused", arguments: [0, 3, 5, 15, 17])
    func bytes(_ count: Int) {
        #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    /// The first and last address of each special range, and their neighbours where those are public.
    static let edges: [(String, Bool)] = [
        ("0.0.0.0", true), ("0.255.255.255", true), ("1.0.0.0", false), ("9.255.255.255", false), ("10.0.0.0", true),
        ("10.255.255.255", true), ("11.0.0.0", false), ("100.63.255.255", false), ("100.64.0.0", true),
        ("100.127.255.255", true), ("100.128.0.0", false), ("126.255.255.255", false), ("127.0.0.0", true),
        ("127.255.255.255", true), ("128.0.0.0", false), ("169.253.255.255", false), ("169.254.0.0", true),
        ("169.254.169.254", true), ("169.254.255.255", true), ("169.255.0.0", false), ("172.15.255.255", false),
        ("172.16.0.0", true), ("172.31.255.255", true), ("172.32.0.0", false), ("191.255.255.255", false),
        ("192.0.0.0", true), ("192.0.0.255", true), ("192.0.1.0", false), ("192.0.2.0", true), ("192.0.2.255", true),
        ("192.0.3.0", false), ("192.88.98.255", false), ("192.88.99.0", true), ("192.88.99.255", true),
        ("192.88.100.0", false), ("192.167.255.255", false), ("192.168.0.0", true), ("192.168.255.255", true),
        ("192.169.0.0", false), ("198.17.255.255", false), ("198.18.0.0", true), ("198.19.255.255", true),
        ("198.20.0.0", false), ("198.51.99.255", false), ("198.51.100.0", true), ("198.51.100.255", true),
        ("198.51.101.0", false), ("203.0.112.255", false), ("203.0.113.0", true), ("203.0.113.255", true),
        ("203.0.114.0", false), ("223.255.255.255", false), ("224.0.0.0", true), ("239.255.255.255", true),
        ("240.0.0.0", true), ("255.255.255.255", true), ("8.8.8.8", false),
        ("::", true), ("::1", true), ("::7f00:1", true), ("::ffff:10.0.0.1", true), ("::ffff:8.8.8.8", false),
        ("64:ff9b::10.0.0.1", true), ("64:ff9b:1::", true), ("ff:ffff::", true), ("100::", true),
        ("100:0:0:1::", true), ("100:0:0:2::", false), ("2001::", true), ("2001:1ff:ffff:ffff::", true),
        ("2001:200::", false), ("2001:db7:ffff::", false), ("2001:db8::", true), ("2001:db9::", false),
        ("2002::", true), ("2002:ffff::", true), ("2003::", false), ("2606:4700::1111", false), ("3ffe:ffff::", false),
        ("3fff::", true), ("3fff:fff::", true), ("3fff:1000::", false), ("5f00::", true), ("5f01::", false),
        ("fbff::", false), ("fc00::", true), ("fdff::", true), ("fe00::", false), ("fe80::", true), ("febf::", true),
        ("fec0::", true), ("feff::", true), ("ff00::", true), ("ffff::", true),
    ]

    @Test("special ranges, on both sides of their edges", arguments: edges)
    func special(_ edge: (String, Bool)) throws {
        #expect(try #require(IPAddress(edge.0)).isPrivateOrLocal == edge.1)
    }

    @Test(
        "loopback",
        arguments: [("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("128.0.0.1", false), ("::2", false)])
    func loopback(_ sample: (String, Bool)) throws {
        #expect(try #require(IPAddress(sample.0)).isLoopback == sample.1)
    }
}
