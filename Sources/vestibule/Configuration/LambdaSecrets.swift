internal import Base
internal import Outbound

/// Secrets that are named by ARN, read through the AWS extension before anything else of the configuration.
struct LambdaSecrets {
    let http: HTTPClient
    let loop: EventLoop
    let environment: [String: String]

    /// The environment with every secret in its place.
    ///
    /// - Throws: all that can't be read, not only the first.
    func resolved() async throws(ConfigurationProblems) -> [String: String] {
        var resolved = environment
        var problems = ConfigurationProblems()
        let port = environment["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"].flatMap { UInt16($0) } ?? 2773
        let secrets = SecretsExtension(
            http: http, loop: loop, port: port, sessionToken: environment["AWS_SESSION_TOKEN"] ?? "")
        for key in ConfigurationKeys.all where key.isSecret {
            guard let arn = environment["\(key.name)_ARN"], !arn.isEmpty, environment[key.name, default: ""].isEmpty
            else { continue }
            do throws(SecretsExtension.Failure) {
                resolved[key.name] = try await secrets.secret(arn).text
            } catch {
                problems.add("\(key.name)_ARN", error.message)
            }
        }
        if !problems.isEmpty { throw problems }
        return resolved
    }
}
