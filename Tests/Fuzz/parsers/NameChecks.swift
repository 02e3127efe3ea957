#if DEBUG || FUZZING

    internal import Outbound

    @testable import Base

    /// E-mail addresses, domains and URLs: one form each, and nothing in it that looks like another.
    enum NameChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 2100, let text = String(validating: input, as: UTF8.self) else { return }
            if let address = EmailAddress(text) { inspect(address) }
            if let domain = IDNA.ascii(text) { inspect(domain) }
            if let url = WebURL(text) { inspect(url) }
        }

        private static func inspect(_ address: EmailAddress) {
            guard let again = EmailAddress(address.canonical) else { preconditionFailure("its own form is none") }
            precondition(again.canonical == address.canonical && again.domain == address.domain, "two forms")
            precondition(address.canonical.utf8.count { $0 == 0x40 } == 1, "two at signs")
            precondition(address.canonical.hasSuffix("@\(address.domain)"), "another domain")
            precondition(address.canonical.utf8.count <= 254, "too long")
            precondition(address.canonical == address.canonical.lowercased(), "capitals")
            precondition(
                !address.canonical.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }, "controls")
            inspect(address.domain)
        }

        private static func inspect(_ domain: String) {
            precondition(IDNA.ascii(domain) == domain, "its own form has another form")
            precondition((1...253).contains(domain.utf8.count), "length")
            for label in domain.split(separator: ".", omittingEmptySubsequences: false) {
                precondition((1...63).contains(label.utf8.count), "label")
                precondition(label.utf8.first != 0x2D && label.utf8.last != 0x2D, "hyphen")
                precondition(
                    label.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D },
                    "a character that no label has")
            }
        }

        private static func inspect(_ url: WebURL) {
            precondition(WebURL(url.description) == url, "its own text reads otherwise")
            precondition(url.target.hasPrefix("/") && url.port > 0 && !url.host.isEmpty, "parts")
            precondition(
                url.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x5C && $0 != 0x23 }, "bytes")
            precondition(url.host == url.host.lowercased() && !url.host.contains("@"), "host")
            if url.namesLoopback, let address = IPAddress(url.host) { precondition(address.isLoopback, "not loopback") }
        }
    }

#endif
