"""One good request for each operation of the document, and what it is to leave in the audit."""

import re
import uuid
from dataclasses import dataclass, field

from .people import Person, unique

GATEWAYS = re.compile(r"authorize[A-Z]")
#: What changes nothing, or is asked by something that is no person.
SILENT = {"login", "logout", "testProvider", "verifyDomain", "getWebhook", "replayWebhook", "explain"}


@dataclass
class Ask:
    """A request, who makes it, and the lines that it leaves in the audit."""
    who: Person | None
    method: str
    path: str
    body: dict | None = None
    audit: list[str] = field(default_factory=list)


class World:
    """People and orgs, and fresh rows for whatever is asked."""

    def __init__(self, service, database, okta):
        self.service, self.database, self.okta = service, database, okta
        self.admin = self.person(global_role="platform_owner")
        self.owner = self.person()
        self.org = self.make_org(self.owner)

    def person(self, *arguments, **more) -> Person:
        return Person(self.service, self.database, self.okta, *arguments, **more)

    def make_org(self, owner: Person) -> str:
        return owner.good("POST", "/orgs", {"name": "Org " + uuid.uuid4().hex[:8]}, 201)["id"]

    def member(self, role: str = "org_user") -> Person:
        return self.person(self.org, role)

    def invite(self) -> str:
        return self.owner.good("POST", f"/orgs/{self.org}/invites", {"email": unique()}, 201)["id"]

    def domain(self) -> str:
        name = uuid.uuid4().hex + ".example"
        return self.owner.good("POST", f"/orgs/{self.org}/domains", {"domain": name}, 201)["id"]

    def ask(self, operation: str) -> Ask:
        """A request that succeeds, its rows just made."""
        return getattr(self, "_" + operation)()

    @classmethod
    def knows(cls, operation: str) -> bool:
        return hasattr(cls, "_" + operation)

    # Orgs and what belongs to them.

    def _listOrgs(self):
        return Ask(self.owner, "GET", "/orgs")

    def _createOrg(self):
        return Ask(self.owner, "POST", "/orgs", {"name": "Made"}, ["org.insert", "org_members.insert"])

    def _getOrg(self):
        return Ask(self.owner, "GET", f"/orgs/{self.org}")

    def _updateOrg(self):
        return Ask(self.owner, "PUT", f"/orgs/{self.org}", {"name": uuid.uuid4().hex}, ["org.update"])

    def _deleteOrg(self):
        return Ask(self.owner, "DELETE", f"/orgs/{self.make_org(self.owner)}", None, ["org.update"])

    def _listMembers(self):
        return Ask(self.owner, "GET", f"/orgs/{self.org}/members")

    def _addMember(self):
        body = {"user_id": self.person().id}
        return Ask(self.owner, "POST", f"/orgs/{self.org}/members", body, ["org_members.insert"])

    def _changeMember(self):
        path = f"/orgs/{self.org}/members/{self.member().id}"
        return Ask(self.owner, "PUT", path, {"role": "org_admin"}, ["org_members.update"])

    def _removeMember(self):
        other = self.person()
        self.owner.good("POST", f"/orgs/{self.org}/members", {"user_id": other.id}, 201)
        return Ask(self.owner, "DELETE", f"/orgs/{self.org}/members/{other.id}", None, ["org_members.delete"])

    def _listInvites(self):
        return Ask(self.owner, "GET", f"/orgs/{self.org}/invites")

    def _createInvite(self):
        return Ask(self.owner, "POST", f"/orgs/{self.org}/invites", {"email": unique()}, ["org_invites.insert"])

    def _revokeInvite(self):
        return Ask(self.owner, "DELETE", f"/orgs/{self.org}/invites/{self.invite()}", None, ["org_invites.update"])

    def _resendInvite(self):
        path = f"/orgs/{self.org}/invites/{self.invite()}/resend"
        return Ask(self.owner, "POST", path, None, ["org_invites.update"])

    def _acceptInvite(self):
        other = self.person()
        self.owner.good("PUT", f"/orgs/{self.org}", {"invite_links": True})
        token = self.owner.good(
            "POST", f"/orgs/{self.org}/invites", {"email": other.email, "link": True}, 201)["token"]
        return Ask(other, "POST", "/invites/accept", {"token": token},
                   ["org_invites.update", "org_members.insert", "user.login.existing"])

    def _listDomains(self):
        return Ask(self.owner, "GET", f"/orgs/{self.org}/domains")

    def _createDomain(self):
        body = {"domain": uuid.uuid4().hex + ".example"}
        return Ask(self.owner, "POST", f"/orgs/{self.org}/domains", body, ["org_email_domains.insert"])

    def _updateDomain(self):
        path = f"/orgs/{self.org}/domains/{self.domain()}"
        return Ask(self.owner, "PUT", path, {"auto_provision": False}, ["org_email_domains.update"])

    def _deleteDomain(self):
        return Ask(self.owner, "DELETE", f"/orgs/{self.org}/domains/{self.domain()}", None,
                   ["org_email_domains.delete"])

    def _listOrgAudit(self):
        return Ask(self.owner, "GET", f"/orgs/{self.org}/audit")

    # One's own.

    def _getProfile(self):
        return Ask(self.owner, "GET", "/profiles/me")

    def _updateProfile(self):
        return Ask(self.owner, "PUT", "/profiles/me", {"phone": uuid.uuid4().hex}, ["profiles.update"])

    def _deleteProfile(self):
        return Ask(self.person(), "DELETE", "/profiles/me", None, ["profiles.update"])

    def _setCurrentOrg(self):
        return Ask(self.owner, "PUT", "/profiles/me/current-org", {"org_id": self.make_org(self.owner)},
                   ["profiles.update"])

    def _listIdentities(self):
        return Ask(self.owner, "GET", "/identities")

    def _listOwnIdentities(self):
        return Ask(self.owner, "GET", "/profiles/me/identities")

    def _linkIdentity(self):
        return Ask(self.person(), "POST", "/identities/link", {"token": self.okta.token(unique())},
                   ["identity.link"])

    def _unlinkIdentity(self):
        other = self.person()
        more = other.good("POST", "/identities/link", {"token": self.okta.token(unique())})
        return Ask(other, "DELETE", f"/profiles/me/identities/{more['id']}", None,
                   ["external_identities.delete", "identity.unlink"])

    # People.

    def _provision(self, path="/identities/provision"):
        newcomer = Person.__new__(Person)
        newcomer.service, newcomer.email = self.service, unique()
        self.database.invite(self.org, newcomer.email)
        newcomer.token = self.okta.token(newcomer.email)
        return Ask(newcomer, "POST", path, {},
                   ["org_invites.update", "org_members.insert", "user.login.invite"])

    def _createIdentity(self):
        return self._provision("/identities")

    def _getPerson(self):
        return Ask(self.owner, "GET", f"/identities/{self.owner.id}")

    def _deactivatePerson(self):
        return Ask(self.admin, "DELETE", f"/identities/{self.person().id}", None, ["users.update"])

    def _reactivatePerson(self):
        other = self.person()
        self.admin.good("DELETE", f"/identities/{other.id}")
        return Ask(self.admin, "POST", f"/identities/{other.id}/reactivate", None, ["users.update"])

    def _erasePerson(self):
        other = self.person()
        return Ask(self.admin, "POST", f"/identities/{other.id}/erase", {"confirm": other.id},
                   ["external_identities.delete", "org_invites.delete", "org_members.delete", "profiles.delete",
                    "profiles.update", "users.delete", "users.erase"])

    # Administration.

    def _listUsers(self):
        return Ask(self.admin, "GET", "/admin/users")

    def _changeUser(self):
        return Ask(self.admin, "PUT", f"/admin/users/{self.person().id}", {"global_role": "global_admin"},
                   ["profiles.update"])

    def _listAudit(self):
        return Ask(self.admin, "GET", "/admin/audit")

    def _listAuthEvents(self):
        return Ask(self.admin, "GET", "/admin/auth-events")

    def key(self) -> str:
        return self.admin.good("POST", "/admin/api-keys", {"name": "K", "module": "tests"}, 201)["id"]

    def _listApiKeys(self):
        return Ask(self.admin, "GET", "/admin/api-keys")

    def _createApiKey(self):
        return Ask(self.admin, "POST", "/admin/api-keys", {"name": "K", "module": "tests"}, ["api_keys.insert"])

    def _rotateApiKey(self):
        return Ask(self.admin, "POST", f"/admin/api-keys/{self.key()}/rotate", None,
                   ["api_keys.insert", "api_keys.update"])

    def _revokeApiKey(self):
        return Ask(self.admin, "DELETE", f"/admin/api-keys/{self.key()}", None, ["api_keys.update"])

    def _listProviders(self):
        return Ask(self.admin, "GET", "/admin/idp-config")

    def _getActiveProvider(self):
        return Ask(self.admin, "GET", "/admin/idp-config/active")

    def _listProviderAudit(self):
        return Ask(self.admin, "GET", "/admin/idp-config/audit")

    def _getProvider(self):
        return Ask(self.admin, "GET", "/admin/idp-config/okta")

    def _changeProvider(self):
        return Ask(self.admin, "PUT", "/admin/idp-config/clerk",
                   {"authorized_parties": [f"https://{uuid.uuid4().hex}.example"]}, ["platform_idp_config.update"])

    def _activateProvider(self):
        body = {"force": True, "grace_seconds": 600 + uuid.uuid4().int % 1000}
        return Ask(self.admin, "POST", "/admin/idp-config/okta/activate", body, [])

    def _dropProviderKey(self):
        return Ask(self.admin, "POST", f"/admin/idp-config/okta/keys/{uuid.uuid4().hex}/drop", None,
                   ["dropped_keys.insert"])

    def _restoreProviderKey(self):
        path = f"/admin/idp-config/okta/keys/{uuid.uuid4().hex}"
        self.admin.good("POST", path + "/drop")
        return Ask(self.admin, "POST", path + "/restore", None, ["dropped_keys.delete"])

    def role(self) -> dict:
        body = {"code": "r" + uuid.uuid4().hex[:12], "name": "Role", "permissions": ["a:b"]}
        return self.admin.good("POST", "/admin/roles", body, 201)

    def _listRoles(self):
        return Ask(self.admin, "GET", "/admin/roles")

    def _createRole(self):
        return Ask(self.admin, "POST", "/admin/roles", {"code": "r" + uuid.uuid4().hex[:12], "name": "Role"},
                   ["roles.insert"])

    def _getRole(self):
        return Ask(self.admin, "GET", f"/admin/roles/{self.role()['id']}")

    def _changeRole(self):
        return Ask(self.admin, "PUT", f"/admin/roles/{self.role()['id']}", {"name": "Other"}, ["roles.update"])

    def _deleteRole(self):
        return Ask(self.admin, "DELETE", f"/admin/roles/{self.role()['id']}", None,
                   ["role_permissions.delete", "roles.delete"])

    def _listUserRoles(self):
        return Ask(self.admin, "GET", f"/admin/users/{self.owner.id}/roles")

    def _setUserRoles(self):
        return Ask(self.admin, "PUT", f"/admin/users/{self.person().id}/roles", {"roles": [self.role()["code"]]},
                   ["member_roles.insert"])

    def _listTenantModules(self):
        return Ask(self.admin, "GET", f"/admin/tenants/{self.org}/modules")

    def _setTenantModule(self):
        path = f"/admin/tenants/{self.org}/modules/m{uuid.uuid4().hex[:12]}"
        return Ask(self.admin, "PUT", path, {"enabled": True}, ["org_modules.insert"])

    def _getOverview(self):
        return Ask(self.admin, "GET", "/admin/overview")

    def _listWebhooks(self):
        return Ask(self.admin, "GET", "/admin/webhooks")

    def _listProviderKeys(self):
        return Ask(self.admin, "GET", "/admin/idp-config/okta/keys")

    def _getActiveProviderForLogin(self):
        return Ask(None, "GET", "/idp-config/active")
