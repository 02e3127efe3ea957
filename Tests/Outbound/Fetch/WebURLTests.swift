import Outbound
import Testing

@Suite struct WebURLTests {
    @Test(
        "reads scheme, host, port and target",
        arguments: [
            ("https://a.example", "https://a.example/", "a.example", 443),
            ("https://A.Example:443/x", "https://a.example/x", "a.example", 443),
            ("HTTPS://a.example:8443?q=1", "https://a.example:8443/?q=1", "a.example", 8443),
            ("http://localhost:80/a/b", "http://localhost/a/b", "localhost", 80),
            ("http://[::1]:8080/", "http://[::1]:8080/", "::1", 8080),
            ("https://a.example/%41?x=%20y", "https://a.example/%41?x=%20y", "a.example", 443),
            ("https://a.example:65535/", "https://a.example:65535/", "a.example", 65535),
        ] as [(String, String, String, UInt16)])
    func reads(text: String, description: String, host: String, port: UInt16) throws {
        let url = try #require(WebURL(text))
        #expect(url.description == description)
        #expect(url.host == host)
        #expect(url.port == port)
    }

    @Test(
        "refuses everything that two parsers could differ about",
        arguments: [
            "", "https", "https:", "https:/a", "https://", "https:///x", "ftp://a.example/",
            "file:///etc/passwd",
            "//a.example/", "https://user@a.example/", "https://user:pass@a.example/",
            "https://a.example@b.example/",
            "https://a.example#x", "https://a.example/#x", "https://a.example\\@b.example/",
            "https://a.example/\\x",
            "https://a example/", "https://a.example/ x", "https://a.example/\u{e9}",
            "https://b\u{fc}cher.example/",
            "https://a.example:0/", "https://a.example:65536/", "https://a.example:+80/",
            "https://a.example:/",
            "https://a.example:80:80/", "https://[::1/", "https://[::1]x/", "https://[a.example]/",
            "https://.a/",
            "https://-a/", "https://a.example/%", "https://a.example/%4", "https://a.example/%zz",
            "https://a.example/\u{0}", "https://a.example/\r\nX: y", " https://a.example/",
            "https://a.example/ ",
            "https://a%2eexample/", "https://[fe80::1%25eth0]/",
        ])
    func refuses(text: String) {
        #expect(WebURL(text) == nil)
    }

    @Test("a URL may be 2048 bytes long and no longer")
    func length() {
        let start = "https://a.example/"
        #expect(WebURL(start + String(repeating: "x", count: 2048 - start.utf8.count)) != nil)
        #expect(WebURL(start + String(repeating: "x", count: 2049 - start.utf8.count)) == nil)
    }

    @Test(
        "knows this machine by its names",
        arguments: [
            ("localhost", true), ("127.0.0.1", true), ("127.9.9.9", true), ("[::1]", true),
            ("128.0.0.1", false),
            ("localhost.example", false), ("127.0.0.1.example", false), ("127.0.0.256", false),
            ("[::2]", false),
        ])
    func loopback(host: String, isLoopback: Bool) throws {
        #expect(try #require(WebURL("http://\(host)/")).namesLoopback == isLoopback)
    }

    @Test(
        "an origin is scheme, host and port",
        arguments: [
            ("https://a.example/y", true), ("https://A.EXAMPLE:443/", true), ("http://a.example/", false),
            ("https://a.example:444/", false), ("https://b.a.example/", false),
        ])
    func origin(other: String, isSame: Bool) throws {
        let url = try #require(WebURL("https://a.example/x"))
        #expect(url.hasSameOrigin(as: try #require(WebURL(other))) == isSame)
    }
}
