"""People with accounts, who call with their own token."""

import uuid

from .programs import eventually
from .service import Service, problem


def unique(domain: str = "people.example") -> str:
    return f"user-{uuid.uuid4().hex[:10]}@{domain}"


class Person:
    """Somebody with an account, who calls with their own token."""

    def __init__(self, service: Service, database, issuer, org: str | None = None, role: str = "org_user",
                 global_role: str | None = None):
        self.service, self.email = service, unique()
        self.home = org or database.org("home-" + uuid.uuid4().hex[:8])
        database.invite(self.home, self.email, role)
        self.token = issuer.token(self.email)
        answer = service.provision(self.token)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["data"]["user"]["id"]
        if global_role:
            database.run("UPDATE profiles SET global_role = %s WHERE user_id = %s", global_role, self.id)
            eventually(lambda: service.authorize(self.token).headers.get("X-Auth-Global-Role") == global_role, "the role")

    def call(self, method: str, path: str, body=None):
        return self.service.request(method, path, self.token, **({} if body is None else {"json": body}))

    def good(self, method: str, path: str, body=None, status: int = 200):
        response = self.call(method, path, body)
        assert response.status_code == status, response.text
        answer = response.json()
        assert answer["success"] is True
        return answer["data"]

    def bad(self, method: str, path: str, body, status: int, code: str):
        response = self.call(method, path, body)
        assert response.status_code == status, response.text
        assert problem(response) == code
        return response.json()
