/// Where one field of a head stands, counted from the head's first byte.
struct FieldEntry {
    /// The known name's number; 0 for another name.
    var code: UInt8
    var nameStart: Int32
    var nameLength: Int32
    var valueStart: Int32
    var valueLength: Int32

    @inline(__always) var name: Range<Int> { Int(nameStart)..<Int(nameStart &+ nameLength) }
    @inline(__always) var value: Range<Int> { Int(valueStart)..<Int(valueStart &+ valueLength) }
}
