internal import HTTP

extension Dialect {
    /// The fields in which the gateway tells what it was asked.
    var fields: DialectFields {
        switch self {
        case .nginx, .haproxy: .original
        case .traefik, .caddy: .forwarded
        case .generic: .originalWithHost
        case .envoy: .itself
        }
    }

    /// What must leave no doubt.
    var screen: FieldScreen {
        switch self {
        case .nginx, .haproxy: Self.originalScreen
        case .traefik, .caddy: Self.forwardedScreen
        case .generic: Self.genericScreen
        case .envoy: Self.envoyScreen
        }
    }

    // Made once: a screen is looked through for every request.
    private static let originalScreen = DialectFields.original.screen
    private static let forwardedScreen = DialectFields.forwarded.screen
    private static let genericScreen = DialectFields.originalWithHost.screen
    private static let envoyScreen = DialectFields.itself.screen
}
