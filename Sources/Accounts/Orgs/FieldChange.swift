/// What a partial update does with one field.
public enum FieldChange<Value: Sendable>: Sendable {
    /// The field was not sent.
    case keep
    /// The field was sent; nil clears it.
    case set(Value?)

    /// Whether the field was sent.
    public var isSet: Bool {
        if case .set = self { true } else { false }
    }

    /// What was sent.
    public var value: Value? {
        if case .set(let value) = self { value } else { nil }
    }
}
