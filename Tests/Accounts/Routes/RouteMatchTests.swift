import Base
import Testing
import Tokens

@testable import Accounts

@Suite struct RouteMatchTests {
    static let own = EntityID.make()
    static let other = EntityID.make()
    static let now = Timestamp(seconds: 100_000)

    static func principal(
        _ role: OrgRole = .user, global: GlobalRole = .globalUser, active: Bool = true, permissions: [String] = [],
        everywhere: [String] = []
    ) -> Principal {
        Principal(
            userID: EntityID.make(), identity: Identity(provider: .okta, issuer: "i", subject: "s"), email: "a@b.c",
            isActive: active, globalRole: global, currentOrg: own,
            memberships: [
                Membership(
                    orgID: own, name: "Own", slug: "own", role: role,
                    permissions: PermissionSet(permissions.compactMap { Permission($0) }))
            ], globalPermissions: PermissionSet(everywhere.compactMap { Permission($0) }), version: 1)
    }

    private static func match(_ requirement: RouteRequirement, org: String? = nil) -> RouteMatch {
        RouteMatch(number: 0, requirement: requirement, orgID: org)
    }

    private static func code(_ decision: RouteDecision) -> String {
        switch decision {
        case .allow(let org): "allow \(org?.slug ?? "-")"
        case .deny(let code, let check): "\(code.rawValue) \(check.rawValue)"
        }
    }

    private static func decide(
        _ requirement: RouteRequirement, org: String? = nil, principal: Principal? = principal(),
        signIn: SignIn? = SignIn(), header: String? = nil
    ) -> String {
        code(match(requirement, org: org).decide(principal: principal, signIn: signIn, orgHeader: header, now: now))
    }

    @Test("Without token only anonymous routes are open")
    func anonymous() {
        #expect(Self.decide(.anonymous, principal: nil, signIn: nil) == "allow -")
        #expect(Self.decide(.authenticated, principal: nil, signIn: nil) == "token_missing token")
        #expect(Self.decide(.authenticated) == "allow own")
        #expect(Self.decide(.authenticated, principal: nil) == "allow -")
        #expect(Self.decide(.authenticated, principal: Self.principal(active: false)) == "user_deactivated user")
        #expect(Self.decide(.anonymous, principal: Self.principal(active: false)) == "user_deactivated user")
    }

    @Test("The org is the path's, else the header's, else the current one; a foreign one is refused")
    func org() {
        let (own, other) = (Self.own.description, Self.other.description)
        #expect(Self.decide(.authenticated, org: own) == "allow own")
        #expect(Self.decide(.authenticated, org: own.uppercased()) == "allow own")
        #expect(Self.decide(.authenticated, org: other) == "forbidden org")
        #expect(Self.decide(.authenticated, org: "own") == "forbidden org")
        #expect(Self.decide(.authenticated, org: "") == "forbidden org")
        #expect(Self.decide(.authenticated, org: own, header: other) == "allow own")
        #expect(Self.decide(.authenticated, header: own) == "allow own")
        #expect(Self.decide(.authenticated, header: other) == "forbidden org")
        #expect(Self.decide(.authenticated, header: "x") == "forbidden org")
        #expect(Self.decide(.authenticated, header: "") == "allow own")
        #expect(Self.decide(.authenticated, principal: nil, header: own) == "forbidden org")
        #expect(Self.decide(.anonymous, org: other) == "allow -")
        #expect(Self.decide(.anonymous, header: other) == "forbidden org")
        #expect(Self.decide(.anonymous, principal: nil, signIn: nil, header: other) == "allow -")
    }

    @Test("A higher org role satisfies a lower one", arguments: OrgRole.allCases, OrgRole.allCases)
    func orgRole(held: OrgRole, asked: OrgRole) {
        var requirement = RouteRequirement()
        requirement.orgRole = asked
        let got = Self.decide(requirement, org: Self.own.description, principal: Self.principal(held))
        #expect(got == (held >= asked ? "allow own" : "forbidden org_role"))
        #expect(
            Self.decide(requirement, org: Self.other.description, principal: Self.principal(held)) == "forbidden org")
    }

    @Test("A higher global role satisfies a lower one", arguments: GlobalRole.allCases, GlobalRole.allCases)
    func globalRole(held: GlobalRole, asked: GlobalRole) {
        var requirement = RouteRequirement()
        requirement.globalRole = asked
        let principal = Self.principal(global: held)
        #expect(
            Self.decide(requirement, principal: principal)
                == (held.rank >= asked.rank ? "allow own" : "forbidden global_role"))
        // Whoever has it needs no membership, unless an org role is asked for too.
        if held >= asked {
            #expect(Self.decide(requirement, org: Self.other.description, principal: principal) == "allow -")
            requirement.orgRole = .user
            #expect(Self.decide(requirement, org: Self.other.description, principal: principal) == "forbidden org")
        }
    }

    @Test("Nobody without user has a role or a permission")
    func nobody() throws {
        var requirement = RouteRequirement()
        requirement.permissions = [try #require(Permission("a:b"))]
        #expect(Self.decide(requirement, principal: nil) == "forbidden permission")
        requirement = RouteRequirement()
        requirement.globalRole = .globalAdmin
        #expect(Self.decide(requirement, principal: nil) == "forbidden global_role")
        requirement = RouteRequirement()
        requirement.orgRole = .user
        #expect(Self.decide(requirement, principal: nil) == "forbidden org_role")
    }

    @Test("Permissions count in the org of the request, or everywhere")
    func permissions() throws {
        var requirement = RouteRequirement()
        requirement.permissions = [try #require(Permission("a:b")), try #require(Permission("a:c"))]
        #expect(Self.decide(requirement, principal: Self.principal(permissions: ["a:b"])) == "forbidden permission")
        #expect(Self.decide(requirement, principal: Self.principal(permissions: ["a:*"])) == "allow own")
        #expect(
            Self.decide(requirement, principal: Self.principal(permissions: ["a:b"], everywhere: ["a:c"]))
                == "allow own")
    }

    @Test("Every scope must be there, whole")
    func scopes() {
        var requirement = RouteRequirement()
        requirement.scopes = ["read", "write"]
        #expect(Self.decide(requirement, signIn: SignIn(scopes: ["write", "x", "read"])) == "allow own")
        #expect(Self.decide(requirement, signIn: SignIn(scopes: ["read", "writes"])) == "forbidden scope")
    }

    @Test(
        "More than one factor is amr mfa, factors of two kinds, a class that demands them, or Clerk's second factor",
        arguments: [
            (SignIn(), false), (SignIn(amr: ["pwd"]), false), (SignIn(amr: ["mfa"]), true),
            (SignIn(amr: ["pwd", "otp"]), true), (SignIn(amr: ["pwd", "pin"]), false),
            (SignIn(amr: ["otp", "sms"]), false), (SignIn(amr: ["MFA"]), false), (SignIn(amr: ["hwk", "fpt"]), true),
            (SignIn(acr: "urn:okta:loa:2fa:any"), true), (SignIn(acr: "urn:okta:loa:1fa:any"), false),
            (SignIn(acr: "urn:okta:loa:2fa:any:ifpossible"), false),
            (SignIn(factorAges: FactorAges(first: 1, second: 2)), true),
            (SignIn(factorAges: FactorAges(first: 1, second: nil)), false),
        ])
    func mfa(signIn: SignIn, expected: Bool) {
        var requirement = RouteRequirement()
        requirement.needsMFA = true
        #expect(Self.decide(requirement, signIn: signIn) == (expected ? "allow own" : "mfa_required mfa"))
    }

    @Test("The sign-in may be so old and no older; unknown counts as too old")
    func maximumAge() {
        var requirement = RouteRequirement()
        requirement.maximumAge = 900
        func at(_ seconds: Int64) -> SignIn { SignIn(authTime: Self.now.advanced(bySeconds: -seconds)) }
        #expect(Self.decide(requirement, signIn: at(900)) == "allow own")
        #expect(Self.decide(requirement, signIn: at(901)) == "login_too_old max_age")
        #expect(Self.decide(requirement, signIn: SignIn()) == "login_too_old max_age")
        let issued = Self.now.advanced(bySeconds: -60)
        func clerk(_ first: Int?, _ second: Int?) -> SignIn {
            SignIn(factorAges: FactorAges(first: first, second: second), issuedAt: issued)
        }
        #expect(Self.decide(requirement, signIn: clerk(14, nil)) == "allow own")
        #expect(Self.decide(requirement, signIn: clerk(15, nil)) == "login_too_old max_age")
        #expect(Self.decide(requirement, signIn: clerk(nil, 1)) == "login_too_old max_age")
        #expect(Self.decide(requirement, signIn: clerk(1, 20)) == "allow own")
        requirement.needsMFA = true
        #expect(Self.decide(requirement, signIn: clerk(1, 20)) == "login_too_old max_age")
        #expect(Self.decide(requirement, signIn: clerk(1, 14)) == "allow own")
    }
}
