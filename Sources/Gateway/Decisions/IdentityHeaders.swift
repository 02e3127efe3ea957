internal import Accounts
internal import Base
internal import Tokens

/// The identity headers of an allow: always the whole set, so that no header of that name from a client survives.
struct IdentityHeaders {
    private var bytes: [UInt8] = []

    /// The lines for a principal, or for a verified identity without a user, or (both nil) for nobody.
    ///
    /// - Parameter membership: the org of the request.
    static func block(token: VerifiedToken?, principal: Principal?, membership: Membership?) -> [UInt8] {
        var headers = IdentityHeaders()
        headers.bytes.reserveCapacity(640)
        headers.line("X-Auth-User-Id", principal?.userID.description ?? "")
        headers.line("X-Auth-Subject", token?.subject ?? "")
        headers.line("X-Auth-Provider", token?.provider.rawValue ?? "")
        headers.line("X-Auth-Email", principal?.email ?? token?.email ?? "")
        headers.line("X-Auth-Org-Id", membership?.orgID.description ?? "")
        headers.line("X-Auth-Org-Role", membership?.role.rawValue ?? "")
        headers.line("X-Auth-Global-Role", principal?.globalRole.rawValue ?? "")
        headers.list("X-Auth-Groups", token?.groups ?? [], separator: 0x2C)
        headers.list("X-Auth-Scopes", token?.scopes ?? [], separator: 0x20)
        return headers.bytes
    }

    /// The line of a signed token that says the same, where assertions are on; empty for nobody.
    static func assertion(_ token: String) -> [UInt8] {
        var headers = IdentityHeaders()
        headers.line("X-Auth-Assertion", token)
        return headers.bytes
    }

    private mutating func line(_ name: StaticString, _ value: String) {
        open(name)
        append(value, escaping: 0)
        close()
    }

    private mutating func list(_ name: StaticString, _ values: [String], separator: UInt8) {
        open(name)
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(separator) }
            append(value, escaping: separator)
        }
        close()
    }

    private mutating func open(_ name: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(0x3A)
        bytes.append(0x20)
    }

    private mutating func close() {
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// Percent-encodes (RFC 3986 §2.1) what is no visible ASCII, the percent sign itself so that it can be undone,
    /// and the list's separator inside a value.
    private mutating func append(_ value: String, escaping separator: UInt8) {
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        // Nearly always there is nothing to encode, and the bytes stand as they were copied.
        guard let first = bytes[start...].firstIndex(where: { !Self.isPlain($0, separator) }) else { return }
        let rest = Array(bytes[first...])
        bytes.removeSubrange(first...)
        for byte in rest {
            if Self.isPlain(byte, separator) {
                bytes.append(byte)
            } else {
                bytes.append(0x25)
                bytes.append(Self.hexadecimal(byte >> 4))
                bytes.append(Self.hexadecimal(byte & 0x0F))
            }
        }
    }

    @inline(__always) private static func isPlain(_ byte: UInt8, _ separator: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != 0x25 && byte != separator
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x37 + digit
    }
}
