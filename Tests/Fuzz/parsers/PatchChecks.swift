#if DEBUG || FUZZING

    internal import Base

    @testable import Accounts

    /// SCIM PATCH: whatever is done, the resource holds what its schema knows and nothing else, and what is the service's
    /// own to say stays.
    enum PatchChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 4000, let body = try? JSON.parse(input, limits: .storable) else { return }
            // Either a whole request, or the operations alone.
            let request =
                body.kind == .array
                ? try? JSON.parse(
                    Array("{\"schemas\":[\"\(SCIMPatch.schema)\"],\"Operations\":".utf8) + input + [0x7D]) : body
            guard let patch = request.flatMap({ try? SCIMPatch($0) }) else { return }
            precondition((1...SCIMPatch.mostOperations).contains(patch.operations.count), "operations")
            for (type, before) in samples {
                var after = before
                guard (try? patch.apply(to: &after, type)) != nil else { continue }
                inspect(after, type)
                precondition(after["id"] == before["id"] && after["meta"] == before["meta"], "not a client's to change")
                // What is stored is read as it was.
                let text = JSONWriter.make { after.write(to: &$0) }
                guard let stored = try? JSON.parse(text) else { preconditionFailure("what is stored is no JSON") }
                precondition(SCIMObject(stored) == after, "what is stored reads otherwise")
            }
        }

        private static func inspect(_ resource: SCIMObject, _ type: SCIMResourceType) {
            var names: Set<String> = []
            for member in resource.members {
                precondition(names.insert(member.name).inserted, "twice the same member")
                if ["id", "meta", "schemas", "externalId"].contains(member.name) { continue }
                if let schema = type.extension(member.name) {
                    for part in member.value.object?.members ?? [] {
                        precondition(schema.attribute(part.name)?.name == part.name, "unknown to the extension")
                    }
                    continue
                }
                guard let attribute = type.schema.attribute(member.name), attribute.name == member.name else {
                    preconditionFailure("unknown to the schema: \(member.name)")
                }
                precondition(attribute.isMultiValued == (member.value.elements != nil), "one or many")
                let values = member.value.elements ?? [member.value]
                precondition(values.count { $0.object?["primary"] == .bool(true) } <= 1, "two primaries")
                for value in values {
                    for part in value.object?.members ?? [] {
                        precondition(attribute.part(part.name)?.name == part.name, "unknown to the attribute")
                    }
                }
            }
            for attribute in type.schema.attributes where attribute.isRequired {
                precondition(resource[attribute.name] != nil, "\(attribute.name) is gone")
            }
        }

        private static let samples: [(SCIMResourceType, SCIMObject)] = [
            (
                .user,
                """
                {"id":"1","userName":"ada@example.com","active":true,"name":{"givenName":"Ada","familyName":"L"},"emails":[\
                {"value":"a@w.example","type":"work","primary":true},{"value":"a@h.example","type":"home"}],"meta":{}}
                """
            ),
            (
                .group,
                #"{"id":"2","displayName":"engineers","members":[{"value":"018f0000-0000-7000-8000-000000000001"}]}"#
            ),
        ].map { type, text in
            guard let json = try? JSON.parse(Array(text.utf8)) else { preconditionFailure("the sample is no JSON") }
            return (type, SCIMObject(json))
        }
    }

#endif
