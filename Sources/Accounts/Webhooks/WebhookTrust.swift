public import Base
public import Tokens

/// By what deliveries are known to be genuine, and whom they speak for: as configured at the moment. One a loop.
public struct WebhookTrust {
    private let secrets: (WebhookSender) -> [Secret]
    private let policy: (Provider) -> IssuerPolicy?

    /// - Parameters:
    ///   - secrets: what is stored or set for a sender; several during a rotation.
    ///   - policy: the issuer that is configured for a provider, whether or not its tokens are accepted.
    public init(
        secrets: @escaping (WebhookSender) -> [Secret], policy: @escaping (Provider) -> IssuerPolicy?
    ) {
        self.secrets = secrets
        self.policy = policy
    }

    /// The secrets in a stored text, which may be several with commas between them.
    public static func several(_ stored: Secret?) -> [Secret] {
        guard let stored else { return [] }
        return stored.text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            Secret(part.drop { $0 == " " }.utf8.reversed().drop { $0 == UInt8(ascii: " ") }.reversed())
        }
    }

    /// What is wrong with a secret that is to be stored; nil: nothing.
    static func problem(ofStored secret: Secret, for provider: Provider) -> String? {
        let parts = several(secret)
        if parts.contains(where: { $0.count == 0 }) { return "holds an empty secret; remove the extra comma" }
        let isBad = provider == .clerk && parts.contains { SvixSignature.key($0) == nil }
        return isBad ? SvixSignature.keyForm : nil
    }

    /// - Throws: 404 where the sender has no secret.
    func secrets(of sender: WebhookSender) throws(Problem) -> [Secret] {
        let found = secrets(sender)
        guard found.isEmpty else { return found }
        throw Problem(
            .notFound,
            "Webhooks of this provider are not set up here: it needs \(sender.rawValue.uppercased())_WEBHOOK_SECRET, or webhook_secret in its configuration."
        )
    }

    /// - Throws: 503 where the sender's provider is not configured; the sender tries again.
    func issuer(of sender: WebhookSender) throws(Problem) -> IssuerPolicy {
        let provider: Provider? =
            switch sender {
            case .clerk: .clerk
            case .okta: .okta
            case .ssf: nil
            }
        if let policy = provider.flatMap(policy) { return policy }
        throw Problem(.overloaded, "This provider is not configured here, or not yet.", retryAfter: 10)
    }
}
