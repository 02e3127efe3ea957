internal import Base

extension OpenAPIDocument {
    /// The same for people: one page of HTML that needs nothing from elsewhere but its style sheet, and runs nothing.
    ///
    /// - Parameter style: the path of ``pageStyle``.
    public func page(style: String) -> [UInt8] {
        var html = HTMLText()
        html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        html.element("title", title)
        html.raw("<link rel=\"stylesheet\" href=\"\(style)\"></head><body><header>")
        html.element("h1", "\(title) \(version)")
        for paragraph in introduction { html.prose("p", paragraph) }
        html.raw("<nav>")
        for tag in tags {
            html.raw("<a href=\"#\(Self.anchor(tag))\">")
            html.text(tag)
            html.raw("</a> ")
        }
        html.raw("</nav></header><main>")
        for tag in tags {
            html.raw("<section id=\"\(Self.anchor(tag))\">")
            html.element("h2", tag)
            for path in paths {
                for entry in path.operations where entry.operation.tag == tag { html.add(entry, of: path) }
            }
            html.raw("</section>")
        }
        html.raw("</main></body></html>\n")
        return html.bytes
    }

    /// The style sheet of the page.
    public static let pageStyle = """
        :root { color-scheme: light dark; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
        h2 { border-bottom: 1px solid #8886; margin-top: 2.5rem; }
        summary { cursor: pointer; padding: .25rem 0; }
        summary code { font-weight: bold; }
        .method { display: inline-block; min-width: 4.5rem; text-transform: uppercase; font-size: .8rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
        th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #8883; }
        caption { text-align: left; font-weight: bold; }
        nav a { margin-right: 1rem; }
        td table { margin: 0; }
        """

    private static func anchor(_ tag: String) -> String {
        String(tag.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}

/// HTML as it is put together; every text is escaped.
struct HTMLText {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ html: String) {
        bytes.append(contentsOf: html.utf8)
    }

    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): raw("&lt;")
            case UInt8(ascii: ">"): raw("&gt;")
            case UInt8(ascii: "&"): raw("&amp;")
            case UInt8(ascii: "\""): raw("&quot;")
            default: bytes.append(byte)
            }
        }
    }

    mutating func element(_ name: String, _ text: String) {
        raw("<\(name)>")
        self.text(text)
        raw("</\(name)>")
    }

    /// A text in which `code` stands between backquotes.
    mutating func prose(_ name: String, _ prose: String) {
        raw("<\(name)>")
        for (index, part) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 { element("code", String(part)) } else { text(String(part)) }
        }
        raw("</\(name)>")
    }
}
