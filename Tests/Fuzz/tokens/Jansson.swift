#if DEBUG || FUZZING

    internal import Base
    internal import CJansson

    /// A text as jansson reads it: an independent reader of the same standard.
    @safe struct Jansson: ~Copyable {
        let value: UnsafeMutablePointer<json_t>

        /// Nil where jansson refuses the text.
        init?(_ text: [UInt8]) {
            var error = json_error_t()
            let flags = Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)
            let characters = text.map { CChar(bitPattern: $0) }
            guard let value = unsafe json_loadb(characters, text.count, flags, &error) else { return nil }
            unsafe self.value = value
        }

        deinit {
            unsafe json_decref(value)
        }

        /// Whether it is an object.
        var isObject: Bool { unsafe value.pointee.type == JSON_OBJECT }

        /// Whether it has the member.
        func has(_ name: String) -> Bool { unsafe json_object_get(value, name) != nil }

        /// The text of a member; nil where there is none or it is no text.
        func text(_ name: String) -> [UInt8]? {
            guard let member = unsafe json_object_get(value, name), unsafe member.pointee.type == JSON_STRING else {
                return nil
            }
            return unsafe Jansson.bytes(member)
        }

        /// The number of a member; nil where there is none or it is no number.
        func number(_ name: String) -> Double? {
            guard let member = unsafe json_object_get(value, name),
                unsafe member.pointee.type == JSON_INTEGER || member.pointee.type == JSON_REAL
            else { return nil }
            return unsafe json_number_value(member)
        }

        /// Whether it is the same value, member by member, text by text, number by number.
        func equals(_ ours: JSON) -> Bool { unsafe Jansson.equal(ours, value) }

        private static func equal(_ ours: JSON, _ theirs: UnsafeMutablePointer<json_t>) -> Bool {
            switch unsafe theirs.pointee.type {
            case JSON_OBJECT:
                guard let members = ours.members, unsafe members.count == json_object_size(theirs) else { return false }
                return members.allSatisfy { name, value in
                    guard let member = unsafe json_object_get(theirs, name) else { return false }
                    return unsafe equal(value, member)
                }
            case JSON_ARRAY:
                guard let elements = ours.elements, unsafe elements.count == json_array_size(theirs) else {
                    return false
                }
                return elements.enumerated().allSatisfy { index, element in
                    guard let other = unsafe json_array_get(theirs, index) else { return false }
                    return unsafe equal(element, other)
                }
            case JSON_STRING: return unsafe ours.string.map { Array($0.utf8) } == bytes(theirs)
            case JSON_INTEGER: return unsafe ours.int == json_integer_value(theirs)
            case JSON_REAL: return unsafe ours.int == nil && ours.double == json_real_value(theirs)
            case JSON_TRUE: return ours.bool == true
            case JSON_FALSE: return ours.bool == false
            default: return ours.isNull
            }
        }

        private static func bytes(_ text: UnsafeMutablePointer<json_t>) -> [UInt8] {
            guard let start = unsafe UnsafeRawPointer(json_string_value(text)) else { return [] }
            return unsafe Array(UnsafeRawBufferPointer(start: start, count: json_string_length(text)))
        }
    }

    extension JSON {
        /// Whether jansson can't hold it: numbers that fit neither 64 bits nor a double, and names with NUL.
        var isBeyondJansson: Bool {
            switch kind {
            case .number:
                int == nil && (double == nil || !source.contains { [0x2E, 0x65, 0x45].contains($0) })
            case .array: elements?.contains(where: \.isBeyondJansson) ?? false
            case .object: members?.contains { $0.name.utf8.contains(0) || $0.value.isBeyondJansson } ?? false
            default: false
            }
        }
    }

#endif
