"""What clients do all the while: newcomers log in, gateways ask, people write, and probes look."""

import collections
import http.client
import itertools
import json
import threading
import time
import uuid

#: What each kind of client may be told, besides 503 with a reason. Whoever gets 200 here without being named so was
#: allowed by a failure.
ANSWERS = {
    "newcomer": {200, 201}, "by userinfo": {200, 201}, "known": {200}, "writer": {200, 201},
    "stranger": {403}, "deactivated": {403}, "forged": {401}, "expired": {401}, "another issuer's": {401}, "no token": {401},
}
DENIED = ("stranger", "deactivated", "forged", "expired", "another issuer's", "no token")
REASONS = {"database_unavailable", "jwks_unavailable", "overloaded"}
#: No client of the tests gives up earlier: who waits longer was forgotten.
PATIENCE = 20


class Client:
    """A kept connection, opened anew when it breaks."""

    def __init__(self, service):
        self.service = service
        self._connection = None

    def ask(self, method: str, path: str, token: str | None = None, body=None) -> tuple:
        """Status and parsed body, or the name of what broke; the token may be a module's key."""
        fields = {}
        if token:
            fields = {"X-API-Key": token} if token.startswith("vst_") else {"Authorization": f"Bearer {token}"}
        data = None
        if body is not None:
            data = json.dumps(body)
            fields["Content-Type"] = "application/json"
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
            self._connection.request(method, path, data, fields)
            answer = self._connection.getresponse()
            text = answer.read()
            if answer.status == 503 and "Retry-After" not in answer.headers and path != "/readyz":
                return "503 without Retry-After", {}
            return answer.status, json.loads(text) if text else {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            return type(error).__name__, {}

    def close(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None


class Storm:
    """Lanes of clients against all instances, each answer counted under its kind and the phase in which it was asked."""

    def __init__(self, world):
        self.world = world
        self.phase = "before"
        #: (kind, phase) to answers, and to the longest wait.
        self.answers, self.longest = collections.defaultdict(collections.Counter), collections.defaultdict(float)
        #: Identity's subject to user; org's slugs; profile's user to the last number acknowledged; audited resources.
        self.users, self.orgs, self.numbers, self.audited = {}, set(), {}, set()
        self.probes = []
        self._lock, self._stop = threading.Lock(), threading.Event()
        lanes = [self._newcomers] * 3 + [self._known, self._known, self._denied, self._writer, self._prober]
        self._threads = [threading.Thread(target=lane, args=(number,), daemon=True) for number, lane in enumerate(lanes)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def count(self, kind: str, phase: str | None = None) -> collections.Counter:
        found = collections.Counter()
        for (of, during), answers in self.answers.items():
            if of == kind and phase in (None, during):
                found += answers
        return found

    @property
    def acknowledged(self) -> int:
        return self.writes

    writes = 0

    def _note(self, kind: str, phase: str, began: float, answer: tuple):
        status, body = answer
        if phase != self.phase and phase in ("before", "mending"):
            # The fault, or its end, came while it waited.
            phase = "during"
        seen = status
        if status not in ANSWERS[kind]:
            seen = f"{status} {body.get('code', '')}".strip()
        with self._lock:
            self.answers[kind, phase][seen] += 1
            self.longest[kind, phase] = max(self.longest[kind, phase], time.monotonic() - began)
            self.writes += kind in ("newcomer", "by userinfo", "writer") and status in (200, 201)
        return status, body

    def _ask(self, client: Client, kind: str, *request) -> tuple:
        phase, began = self.phase, time.monotonic()
        return self._note(kind, phase, began, client.ask(*request))

    def _turns(self, number: int, pause: float):
        """A client of each instance in turn, until the end."""
        clients = [Client(service) for service in self.world.services]
        for turn in itertools.count(number):
            if self._stop.wait(pause):
                break
            # Instances may have been replaced.
            place = turn % len(clients)
            if clients[place].service is not self.world.services[place]:
                clients[place] = Client(self.world.services[place])
            yield turn, clients[place]
        for client in clients:
            client.close()

    def _newcomers(self, number: int):
        for turn, client in self._turns(number, 0.01):
            email = f"n{number}-{uuid.uuid4().hex[:10]}@domain.example"
            kind = "by userinfo" if turn % 5 == 0 else "newcomer"
            okta = self.world.okta
            token = okta.token(email, email=None) if kind == "by userinfo" else okta.token(email)
            path = ("POST", "/identities/provision") if turn % 2 else ("GET", "/profiles/me")
            status, body = self._ask(client, kind, *path, token)
            if status in (200, 201):
                user = body["data"]["user"]["id"] if turn % 2 else body["data"]["user_id"]
                with self._lock:
                    self.users[okta.subject(email)] = user

    def _known(self, number: int):
        for turn, client in self._turns(number, 0.005):
            people = self.world.known
            self._ask(client, "known", "GET", "/authorize/nginx", people[turn % len(people)].token)

    def _denied(self, number: int):
        for turn, client in self._turns(number, 0.01):
            kind = DENIED[turn % len(DENIED)]
            self._ask(client, kind, "GET", "/authorize/nginx", self.world.denied(kind, turn))

    def _writer(self, number: int):
        for turn, client in self._turns(number, 0.02):
            # Others than those who must be known: a change makes instances forget somebody.
            person = self.world.writers[turn % 4]
            if turn % 3 == 0:
                resource = uuid.uuid4().hex
                status, _ = self._ask(client, "writer", "POST", "/api/v1/core/audit/log", self.world.key, {
                    "user_id": person.id, "action": "thing.made", "resource_type": "thing", "resource_id": resource})
                if status == 200:
                    with self._lock:
                        self.audited.add(resource)
            elif turn % 3 == 1:
                status, _ = self._ask(client, "writer", "PUT", "/profiles/me", person.token, {"last_name": f"{turn:08}"})
                if status == 200:
                    with self._lock:
                        self.numbers[person.id] = turn
            else:
                slug = f"org-{uuid.uuid4().hex[:12]}"
                status, _ = self._ask(client, "writer", "POST", "/orgs", person.token, {"name": "Made", "slug": slug})
                if status == 201:
                    with self._lock:
                        self.orgs.add(slug)

    def _prober(self, number: int):
        for _, client in self._turns(number, 0.05):
            phase, began = self.phase, time.monotonic()
            ready, alive = client.ask("GET", "/readyz")[0], client.ask("GET", "/healthz")[0]
            with self._lock:
                self.probes.append((phase, began, ready, alive, time.monotonic() - began))
