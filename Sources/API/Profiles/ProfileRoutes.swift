public import Accounts
internal import Base
public import HTTP

/// What people do with their own profile.
public final class ProfileRoutes {
    private let callers: any Callers
    private let profiles: Profiles

    /// Puts the routes together.
    public init(callers: any Callers, profiles: Profiles) {
        self.callers = callers
        self.profiles = profiles
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/profiles/me") { try await self.me($0) }
        ]
    }

    private func me(_ request: Request) async throws -> Response {
        let account = try await profiles.me(try await callers.login(of: request))
        guard let profile = account.profile else {
            throw Problem(.internalError, "The profile could not be read.", cause: "a login left no profile")
        }
        return .data { writer in
            writer.members(of: profile)
            writer.organizations(account.memberships)
        }
    }
}
