/// What a ``JSONWriter`` can write as one value.
public protocol JSONWritable {
    /// Writes the value.
    func write(to writer: inout JSONWriter)
}

extension String: JSONWritable {
    /// Writes the text.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Int: JSONWritable {
    /// Writes the number.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Int64: JSONWritable {
    /// Writes the number.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Double: JSONWritable {
    /// Writes the number.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Bool: JSONWritable {
    /// Writes the truth value.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension EntityID: JSONWritable {
    /// Writes the id as text.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Timestamp: JSONWritable {
    /// Writes the moment as RFC 3339 text.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension JSON: JSONWritable {
    /// Writes the value as it was spelled.
    public func write(to writer: inout JSONWriter) { writer.value(self) }
}
extension Array: JSONWritable where Element: JSONWritable {
    /// Writes the elements as an array.
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}

extension JSONWriter {
    /// A member; `null` for nil.
    public mutating func member(_ name: String, _ value: (some JSONWritable)?) {
        key(name)
        if let value { value.write(to: &self) } else { null() }
    }

    /// A member, left out for nil.
    public mutating func memberIfPresent(_ name: String, _ value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// A member that is JSON already.
    public mutating func member(_ name: String, json text: [UInt8]) {
        key(name)
        value(json: text)
    }

    /// An object as a value.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    /// An object as a member.
    public mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// An array of objects as a member.
    public mutating func array<Element>(
        _ name: String, of elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { object { body(&$0, element) } }
        endArray()
    }
}
