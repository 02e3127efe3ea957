"""Tries of an attacker that belong to no single feature: inside addresses, fields that nobody offers, ids of others, look-alikes."""

import json
import socket
import threading
import time
import uuid

import pytest

from harness.people import NOBODY, unique
from harness.programs import eventually
from harness.service import problem


class Trap:
    """Listens on every address of this machine and counts who comes."""

    def __init__(self, family: int):
        self.socket = socket.socket(family)
        self.socket.bind(("0.0.0.0" if family == socket.AF_INET else "::", 0))
        self.socket.listen(50)
        self.port, self.visits = self.socket.getsockname()[1], 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()


INSIDE = [
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "0x7f.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254",
    "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fd00::1]", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "127.0.0.1%00.example", "user@127.0.0.1", "①②⑦.0.0.1", "127。0。0。1"]


def test_no_spelling_of_an_inside_address_is_connected_to(start, fresh_database):
    """The one who may name addresses is an administrator; where they lead is still not theirs to choose (SSRF)."""
    service = start(fresh_database.service_url, ready=False, VESTIBULE_BOOTSTRAP_TOKEN="bootstrap-of-the-trap",
                    VESTIBULE_IDP_ALLOW_HTTP=None)
    traps = Trap(socket.AF_INET), Trap(socket.AF_INET6)
    names = [*INSIDE, socket.gethostname()]
    for host in names:
        for scheme in ("https", "http"):
            issuer = f"{scheme}://{host}:{traps['[' in host].port}"
            answer = service.request("POST", "/admin/setup/oidc/test", json={"issuer": issuer, "audience": ["x"]},
                                     headers={"X-Bootstrap-Token": "bootstrap-of-the-trap"})
            if answer.status_code == 200:
                report = answer.json()["data"]
                assert report["usable"] is False and any(step["outcome"] == "failed" for step in report["steps"]), issuer
            else:
                assert (answer.status_code, problem(answer)) == (400, "validation_failed"), (issuer, answer.text)
    assert [trap.visits for trap in traps] == [0, 0]
    # The trap works: where loopback is allowed it is visited.
    open_service = start(fresh_database.service_url, ready=False, VESTIBULE_BOOTSTRAP_TOKEN="bootstrap-of-the-trap",
                         VESTIBULE_IDP_ALLOW_HTTP="true")
    open_service.request("POST", "/admin/setup/oidc/test", json={"issuer": f"http://127.0.0.1:{traps[0].port}", "audience": ["x"]},
                         headers={"X-Bootstrap-Token": "bootstrap-of-the-trap"})
    assert traps[0].visits > 0
    for trap in traps:
        trap.socket.close()


MORE_THAN_OFFERED = [
    ("PUT", "/profiles/me", {"global_role": "platform_owner"}), ("PUT", "/profiles/me", {"email": "x@y.example"}),
    ("PUT", "/profiles/me", {"user_id": NOBODY}), ("PUT", "/profiles/me", {"is_active": True}), ("PUT", "/profiles/me", {"metadata": {}}),
    ("PUT", "/profiles/me", {"deleted_at": None}), ("PUT", "/orgs/{org}", {"owner_id": NOBODY}), ("PUT", "/orgs/{org}", {"is_active": True}),
    ("PUT", "/orgs/{org}", {"id": NOBODY}), ("POST", "/orgs", {"name": "x", "owner_id": NOBODY}),
    ("POST", "/orgs/{org}/invites", {"email": "a@b.example", "status": "accepted"}),
    ("POST", "/orgs/{org}/invites", {"email": "a@b.example", "token": "x"}),
    ("POST", "/orgs/{org}/domains", {"domain": "q.example", "is_verified": True}),
    ("POST", "/identities/provision", {"email": "x@y.example"}), ("POST", "/identities/provision", {"global_role": "platform_owner"})]


@pytest.mark.parametrize("method, path, body", MORE_THAN_OFFERED, ids=lambda value: json.dumps(value) if isinstance(value, dict) else value)
def test_a_field_that_is_not_offered_is_refused(owner, org, method, path, body):
    before = owner.good("GET", "/profiles/me"), owner.good("GET", f"/orgs/{org}")
    owner.bad(method, path.replace("{org}", org), body, 400, "validation_failed")
    assert (owner.good("GET", "/profiles/me"), owner.good("GET", f"/orgs/{org}")) == before


def test_ids_of_another_org_below_ones_own_are_not_there(person):
    own, other = person(), person()
    mine, theirs = (one.good("POST", "/orgs", {"name": uuid.uuid4().hex}, 201)["id"] for one in (own, other))
    invite = other.good("POST", f"/orgs/{theirs}/invites", {"email": unique()}, 201)["id"]
    domain = other.good("POST", f"/orgs/{theirs}/domains", {"domain": uuid.uuid4().hex + ".example"}, 201)["id"]
    identity = other.good("GET", "/profiles/me/identities")[0]["id"]
    for method, path, body in [
            ("DELETE", f"/orgs/{mine}/invites/{invite}", None), ("POST", f"/orgs/{mine}/invites/{invite}/resend", None),
            ("PUT", f"/orgs/{mine}/domains/{domain}", {"auto_provision": False}), ("DELETE", f"/orgs/{mine}/domains/{domain}", None),
            ("POST", f"/orgs/{mine}/domains/{domain}/verify", None), ("DELETE", f"/profiles/me/identities/{identity}", None),
            ("PUT", f"/orgs/{mine}/members/{other.id}", {"role": "org_owner"})]:
        own.bad(method, path, body, 404, "not_found")


@pytest.mark.parametrize("invited, comes", [
    ("kate", "\u212aate"), ("sam", "\u017fam"), ("ida", "\u0130da"), ("fi", "\ufb01"), ("joe", "joe\u200b"), ("tim", '"tim"'),
    ("ann", " ann"), ("eva", "eva+x"), ("pia", "pia@elsewhere.example,pia")])
def test_an_address_that_looks_like_an_invited_one_is_another(service, database, okta, invited, comes):
    domain = f"{uuid.uuid4().hex[:8]}.example"
    database.invite(database.org("alike-" + uuid.uuid4().hex[:8]), f"{invited}@{domain}")
    answer = service.provision(okta.token(f"{comes}@{domain}"))
    assert answer.status_code == 403, answer.text
    assert database.one("SELECT status FROM org_invites WHERE email = %s", f"{invited}@{domain}") == "pending"


def test_two_owners_who_remove_each_other_leave_one(person, database):
    for kind in ("PUT", "DELETE") * 3:
        one, two = person(), person()
        org = one.good("POST", "/orgs", {"name": uuid.uuid4().hex}, 201)["id"]
        one.good("POST", f"/orgs/{org}/members", {"user_id": two.id, "role": "org_owner"}, 201)
        body = {"role": "org_user"} if kind == "PUT" else None
        workers = [threading.Thread(target=who.call, args=[kind, f"/orgs/{org}/members/{whom.id}", body])
                   for who, whom in ((one, two), (two, one), (one, one), (two, two))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert database.one("SELECT count(*) FROM org_members WHERE org_id = %s AND role = 'org_owner'", org) >= 1


COSTLY = {
    "70 000 members": json.dumps({f"k{number}": 1 for number in range(70_000)}),
    "an array of 500 000": '{"full_name":[' + "1," * 499_999 + "1]}",
    "a number of a megabyte": '{"full_name":' + "9" * 1_000_000 + "}",
    "an exponent": '{"full_name":1e999999999999}',
    "escapes": '{"full_name":"' + "\\u0041" * 160_000 + '"}',
    "depth": '{"full_name":' + "[" * 500_000 + "]" * 500_000 + "}",
}


@pytest.mark.parametrize("body", COSTLY.values(), ids=COSTLY)
def test_a_body_made_to_cost_time_costs_little(service, owner, body):
    began = time.monotonic()
    answer = service.request("PUT", "/profiles/me", owner.token, content=body.encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("fields", [{"Cookie": "a=b;" * 7000}, {"X-Forwarded-For": "1," * 14_000}, {"If-None-Match": '"a",' * 7000},
                                    {"Accept": "a/b," * 7000}, {"traceparent": "0" * 28_000}], ids=lambda fields: next(iter(fields)))
def test_a_header_made_to_cost_time_costs_little(service, owner, org, fields):
    began = time.monotonic()
    service.get(f"/orgs/{org}", owner.token, headers=fields)
    assert time.monotonic() - began < 1


def test_a_reason_that_somebody_else_made_up_is_not_logged(service):
    """The callback's address can be written by anybody: `error` is a code of the provider, or nothing to repeat."""
    secret = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.x"
    for reason in (secret, "ada@example.com", "A" * 5000, "x\ny"):
        assert service.get("/admin/session/callback", params={"error": reason}).status_code == 303
    assert service.get("/admin/session/callback", params={"error": "access_denied"}).status_code == 303
    eventually(lambda: "access_denied" in service.output(), "the log", 5)
    assert secret not in service.output() and "ada@example.com" not in service.output() and "AAAAA" not in service.output()
