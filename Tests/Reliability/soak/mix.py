"""What clients ask of a service that has much to do: who is known, newcomers, tokens that are none, a directory, modules."""

import collections
import json
import random
import time
import uuid

from harness.issuers import Key
from harness.scim import GROUP, PATCH, USER

#: Parts in a hundred.
WEIGHTS = {"seen": 50, "unseen": 15, "invalid": 13, "first login": 5, "profile": 8, "profile change": 2, "SCIM": 4, "module": 2,
           "operations": 1}
#: Seconds: a key is published for so long before it signs, and for as long after; tokens live shorter than both.
ROTATION, LIFE = 60, 55


class Request:
    """One request, and the statuses that are right."""

    def __init__(self, kind: str, method: str, path: str, bearer: str | None, *right: int, body=None, then=None, key=None):
        self.kind, self.right, self.then = kind, right, then
        data = b"" if body is None else json.dumps(body).encode()
        type = "application/scim+json" if kind == "SCIM" else "application/json"
        fields = f"Authorization: Bearer {bearer}\r\n" if bearer else ""
        fields += f"X-API-Key: {key}\r\n" if key else ""
        fields += f"Content-Type: {type}\r\n" if data else ""
        self.bytes = f"{method} {path} HTTP/1.1\r\nHost: soak\r\n{fields}Content-Length: {len(data)}\r\n\r\n".encode() + data


class Mix:
    """Makes requests by their weights, of people who have accounts."""

    def __init__(self, okta, people: dict, directory: str, module: str, seed: int = 1):
        """People's ids by e-mail, a directory's key and a module's."""
        self.okta, self.ids, self.people = okta, people, list(people)
        self.directory, self.module = directory, module
        self._random = random.Random(seed)
        self._kinds, self._weights = list(WEIGHTS), list(WEIGHTS.values())
        self._makers = {kind: getattr(self, "_" + kind.lower().replace(" ", "_")) for kind in WEIGHTS}
        #: What the directory has made and not yet deleted.
        self._users, self._groups = collections.deque(), collections.deque()
        self._forger = Key("ES256", kid="none")
        self._previous, self._next = None, Key("ES256")
        self.rotations = -1
        self.rotate()

    def rotate(self):
        """The key that was published ahead signs from now on, and another one is published ahead."""
        self._previous, self.okta.key, self._next = self.okta.key, self._next, Key("ES256")
        self.okta.keys = [self._next, self.okta.key, self._previous]
        self.okta.people.clear()
        self.rotations += 1
        self._tokens = {}
        self._rotated = time.monotonic()

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._rotated >= ROTATION

    def next(self) -> Request:
        return self._makers[self._random.choices(self._kinds, self._weights)[0]]()

    def _token(self, email: str, **changes) -> str:
        return self.okta.token(email, **({"exp": int(time.time()) + LIFE} | changes))

    def _known(self) -> str:
        return self._random.choice(self.people)

    def _remembered(self, email: str) -> str:
        """The token that this person has had for a while."""
        token, end = self._tokens.get(email, ("", 0))
        if end < time.monotonic():
            token = self._token(email)
            self._tokens[email] = token, time.monotonic() + LIFE - 10
        return token

    def _seen(self):
        return Request("seen", "GET", "/authorize/nginx", self._remembered(self._known()), 200)

    def _unseen(self):
        return Request("unseen", "GET", "/authorize/nginx", self._token(self._known()), 200)

    def _invalid(self):
        email, kind = self._known(), self._random.randrange(6)
        claims = lambda **changes: self.okta.claims(email, **changes)  # noqa: E731
        token = [lambda: self._forger.token(claims(), {"kid": self.okta.key.kid}),
                 lambda: self._token(email, exp=int(time.time()) - 600),
                 lambda: self._token(email, iss="https://elsewhere.example"),
                 lambda: self._forger.token(claims(), {"kid": uuid.uuid4().hex}),
                 lambda: self._token(email)[:-1] + "*",
                 lambda: None][kind]()
        return Request("invalid", "GET", "/authorize/nginx", token, 401)

    def _first_login(self):
        token = self._token(f"{uuid.uuid4().hex}@domain.example")
        method, path, right = self._random.choice(
            [("POST", "/identities/provision", 201), ("GET", "/profiles/me", 200), ("GET", "/authorize/nginx", 200)])
        return Request("first login", method, path, token, right)

    def _profile(self):
        path = self._random.choice(["/profiles/me", "/profiles/me", "/identities", "/orgs?limit=5"])
        return Request("profile", "GET", path, self._remembered(self._known()), 200)

    def _profile_change(self):
        return Request("profile change", "PUT", "/profiles/me", self._remembered(self._known()), 200,
                       body={"last_name": uuid.uuid4().hex[:8]})

    def _operations(self):
        return Request("operations", "GET", self._random.choice(["/metrics", "/healthz", "/readyz"]), None, 200)

    def _module(self):
        email = self._known()
        return Request("module", "POST", "/api/v1/core/audit/log", None, 200, key=self.module, body={
            "user_id": self.ids[email], "action": "thing.made", "resource_type": "thing", "resource_id": uuid.uuid4().hex})

    # A directory: people come, change and go, and so do groups.

    def _scim(self):
        if len(self._users) < 20:
            email = f"{uuid.uuid4().hex}@directory.example"
            return self._scim_request("POST", "/Users", 201, {
                "schemas": [USER], "userName": email, "emails": [{"value": email, "primary": True}], "active": True,
                "name": {"givenName": "Given", "familyName": "Family"}}, self._add_user)
        one, choice = self._users.popleft(), self._random.randrange(8)
        if choice == 0:
            return self._scim_request("DELETE", f"/Users/{one}", 204)
        # Nobody else asks of it before this is answered.
        back = lambda _: self._users.append(one)  # noqa: E731
        if choice == 1 and len(self._groups) < 10:
            body = {"schemas": [GROUP], "displayName": uuid.uuid4().hex, "members": [{"value": one}]}
            return self._scim_request("POST", "/Groups", 201, body, lambda answer: (back(answer), self._add_group(answer)))
        if choice == 2 and len(self._groups) >= 10:
            return self._scim_request("DELETE", f"/Groups/{self._groups.popleft()}", 204, None, back)
        if choice < 6:
            operation = {"op": "replace", "path": "active", "value": choice != 3} if choice < 5 else {
                "op": "replace", "path": "title", "value": uuid.uuid4().hex}
            return self._scim_request(
                "PATCH", f"/Users/{one}", 200, {"schemas": [PATCH], "Operations": [operation]}, back)
        query = self._random.choice(["?count=5", "?filter=userName%20sw%20%22a%22&count=5", f"/{one}"])
        return self._scim_request("GET", f"/Users{query}", 200, None, back)

    def _add_user(self, answer: bytes):
        self._users.append(json.loads(answer)["id"])

    def _add_group(self, answer: bytes):
        self._groups.append(json.loads(answer)["id"])

    def _scim_request(self, method, path, right, body=None, then=None):
        return Request("SCIM", method, "/scim/v2" + path, self.directory, right, body=body, then=then)
