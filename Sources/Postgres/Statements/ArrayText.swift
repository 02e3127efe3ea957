/// The text form of a one-dimensional array: `{a,"b c",d}`.
enum ArrayText {
    /// The elements; nil where the text is no such array, or holds a null.
    static func elements(of text: String) -> [String]? {
        let bytes = Array(text.utf8)
        guard bytes.first == 0x7B, bytes.last == 0x7D, bytes.count >= 2 else { return nil }
        if bytes.count == 2 { return [] }
        var elements: [String] = []
        var element: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var index = 1
        while index < bytes.count {
            let byte = bytes[index]
            if isQuoted {
                if byte == 0x5C {
                    index += 1
                    element.append(bytes[index])
                } else if byte == 0x22 {
                    isQuoted = false
                } else {
                    element.append(byte)
                }
            } else if byte == 0x22 {
                isQuoted = true
                wasQuoted = true
            } else if byte == 0x2C || byte == 0x7D {
                let value = String(decoding: element, as: UTF8.self)
                if !wasQuoted, value == "NULL" { return nil }
                elements.append(value)
                element = []
                wasQuoted = false
            } else if byte == 0x7B {
                return nil
            } else {
                element.append(byte)
            }
            index += 1
        }
        return isQuoted ? nil : elements
    }
}
