/// One value on a document's tape, which lists values in the order of their text, names before their values.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable {
        case null, yes, no, number, string, escaped, array, object
    }

    /// Where the value's text begins; for strings behind the quote.
    var start: Int32
    /// Where it ends; for strings before the quote.
    var end: Int32
    /// The node behind this one and all within it.
    var next: Int32
    /// Elements of an array, members of an object.
    var count: Int32
    var kind: Kind
}
