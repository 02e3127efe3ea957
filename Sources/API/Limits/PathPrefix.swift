/// The beginning of a path, or all of it; compared without making text.
struct PathPrefix {
    private let bytes: [UInt8]
    private let isWhole: Bool

    init(_ text: String, isWhole: Bool = false) {
        bytes = Array(text.utf8)
        self.isWhole = isWhole
    }

    func prefixes(_ path: Span<UInt8>) -> Bool {
        guard isWhole ? path.count == bytes.count : path.count >= bytes.count else { return false }
        for index in bytes.indices.reversed() where path[index] != bytes[index] { return false }
        return true
    }
}
