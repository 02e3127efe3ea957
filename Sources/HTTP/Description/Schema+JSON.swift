internal import Base

extension Schema {
    /// Writes the schema as a value.
    func write(to writer: inout JSONWriter, note: String? = nil) {
        writer.object { writer in
            self.writeKeywords(to: &writer)
            writer.memberIfPresent("description", note)
        }
    }

    /// Writes the schema as a member.
    func write(_ name: String, to writer: inout JSONWriter, note: String? = nil) {
        writer.key(name)
        write(to: &writer, note: note)
    }

    private func writeKeywords(to writer: inout JSONWriter) {
        switch self {
        case .component(let name, _): writer.member("$ref", "#/components/schemas/\(name)")
        case .object(let properties):
            writer.member("type", "object")
            writer.object("properties") { writer in
                for property in properties { property.schema.write(property.name, to: &writer, note: property.note) }
            }
            let required = properties.filter(\.isRequired).map(\.name)
            if !required.isEmpty { writer.member("required", required) }
            writer.member("additionalProperties", false)
        case .anyObject: writer.member("type", "object")
        case .array(let element, let least):
            writer.member("type", "array")
            if least > 0 { writer.member("minItems", least) }
            element.write("items", to: &writer)
        case .string(let length, let format, let pattern):
            writer.member("type", "string")
            if let length {
                if length.lowerBound > 0 { writer.member("minLength", length.lowerBound) }
                writer.member("maxLength", length.upperBound)
            }
            writer.memberIfPresent("format", format)
            writer.memberIfPresent("pattern", pattern)
        case .choice(let words):
            writer.member("type", "string")
            writer.member("enum", words)
        case .integer(let range):
            writer.member("type", "integer")
            writer.member("minimum", range.lowerBound)
            writer.member("maximum", range.upperBound)
        case .number: writer.member("type", "number")
        case .bool: writer.member("type", "boolean")
        case .null: writer.member("type", "null")
        case .either(let forms):
            writer.key("anyOf")
            writer.beginArray()
            for form in forms { form.write(to: &writer) }
            writer.endArray()
        }
    }
}
