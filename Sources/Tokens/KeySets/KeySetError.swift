/// Why a document is not taken as a key set. It never replaces one that was taken.
public enum KeySetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Larger than ``KeySet/largestSize``.
    case tooLarge(bytes: Int)
    /// No strict JSON; the text says what and where.
    case notJSON(String)
    /// JSON, but no object with an array `keys`.
    case notAKeySet
    /// More keys than ``KeySet/largestCount``.
    case tooManyKeys(Int)
    /// Every key was skipped, or there is none.
    case noUsableKey([KeySet.Skipped])

    /// A sentence for the administrator.
    public var description: String {
        switch self {
        case .tooLarge(let bytes): "the key set has \(bytes) bytes; at most \(KeySet.largestSize) are read"
        case .notJSON(let reason): "the key set is not JSON: \(reason)"
        case .notAKeySet: "the document is not a key set: an object with the array keys is expected"
        case .tooManyKeys(let count): "the key set has \(count) keys; at most \(KeySet.largestCount) are read"
        case .noUsableKey(let skipped):
            skipped.first.map { "the key set has no usable key: \($0.reason)" } ?? "the key set is empty"
        }
    }
}
