internal import Base
public import HTTP

/// The console's page and all that it loads, served from memory. Nothing of it depends on who asks.
public struct ConsolePages: Sendable {
    /// One file as it is sent.
    private struct File: Sendable {
        let name: String
        let type: String
        let bytes: [UInt8]
    }

    /// The page itself; the others are what it loads.
    public static let page = "index.html"

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    /// Scripts, styles and requests of our own only; no markup made of text (Trusted Types), no frames around us.
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' https: data:",
        "connect-src 'self'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    private let files: [File]

    /// Takes files with names below `/admin/`; those of other types than HTML, JavaScript, CSS and SVG are left out.
    public init(_ files: [(name: String, bytes: [UInt8])]) {
        self.files = files.compactMap { name, bytes in
            guard let ending = name.split(separator: ".").last, let type = Self.types[String(ending)] else {
                return nil
            }
            return File(name: name, type: type, bytes: bytes)
        }
    }

    /// The routes of this feature; none without a page.
    public var routes: [Route] {
        guard let page = files.first(where: { $0.name == Self.page }) else { return [] }
        return files.map { file in .immediate(.get, "/admin/\(file.name)") { _ in Self.answer(file) } } + [
            .immediate(.get, "/admin/") { _ in Self.answer(page) },
            .immediate(.get, "/admin") { _ in Response(status: 308, fields: [(.location, "/admin/")]) },
        ]
    }

    private static func answer(_ file: File) -> Response {
        Response(
            status: 200,
            fields: [
                (.contentType, file.type), (.contentSecurityPolicy, policy), (.xFrameOptions, "DENY"),
                (.referrerPolicy, "no-referrer"),
            ], body: file.bytes)
    }
}
