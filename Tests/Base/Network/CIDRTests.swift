import Base
import Testing

@Suite struct CIDRTests {
    @Test(
        "a network contains its first and last address and not their neighbours",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("192.0.2.128/25", "192.0.2.128", "192.0.2.255", "192.0.2.127", "192.0.3.0"),
            ("1.2.3.4/32", "1.2.3.4", "1.2.3.4", "1.2.3.3", "1.2.3.5"),
            ("1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.3", "1.2.3.5"),
            ("128.0.0.0/1", "128.0.0.0", "255.255.255.255", "127.255.255.255", "::8000:0"),
            ("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::"),
            ("fe80::/64", "fe80::", "fe80::ffff:ffff:ffff:ffff", "fe7f:ffff::", "fe80:0:0:1::"),
            ("fe80::/65", "fe80::", "fe80::7fff:ffff:ffff:ffff", "fe7f:ffff::", "fe80::8000:0:0:0"),
            ("::1/128", "::1", "::1", "::", "::2"),
            ("::ffff:10.0.0.0/104", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        ])
    func edges(_ sample: (String, String, String, String, String)) throws {
        let network = try #require(CIDR(sample.0))
        let inside = try [sample.1, sample.2].map { try #require(IPAddress($0)) }
        let outside = try [sample.3, sample.4].map { try #require(IPAddress($0)) }
        #expect(inside.allSatisfy(network.contains))
        #expect(!outside.contains(where: network.contains))
        #expect(CIDR(network.description) == network)
    }

    @Test("a network of all addresses contains those of its family only")
    func all() throws {
        let v4 = try #require(CIDR("0.0.0.0/0"))
        let v6 = try #require(CIDR("::/0"))
        let addresses = try ["0.0.0.0", "255.255.255.255"].map { try #require(IPAddress($0)) }
        let wide = try ["::", "ffff::1"].map { try #require(IPAddress($0)) }
        #expect(addresses.allSatisfy(v4.contains) && !addresses.contains(where: v6.contains))
        #expect(wide.allSatisfy(v6.contains) && !wide.contains(where: v4.contains))
        #expect(CIDR("::ffff:0.0.0.0/96") == v4)
    }

    @Test(
        "what is no network is refused",
        arguments: [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
            "10.0.0.1/8",
            "10.0.0.0/8/8", "10.0.0.0 /8", "10.0.0.0/8 ", "10/8", "::1/127", "::ffff:10.0.0.0/8", "::ffff:10.0.0.0/95",
            "10.0.0.0/99999999999999999999", "example.com/8", "10.0.0.0/a",
        ])
    func refused(_ text: String) {
        #expect(CIDR(text) == nil)
    }
}
