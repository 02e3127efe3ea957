internal import Accounts
internal import Base

/// What `vestibule keys` is told to do.
enum KeysOrder {
    /// Make a key; the org's slug or id, and its lifetime in seconds.
    case create(APIKeyDraft, org: String?, lifetime: Int64?)
    case list
    /// The overlap in seconds.
    case rotate(APIKeyName, overlap: Int64)
    case revoke(APIKeyName)

    /// Which flags go with which verb, besides `--config`.
    private static let flags: [String: Set<String>] = [
        "create": ["module", "expires", "allow-cidr", "org", "rate-limit"], "list": [], "rotate": ["overlap"],
        "revoke": [],
    ]

    init(_ arguments: Arguments) throws(UsageError) {
        guard let verb = arguments.words.first, let allowed = Self.flags[verb] else {
            throw UsageError("keys needs create NAME --module M, list, rotate ID or revoke ID")
        }
        for flag in arguments.flags.keys where flag != "config" && !allowed.contains(flag) {
            throw UsageError("keys \(verb) takes no --\(flag)")
        }
        guard arguments.words.count == (verb == "list" ? 1 : 2) else {
            throw UsageError(
                verb == "list"
                    ? "keys list takes nothing more" : "keys \(verb) needs one \(verb == "create" ? "NAME" : "ID")")
        }
        switch verb {
        case "create": self = try Self.create(arguments)
        case "rotate":
            self = .rotate(
                try Self.name(arguments.words[1]),
                overlap: try Self.duration(arguments, "overlap") ?? APIKeys.standardOverlap)
        case "revoke": self = .revoke(try Self.name(arguments.words[1]))
        default: self = .list
        }
    }

    private static func create(_ arguments: Arguments) throws(UsageError) -> KeysOrder {
        guard let module = arguments.flags["module"] else { throw UsageError("keys create needs --module M") }
        var draft = APIKeyDraft(name: arguments.words[1], module: module)
        for text in arguments.values("allow-cidr").flatMap({ $0.split(separator: ",") }) {
            guard let network = CIDR(text) else {
                throw UsageError("--allow-cidr \(text) is no network; give one such as 10.0.0.0/8")
            }
            draft.networks.append(network)
        }
        if let text = arguments.flags["rate-limit"] {
            guard let limit = Int(text), limit > 0 else {
                throw UsageError("--rate-limit needs a number of requests a minute, 1 or more")
            }
            draft.rateLimit = limit
        }
        let lifetime = try duration(arguments, "expires")
        if lifetime == 0 { throw UsageError("--expires must be longer than nothing; give one such as 30d") }
        return .create(draft, org: arguments.flags["org"], lifetime: lifetime)
    }

    private static func duration(_ arguments: Arguments, _ flag: String) throws(UsageError) -> Int64? {
        guard let text = arguments.flags[flag] else { return nil }
        guard let seconds = DurationText.seconds(text) else {
            throw UsageError("--\(flag) \(text) is no duration; give a number followed by s, m, h, d or w, such as 30d")
        }
        return seconds
    }

    /// A key is named by its id or by the public part of it; the whole key is not looked at.
    private static func name(_ text: String) throws(UsageError) -> APIKeyName {
        if let id = EntityID(text) { return .id(id) }
        guard APIKeyText.isKeyID(text) else {
            throw UsageError("the ID is the one of keys list, the part between vst_ and the next _ of a key")
        }
        return .keyID(text)
    }
}
