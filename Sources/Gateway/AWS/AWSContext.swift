internal import Accounts
internal import Base
internal import Tokens

/// What the gateway passes on to the API about the caller: flat, of strings and one truth value.
struct AWSContext {
    private var members: [(name: String, value: String)] = []
    private var groups: [String] = []
    private var isTruncated = false

    init(_ access: Access, environment: String) {
        let token = access.token
        let principal = access.principal
        var membership: Membership?
        if case .allowed(let allowed) = access.outcome { membership = allowed }
        let email = principal?.email ?? token?.email ?? ""
        add("sub", token?.subject)
        add("username", email)
        add("email", email)
        add("user_id", principal?.userID.description)
        add("provider", token?.provider.rawValue)
        add("org_id", membership?.orgID.description)
        add("org_role", membership?.role.rawValue)
        add("global_role", principal?.globalRole.rawValue)
        add("scopes", token?.scopes.joined(separator: " "))
        add("session_id", token?.sessionID)
        add("environment", environment)
        groups = token?.groups.filter { !$0.isEmpty }.map(Self.escaped) ?? []
    }

    /// The value under a name; nil where it was left out.
    subscript(_ name: String) -> String? {
        members.first { $0.name == name }?.value
    }

    /// Cuts groups away until the text that the closure makes of this is shorter than the limit. Where even no group
    /// is left, what is long and grants nothing goes too.
    ///
    /// - Returns: the text; nil when it can't be made short enough.
    mutating func shortened(below limit: Int, _ make: (AWSContext) -> [UInt8]) -> [UInt8]? {
        let whole = make(self)
        if whole.count < limit { return whole }
        let all = groups
        groups = []
        isTruncated = !all.isEmpty
        for name in ["", "scopes", "session_id", "username", "email"] {
            members.removeAll { $0.name == name }
            let bare = make(self)
            guard bare.count < limit else { continue }
            // Some groups fit: as many from the start as leave room, found by halving.
            var fitting = 0
            var tooMany = all.count + (isTruncated ? 0 : 1)
            while tooMany - fitting > 1 {
                let middle = (fitting + tooMany) / 2
                groups = Array(all[..<middle])
                if make(self).count < limit { fitting = middle } else { tooMany = middle }
            }
            groups = Array(all[..<fitting])
            return make(self)
        }
        return nil
    }

    /// Writes `context`.
    func write(to writer: inout JSONWriter) {
        writer.object("context") { writer in
            for (name, value) in members { writer.member(name, value) }
            if !groups.isEmpty { writer.member("groups", groups.joined(separator: ",")) }
            if isTruncated { writer.member("groups_truncated", true) }
        }
    }

    private mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { members.append((name, value)) }
    }

    /// A comma inside a name would make two groups of one, and a line break two headers where the gateway maps the
    /// context to one; encoded as in `X-Auth-Groups`.
    private static func escaped(_ group: String) -> String {
        guard group.utf8.contains(where: mustBeEscaped) else { return group }
        var text: [UInt8] = []
        for byte in group.utf8 {
            if mustBeEscaped(byte) {
                text.append(UInt8(ascii: "%"))
                text.append(contentsOf: Hex.encode([byte]).uppercased().utf8)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "%") || byte < 0x20 || byte == 0x7F
    }
}
