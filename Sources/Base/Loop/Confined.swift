/// Carries a value that one loop owns through an interface that asks for `Sendable`.
///
/// The only place where confinement to a loop is asserted and not checked by the compiler: the value must
/// be made, used and dropped on that loop's thread.
@safe public struct Confined<Value>: @unchecked Sendable {
    /// The value. On the owning loop's thread only.
    public let value: Value

    /// Wraps a value of the calling loop.
    public init(_ value: Value) {
        self.value = value
    }
}
