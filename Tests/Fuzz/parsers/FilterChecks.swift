#if DEBUG || FUZZING

    internal import Base

    @testable import Accounts

    /// SCIM filters: what is read, written out and read again is the same, and of a filter's texts nothing gets outside
    /// the quotes of the SQL/JSON path that is made of it.
    enum FilterChecks {
        static func check(_ input: [UInt8]) {
            guard let text = String(validating: input, as: UTF8.self) else { return }
            if let path = try? SCIMPath(text) { inspect(path) }
            guard let filter = try? SCIMFilter(text) else { return }
            precondition(input.count <= SCIMFilterParser.longest, "too long")
            let (written, depth) = write(filter)
            if written.utf8.count <= SCIMFilterParser.longest, depth < SCIMFilterParser.deepest {
                precondition((try? SCIMFilter(written)) == filter, "written out it reads otherwise")
            }
            for type in SCIMResourceType.all {
                _ = filter.key(type)
                if let path = try? filter.jsonPath(type) { inspect(path) }
                for attribute in type.schema.attributes where attribute.isMultiValued {
                    _ = filter.described(attribute)
                    _ = try? filter.matches(sample, attribute)
                }
            }
        }

        private static let sample: SCIMObject = {
            var object = SCIMObject()
            object["value"] = .string("ada@example.com")
            object["type"] = .string("work")
            object["primary"] = .bool(true)
            return object
        }()

        private static func inspect(_ path: SCIMPath) {
            precondition(path.part?.isEmpty != true && path.schema?.isEmpty != true, "an empty part")
            for type in SCIMResourceType.all {
                if let text = try? path.jsonPath(type) { inspect(text) }
            }
        }

        /// Outside quotes only what the translation itself writes.
        private static func inspect(_ path: String) {
            var isQuoted = false
            var isEscaped = false
            for byte in path.utf8 {
                if isQuoted {
                    precondition(byte >= 0x20, "a control character in a text")
                    if isEscaped {
                        isEscaped = false
                    } else if byte == 0x5C {
                        isEscaped = true
                    } else if byte == 0x22 {
                        isQuoted = false
                    }
                } else if byte == 0x22 {
                    isQuoted = true
                } else {
                    precondition(" !$&()*.<=>?@[]_|aefgilkrstuxd".utf8.contains(byte), "outside quotes: \(byte)")
                }
            }
            precondition(!isQuoted, "an open quote")
        }

        private static func write(_ filter: SCIMFilter) -> (text: String, depth: Int) {
            func two(_ left: SCIMFilter, _ word: String, _ right: SCIMFilter) -> (String, Int) {
                let (first, second) = (write(left), write(right))
                return ("(\(first.text)) \(word) (\(second.text))", 1 + max(first.depth, second.depth))
            }
            switch filter {
            case .and(let left, let right): return two(left, "and", right)
            case .or(let left, let right): return two(left, "or", right)
            case .not(let inner):
                let (text, depth) = write(inner)
                return ("not (\(text))", depth + 1)
            case .present(let path):
                let (text, depth) = write(path)
                return ("\(text) pr", depth)
            case .compare(let path, let comparison, let literal):
                let (text, depth) = write(path)
                return ("\(text) \(comparison.rawValue) \(write(literal))", depth)
            case .values(let path, let inner):
                let (before, outer) = write(path)
                let (text, depth) = write(inner)
                return ("\(before)[\(text)]", max(outer, depth + 1))
            }
        }

        private static func write(_ path: SCIMPath) -> (text: String, depth: Int) {
            var text = path.attribute
            if let schema = path.schema { text = text.isEmpty ? schema : "\(schema):\(text)" }
            var depth = 0
            if let filter = path.filter {
                let (inner, deep) = write(filter)
                text += "[\(inner)]"
                depth = deep + 1
            }
            if let part = path.part { text += ".\(part)" }
            return (text, depth)
        }

        private static func write(_ literal: SCIMFilter.Literal) -> String {
            switch literal {
            case .string(let text): String(decoding: JSONWriter.make { $0.value(text) }, as: UTF8.self)
            case .bool(let flag): "\(flag)"
            case .number(let number): "\(number)"
            case .null: "null"
            }
        }
    }

#endif
