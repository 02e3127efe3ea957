"""People with accounts, as the tests of the REST API need them."""

import uuid

from .programs import eventually
from .service import problem

NOBODY = "0190a000-0000-7000-8000-000000000000"


def unique(domain: str = "people.example") -> str:
    return f"user-{uuid.uuid4().hex[:10]}@{domain}"


class Person:
    """Somebody with an account, who calls with their own token."""

    def __init__(self, service, database, issuer, org: str | None = None, role: str = "org_user",
                 global_role: str | None = None):
        self.service, self.email = service, unique()
        home = org or database.org("home-" + uuid.uuid4().hex[:8])
        database.invite(home, self.email, role)
        self.token = issuer.token(self.email)
        answer = service.provision(self.token)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["data"]["user"]["id"]
        if global_role:
            database.run("UPDATE profiles SET global_role = %s WHERE user_id = %s", global_role, self.id)
            # The instance hears of it a moment later.
            eventually(lambda: self.call("GET", "/admin/users?limit=1").status_code == 200, "the role", 10)

    def call(self, method: str, path: str, body=None, **headers):
        """Sends a request; headers are named as Python can: If_Match."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.service.request(
            method, path, self.token, headers=fields, **({} if body is None else {"json": body}))

    def good(self, method: str, path: str, body=None, status: int = 200):
        response = self.call(method, path, body)
        assert response.status_code == status, response.text
        answer = response.json()
        assert answer["success"] is True
        assert set(answer) == ({"success", "data", "page"} if isinstance(answer["data"], list) else {"success", "data"})
        return answer["data"]

    def bad(self, method: str, path: str, body, status: int, code: str):
        response = self.call(method, path, body)
        assert response.status_code == status, response.text
        assert problem(response) == code
        return response.json()
