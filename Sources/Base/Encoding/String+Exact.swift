extension String {
    /// Whether it is the other letter by letter (RFC 7519 §7.3).
    ///
    /// `==` takes what Unicode calls canonically equivalent for the same: the Kelvin sign and K, and each of the two
    /// spellings of é. Whoever may choose a name at an identity provider could choose the other spelling of somebody
    /// else's.
    public func isSame(as other: String) -> Bool {
        utf8.span.elementsEqual(other.utf8.span)
    }
}

extension Sequence<String> {
    /// Whether one of them is the text letter by letter; see ``Swift/String/isSame(as:)``.
    public func containsSame(as text: String) -> Bool {
        contains { $0.isSame(as: text) }
    }
}
