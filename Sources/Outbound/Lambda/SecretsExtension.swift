public import Base

/// Reads secrets through the AWS Parameters and Secrets Lambda extension on this machine. Belongs to its loop.
public final class SecretsExtension {
    /// Why a secret could not be had.
    public enum Failure: Error, Sendable {
        /// The text is no ARN of Secrets Manager or of the Parameter Store.
        case notAnARN
        /// The extension did not answer, or refused.
        case fetch(FetchError)
        /// The answer has no secret text in it.
        case unreadable

        /// A sentence for an administrator; never holds the secret.
        public var message: String {
            switch self {
            case .notAnARN: "It is no ARN of Secrets Manager or of the Parameter Store."
            case .fetch(let error): "The AWS secrets extension can't be asked: \(error.message)"
            case .unreadable: "The answer of the AWS secrets extension has no secret text in it."
            }
        }
    }

    private let http: HTTPClient
    private let loop: EventLoop
    private let port: UInt16
    private let sessionToken: String
    private let patience: Duration

    /// A client of the extension.
    ///
    /// - Parameters:
    ///   - port: `PARAMETERS_SECRETS_EXTENSION_HTTP_PORT`, 2773 by default.
    ///   - sessionToken: `AWS_SESSION_TOKEN`, by which the extension knows its own function.
    ///   - patience: how long an extension that is still starting is waited for.
    public init(
        http: HTTPClient, loop: EventLoop, port: UInt16 = 2773, sessionToken: String, patience: Duration = .seconds(5)
    ) {
        self.http = http
        self.loop = loop
        self.port = port
        self.sessionToken = sessionToken
        self.patience = patience
    }

    /// The text of a secret, or of a parameter, by its ARN.
    public func secret(_ arn: String) async throws(Failure) -> Secret {
        guard let target = Self.target(of: arn), let url = WebURL("http://localhost:\(port)\(target)") else {
            throw .notAnARN
        }
        let deadline = loop.clock.monotonic() + patience
        while true {
            let body: [UInt8]
            do throws(FetchError) {
                body = try await fetch(url)
            } catch {
                // The extension starts beside the function and refuses until it is ready.
                let isStarting = error.kind == .connect || error.kind == .status(400)
                guard isStarting, loop.clock.monotonic() < deadline else { throw .fetch(error) }
                await loop.sleep(for: .milliseconds(50))
                continue
            }
            return try Self.text(body)
        }
    }

    private func fetch(_ url: WebURL) async throws(FetchError) -> [UInt8] {
        var request = FetchRequest(.get, url, addresses: .loopbackOnly)
        request.fields = [("X-Aws-Parameters-Secrets-Token", sessionToken)]
        return try await http.fetch(request).requireSuccess(url).body
    }

    /// `arn:{partition}:{service}:{region}:{account}:{resource}`.
    private static func target(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", arn.utf8.count <= 1024 else { return nil }
        let name = PercentEncoding.component(arn)
        if parts[2] == "secretsmanager", parts[5].hasPrefix("secret:") {
            return "/secretsmanager/get?secretId=\(name)"
        }
        if parts[2] == "ssm", parts[5].hasPrefix("parameter/") {
            return "/systemsmanager/parameters/get?name=\(name)&withDecryption=true"
        }
        return nil
    }

    private static func text(_ body: [UInt8]) throws(Failure) -> Secret {
        guard let document = try? JSON.parse(body),
            let text = (document["SecretString"] ?? document["Parameter"]?["Value"])?.string
        else { throw .unreadable }
        return Secret(text)
    }
}
