internal import Accounts
internal import Base

/// What a caller may do at one stage of one API, as the IAM statements that the gateway caches and holds against every
/// later request of the caller.
struct AWSPolicy: Equatable {
    /// The longest resource that IAM takes, in bytes.
    static let maximumResource = 512

    private(set) var allow: [String] = []
    private(set) var deny: [String] = []

    /// Everything at the stage, or nothing.
    static func whole(_ arn: AWSMethodARN, isAllowed: Bool) -> AWSPolicy {
        let all = [arn.path == nil ? "\(arn.stage)/*" : "\(arn.stage)/*/*"]
        return AWSPolicy(allow: isAllowed ? all : [], deny: isAllowed ? [] : all)
    }

    /// The requested method and path alone. A path that would be read as a pattern, or is too long, is denied with the
    /// whole stage: nothing less can be said about it.
    static func requested(_ arn: AWSMethodARN, isAllowed: Bool) -> AWSPolicy {
        let rest = arn.text.dropFirst(arn.stage.count)
        let isRoute = arn.path == nil && ARNPattern.isLiteral(arn.verb.dropFirst())
        guard isRoute || ARNPattern.isLiteral(rest), arn.text.utf8.count <= maximumResource else {
            return whole(arn, isAllowed: false)
        }
        return AWSPolicy(allow: isAllowed ? [arn.text] : [], deny: isAllowed ? [] : [arn.text])
    }

    /// The same as the rules for the whole stage.
    ///
    /// - Returns: nil where patterns can't say it, or would say something else about the requested path.
    static func rules(_ arn: AWSMethodARN, _ reach: [RouteReach], isAllowed: Bool) -> AWSPolicy? {
        guard let path = arn.path, let standard = reach.last else { return nil }
        let areas = reach.compactMap { AWSPolicyArea($0) }
        guard areas.count == reach.count, ARNPattern.isLiteral(path) else { return nil }
        if reach.allSatisfy({ $0.isAllowed == standard.isAllowed }) { return whole(arn, isAllowed: standard.isAllowed) }
        let builder = AWSPolicyBuilder(areas)
        guard let found = standard.isAllowed ? builder.allButDenied() ?? builder.onlyListed() : builder.onlyListed()
        else { return nil }
        let requested = arn.verb + path
        let says =
            found.allow.contains { ARNPattern.matches($0, requested) }
            && !found.deny.contains { ARNPattern.matches($0, requested) }
        guard says == isAllowed else { return nil }
        let policy = AWSPolicy(
            allow: found.allow.map { "\(arn.stage)/\($0)" }, deny: found.deny.map { "\(arn.stage)/\($0)" })
        return policy.fits ? policy : nil
    }

    private var fits: Bool {
        (allow + deny).allSatisfy { $0.utf8.count <= Self.maximumResource }
    }

    /// Writes `policyDocument`.
    func write(to writer: inout JSONWriter) {
        writer.object("policyDocument") { writer in
            writer.member("Version", "2012-10-17")
            writer.key("Statement")
            writer.beginArray()
            Self.write("Allow", allow, &writer)
            Self.write("Deny", deny, &writer)
            writer.endArray()
        }
    }

    private static func write(_ effect: String, _ resources: [String], _ writer: inout JSONWriter) {
        guard let first = resources.first else { return }
        writer.object { writer in
            writer.member("Action", "execute-api:Invoke")
            writer.member("Effect", effect)
            if resources.count == 1 {
                writer.member("Resource", first)
            } else {
                writer.member("Resource", resources)
            }
        }
    }
}
