/// Why two readers of one request could see different values of a field.
public enum FieldDoubt: Error, Equatable, Sendable {
    /// It was sent more than once.
    case repeated(FieldName)
    /// It holds a comma, as several fields joined by somebody on the way would.
    case joined(FieldName)
    /// Its name has another character in a hyphen's place: servers that hand fields on as variables (CGI, WSGI) make
    /// one name of both.
    case alias(FieldName)
}
