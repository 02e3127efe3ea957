internal import Base

/// The members of a JSON object in their order, each value as JSON text.
struct Claims {
    private(set) var members: [(name: String, value: [UInt8])] = []

    subscript(_ name: String) -> [UInt8]? {
        members.first { $0.name == name }?.value
    }

    mutating func set(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return remove(name) }
        set(name, json: JSONWriter.make { value.write(to: &$0) })
    }

    mutating func set(_ name: String, _ values: [String]) {
        set(
            name,
            json: JSONWriter.make { writer in
                writer.beginArray()
                for value in values { writer.value(value) }
                writer.endArray()
            })
    }

    mutating func set(_ name: String, json value: [UInt8]) {
        if let place = members.firstIndex(where: { $0.name == name }) {
            members[place].value = value
        } else {
            members.append((name, value))
        }
    }

    mutating func remove(_ name: String) {
        members.removeAll { $0.name == name }
    }

    /// Sets every member of the object; null removes one.
    mutating func merge(_ object: JSON?) {
        for (name, value) in object?.members ?? [] {
            if value.isNull { remove(name) } else { set(name, json: value.source) }
        }
    }

    /// The value where it is a text.
    func text(_ name: String) -> String? {
        self[name].flatMap { try? JSON.parse($0) }?.string
    }

    /// The object's text.
    var json: [UInt8] {
        JSONWriter.object { writer in
            for (name, value) in members { writer.member(name, json: value) }
        }
    }
}
