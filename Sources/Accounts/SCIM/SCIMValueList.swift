internal import Base

/// A change of a multi-valued attribute: of all its values, or of those that a filter means.
struct SCIMValueList {
    let attribute: SCIMAttribute
    let part: SCIMAttribute?
    let filter: SCIMFilter?
    let name: String

    func change(_ values: [SCIMValue], _ kind: SCIMPatch.Kind, _ json: JSON?) throws(SCIMError) -> [SCIMValue] {
        switch (kind, filter == nil && part == nil) {
        case (.remove, true): try removing(json, from: values)
        case (.remove, false): try removingChosen(from: values)
        case (.replace, true): try read(json)
        case (.add, true): adding(try read(json), to: values)
        case (.add, false), (.replace, false): try settingChosen(values, kind, json)
        }
    }

    private func read(_ json: JSON?) throws(SCIMError) -> [SCIMValue] {
        guard let json else { return [] }
        return try SCIMReader.value(json, attribute, name: name)?.elements ?? []
    }

    /// What makes a value the same as another one.
    private struct Key: Hashable {
        var value: String?
        var type: String?
    }

    private func key(_ value: SCIMValue) -> Key? {
        guard let object = value.object else { return value.string.map { Key(value: $0) } }
        guard let text = object["value"]?.string else { return nil }
        let isMember = attribute.name == "members"
        return Key(
            value: isMember ? text.lowercased() : text, type: isMember ? nil : object["type"]?.string?.lowercased())
    }

    private func adding(_ new: [SCIMValue], to values: [SCIMValue]) -> [SCIMValue] {
        var all = values
        var places: [Key: Int] = [:]
        for (place, value) in values.enumerated() {
            if let key = key(value) { places[key] = place }
        }
        for value in new {
            if value.object?["primary"] == .bool(true) { demote(&all) }
            guard let key = key(value) else {
                if !all.contains(value) { all.append(value) }
                continue
            }
            if let place = places[key] {
                guard var merged = all[place].object, let more = value.object else { continue }
                for member in more.members { merged[member.name] = member.value }
                all[place] = .object(merged)
            } else {
                places[key] = all.count
                all.append(value)
            }
        }
        return all
    }

    /// A new primary value takes the place of the one before (RFC 7644 §3.5.2).
    private func demote(_ values: inout [SCIMValue]) {
        for place in values.indices {
            guard var object = values[place].object, object["primary"] == .bool(true) else { continue }
            object["primary"] = .bool(false)
            values[place] = .object(object)
        }
    }

    /// With a value, as some clients send it, only those that it names go; without, all.
    private func removing(_ json: JSON?, from values: [SCIMValue]) throws(SCIMError) -> [SCIMValue] {
        guard let json, !json.isNull else { return [] }
        let named = try read(json)
        let keys = Set(named.compactMap(key))
        return values.filter { value in
            guard let own = key(value) else { return !named.contains(value) }
            return !keys.contains(own) && !keys.contains(Key(value: own.value))
        }
    }

    private func isChosen(_ value: SCIMValue) throws(SCIMError) -> Bool {
        guard let filter else { return true }
        return try filter.matches(value.object ?? SCIMObject(), attribute)
    }

    private func removingChosen(from values: [SCIMValue]) throws(SCIMError) -> [SCIMValue] {
        if values.isEmpty, let filter { _ = try filter.matches(SCIMObject(), attribute) }
        var kept: [SCIMValue] = []
        kept.reserveCapacity(values.count)
        for value in values {
            guard try isChosen(value) else {
                kept.append(value)
                continue
            }
            guard let part, var object = value.object else { continue }
            object[part.name] = nil
            if !object.isEmpty { kept.append(.object(object)) }
        }
        return kept
    }

    private func settingChosen(
        _ values: [SCIMValue], _ kind: SCIMPatch.Kind, _ json: JSON?
    ) throws(SCIMError) -> [SCIMValue] {
        guard let json else { return values }
        let changes = try changes(json)
        var all = values
        var chosen: [Int] = []
        for (place, value) in values.enumerated() where try isChosen(value) { chosen.append(place) }
        if changes["primary"] == .bool(true) { demote(&all) }
        if chosen.isEmpty {
            // RFC 7644 §3.5.2.3: nothing to replace. What is added comes with what the filter says of it.
            guard kind == .add || filter == nil else {
                throw SCIMError.bad(.noTarget, "No value of \(attribute.name) fits the filter.")
            }
            guard var object = filter.map({ $0.described(attribute) }) ?? SCIMObject() else {
                throw SCIMError.bad(.noTarget, "No value of \(attribute.name) fits the filter.")
            }
            for member in changes.members { object[member.name] = member.value }
            return object.isEmpty ? all : all + [.object(object)]
        }
        for place in chosen {
            var object = all[place].object ?? SCIMObject()
            for member in changes.members { object[member.name] = member.value }
            if changes.isEmpty, let part { object[part.name] = nil }
            all[place] = .object(object)
        }
        return all.filter { $0.object?.isEmpty != true }
    }

    /// The parts that the chosen values get.
    private func changes(_ json: JSON) throws(SCIMError) -> SCIMObject {
        let only = json.elements.flatMap { $0.count == 1 ? $0[0] : nil } ?? json
        if let part {
            var object = SCIMObject()
            object[part.name] = try SCIMReader.single(only, part, name: name)
            return object
        }
        return try SCIMReader.single(only, attribute, name: name)?.object ?? SCIMObject()
    }
}
