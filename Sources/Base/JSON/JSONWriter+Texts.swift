extension JSONWriter {
    /// An array of texts as a member.
    public mutating func texts(_ name: String, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
