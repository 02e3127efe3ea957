"""An org's directory, as Okta or Entra ID would call."""

import uuid

from .service import vestibule

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Directory:
    """Calls with the key of one org."""

    def __init__(self, service, database, org: str | None = None):
        self.service, self.database = service, database
        self.org = org or database.org("dir-" + uuid.uuid4().hex[:8])
        made = vestibule(
            "keys", "create", "A directory", "--module", "scim", "--org", self.org,
            env={"DATABASE_URL": database.service_url})
        assert made.returncode == 0, made.stderr
        self.key = made.stdout.strip()

    def call(self, method: str, path: str, body=None, **headers):
        fields = {"Authorization": f"Bearer {self.key}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        if body is None:
            return self.service.request(method, "/scim/v2" + path, headers=fields)
        fields.setdefault("Content-Type", "application/scim+json")
        return self.service.request(method, "/scim/v2" + path, headers=fields, json=body)

    def good(self, method: str, path: str, body=None, status: int = 200, **headers):
        response = self.call(method, path, body, **headers)
        assert response.status_code == status, response.text
        if status == 204:
            assert response.content == b""
            return None
        assert response.headers["Content-Type"] == "application/scim+json"
        return response.json()

    def bad(self, method: str, path: str, body, status: int, kind: str | None = None, **headers) -> str:
        response = self.call(method, path, body, **headers)
        assert response.status_code == status, response.text
        answer = response.json()
        assert answer["schemas"] == [ERROR] and answer["status"] == str(status) and answer["detail"], answer
        assert answer.get("scimType") == kind, answer
        return answer["detail"]

    def find(self, path: str, query: str = "") -> list:
        """Every resource of a list."""
        answer = self.good("GET", path + query)
        assert answer["schemas"] == [LIST] and answer["itemsPerPage"] == len(answer["Resources"])
        return answer["Resources"]

    def user(self, email: str, **more) -> dict:
        body = {"schemas": [USER], "userName": email, "emails": [{"value": email, "type": "work", "primary": True}],
                "name": {"givenName": "Given", "familyName": "Family"}, "active": True} | more
        return self.good("POST", "/Users", body, 201)

    def group(self, name: str, *members: dict, **more) -> dict:
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": m["id"]} for m in members]} | more
        return self.good("POST", "/Groups", body, 201)

    def patch(self, path: str, *operations: dict, status: int = 200, **headers):
        return self.good("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, status, **headers)

    def role(self, user: dict) -> str | None:
        return self.database.one("SELECT role FROM org_members WHERE org_id = %s AND user_id = %s", self.org, user["id"])
