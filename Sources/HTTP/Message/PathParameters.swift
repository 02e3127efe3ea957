internal import Base

/// The values of a route's parameters, percent-decoded when asked for. Valid as long as the request.
public struct PathParameters {
    let request: Request

    /// The value of the parameter; nil when the template has none of this name. A segment's value is percent-decoded
    /// (the router has refused what does not decode to UTF-8); the value of `{name...}` is raw, because decoding could
    /// change where its segments end.
    public subscript(_ name: String) -> String? {
        guard let index = request.notes.parameterNames.firstIndex(where: { $0 == name || $0 == name + "..." }) else {
            return nil
        }
        return request.withParameter(index) { raw in
            request.notes.parameterNames[index] == name ? PercentEncoding.decode(raw) ?? raw.text : raw.text
        }
    }

    /// Reads the raw value without making a copy; nil when the template has no parameter of this name.
    public func withRaw<R>(_ name: String, _ body: (Span<UInt8>) throws -> R) rethrows -> R? {
        guard let index = request.notes.parameterNames.firstIndex(where: { $0 == name || $0 == name + "..." }) else {
            return nil
        }
        return try request.withParameter(index, body)
    }
}
