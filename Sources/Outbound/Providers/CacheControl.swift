/// How long an answer says that it may be kept (RFC 9111 §5.2.2).
enum CacheControl {
    /// `max-age` less `Age`; zero for `no-store` and `no-cache`; nil where nothing is said. Whoever asks sets bounds.
    static func lifetime(of response: FetchResponse) -> Duration? {
        let values = response.fields.filter { $0.name == "cache-control" }.map(\.value)
        let directives = values.joined(separator: ",").split(separator: ",").map {
            $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased()
        }
        if directives.contains("no-store") || directives.contains("no-cache") { return .zero }
        guard let directive = directives.first(where: { $0.hasPrefix("max-age=") }),
            let seconds = number(directive.dropFirst("max-age=".count))
        else { return nil }
        let age = response.field("age").flatMap { number($0[...]) } ?? 0
        return .seconds(max(0, seconds - age))
    }

    /// Digits only; what does not fit is as good as for ever (RFC 9111 §1.2.2).
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return min(Int64(text) ?? .max, 1 << 31)
    }
}
