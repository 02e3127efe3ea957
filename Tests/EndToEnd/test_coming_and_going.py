"""CONTRACT sections 5, 6 and 13: invite links, linking, leaving, each on two instances where it must hold on both."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.issuers import CLERK, OKTA
from harness.programs import eventually
from harness.service import problem
from test_orgs import NOBODY, Person, fields, unique


@pytest.fixture(scope="module")
def second(folder, database, okta, clerk, service):
    """Another instance beside the shared one."""
    from harness.service import Service
    other = Service(folder, database.service_url, okta, clerk)
    yield other
    assert other.stop() == 0, other.output()[-4000:]


@pytest.fixture
def person(service, database, okta):
    return lambda *args, **more: Person(service, database, okta, *args, **more)


@pytest.fixture
def owner(person):
    return person()


@pytest.fixture
def org(owner) -> str:
    org = owner.good("POST", "/orgs", {"name": "Acme " + uuid.uuid4().hex[:8]}, 201)["id"]
    assert owner.good("PUT", f"/orgs/{org}", {"invite_links": True})["invite_links"] is True
    return org


def link(owner, org: str, role: str = "org_user", **more) -> dict:
    invite = owner.good("POST", f"/orgs/{org}/invites", {"email": unique(), "role": role, "link": True} | more, 201)
    assert invite["has_link"] is True and len(invite["token"]) > 40
    return invite


def accept(service, token: str, invite_token: str, **more):
    return service.request("POST", "/invites/accept", token, json={"token": invite_token} | more)


def refused(response, status: int, code: str, word: str = ""):
    assert response.status_code == status, response.text
    assert problem(response) == code
    assert word in response.json()["error"], response.text


# Invite links.


def test_a_link_lets_a_newcomer_in_once(owner, org, service, database, okta):
    invite = link(owner, org, "org_admin")
    email = unique()
    answer = accept(service, okta.token(email), invite["token"])
    assert answer.status_code == 201, answer.text
    data = answer.json()["data"]
    assert data["user"]["email"] == email
    assert data["decision"] == {"outcome": "invite", "org_id": org, "invite_id": invite["id"]}
    assert {entry["org_id"]: entry["role"] for entry in data["organizations"]} == {org: "org_admin"}
    refused(accept(service, okta.token(unique()), invite["token"]), 409, "conflict", "used")
    listed = owner.good("GET", f"/orgs/{org}/invites")[0]
    assert listed["status"] == "accepted" and "token" not in listed
    # Nowhere in the clear: not in a table, not in the audit, not in the log.
    secret = invite["token"]
    for table in ("org_invites", "audit_log", "auth_events", "change_notices"):
        assert database.one(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", f"%{secret}%") == 0, table
    assert secret not in service.output()
    assert database.one("SELECT encode(token_digest, 'hex') FROM org_invites WHERE id = %s", invite["id"]) == \
        __import__("hashlib").sha256(secret.encode()).hexdigest()


def test_a_link_takes_somebody_known_into_the_org(owner, org, person, second):
    other = person()
    invite = link(owner, org)
    answer = accept(other.service, other.token, invite["token"])
    assert answer.status_code == 200, answer.text
    decision = answer.json()["data"]["decision"]
    assert decision["outcome"] == "existing" and decision["joined"] == [org] and decision["invite_id"] == invite["id"]
    assert second.request("GET", f"/orgs/{org}", other.token).status_code == 200
    # Whoever is in already leaves the link to somebody else.
    needless = link(owner, org)
    refused(accept(other.service, other.token, needless["token"]), 409, "conflict", "already")
    assert accept(other.service, person().token, needless["token"]).status_code == 200
    # A higher role is given, a lower one never taken.
    assert accept(other.service, other.token, link(owner, org, "org_admin")["token"]).status_code == 200
    members = {entry["user_id"]: entry["role"] for entry in owner.good("GET", f"/orgs/{org}/members")}
    assert members[other.id] == "org_admin"


def test_a_link_must_be_allowed_by_the_org(owner, person, service, okta):
    org = owner.good("POST", "/orgs", {"name": "Closed"}, 201)["id"]
    path = f"/orgs/{org}/invites"
    answer = owner.bad("POST", path, {"email": unique(), "link": True}, 403, "forbidden")
    assert "invite_links" in answer["error"]
    plain = owner.good("POST", path, {"email": unique()}, 201)
    assert plain["has_link"] is False and "token" not in plain
    owner.bad("POST", f"{path}/{plain['id']}/resend", {"link": True}, 403, "forbidden")
    member = person(org)
    member.bad("PUT", f"/orgs/{org}", {"invite_links": True}, 403, "forbidden")
    owner.good("PUT", f"/orgs/{org}", {"invite_links": True})
    sent = owner.good("POST", f"{path}/{plain['id']}/resend", {"link": True})
    owner.good("PUT", f"/orgs/{org}", {"invite_links": False})
    refused(accept(service, okta.token(unique()), sent["token"]), 409, "conflict", "no invite links")


@pytest.mark.parametrize("token", ["vsti_" + "A" * 43, "x", "vsti_", "é" * 60, "' OR 1=1 --"])
def test_a_wrong_token_lets_nobody_in(service, okta, owner, org, token):
    before = owner.good("GET", "/profiles/me")
    refused(accept(service, okta.token(unique()), token), 404, "not_found")
    refused(accept(service, owner.token, token), 404, "not_found")
    assert owner.good("GET", "/profiles/me") == before


def test_a_wrong_link_is_not_remembered(owner, org, service, okta):
    email = unique()
    token = okta.token(email)
    refused(accept(service, token, "vsti_" + "B" * 43), 404, "not_found")
    refused(service.get("/profiles/me", token), 403, "invitation_required")
    assert accept(service, token, link(owner, org)["token"]).status_code == 201
    assert service.authorize(token).status_code == 200


def test_a_repeated_request_does_not_tell_the_link_again(owner, org, service, database):
    """The answer that is kept for repetitions holds no token: it is told once and stored nowhere."""
    body = {"email": unique(), "link": True}
    first, again = (service.request("POST", f"/orgs/{org}/invites", owner.token, json=body,
                                    headers={"Idempotency-Key": "once-" + org}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), again.text
    token = first.json()["data"].pop("token")
    assert "token" not in again.json()["data"] and again.json()["data"]["id"] == first.json()["data"]["id"]
    assert database.one("SELECT count(*) FROM idempotency_keys WHERE convert_from(answer, 'UTF8') LIKE %s", f"%{token}%") == 0


def test_a_link_needs_good_fields(owner, org, service):
    for body, field in (({}, "token"), ({"token": 1}, "token"), ({"token": ""}, "token"), ({"token": "x" * 257}, "token"),
                        ({"token": "x", "role": "org_owner"}, "role")):
        assert field in fields(owner.bad("POST", "/invites/accept", body, 400, "validation_failed"))
    answer = service.request("POST", "/invites/accept", json={"token": "x"})
    assert answer.status_code == 401 and problem(answer) == "token_missing"


def test_a_link_ends_with_its_invite(owner, org, service, database, okta):
    path = f"/orgs/{org}/invites"
    token = okta.token(unique())
    revoked = link(owner, org)
    owner.good("DELETE", f"{path}/{revoked['id']}")
    refused(accept(service, token, revoked["token"]), 409, "conflict", "taken back")
    expired = link(owner, org)
    database.run("UPDATE org_invites SET expires_at = now() - interval '1 second' WHERE id = %s", expired["id"])
    refused(accept(service, token, expired["token"]), 409, "conflict", "expired")
    # Sent again it has a new link, and the former one is good for nothing.
    again = owner.good("POST", f"{path}/{expired['id']}/resend")
    assert again["status"] == "pending" and again["token"] != expired["token"]
    refused(accept(service, token, expired["token"]), 404, "not_found")
    owner.good("DELETE", f"/orgs/{org}")
    refused(accept(service, token, again["token"]), 409, "conflict")
    assert database.one("SELECT count(*) FROM org_invites WHERE org_id = %s AND status = 'accepted'", org) == 0


def test_a_link_asks_for_a_proven_e_mail(owner, org, service, clerk):
    invite = link(owner, org)
    refused(accept(service, clerk.token(unique(), email_verified=False), invite["token"]), 403, "email_unverified")
    taken = unique()
    assert accept(service, clerk.token(taken), invite["token"]).status_code == 201
    # Somebody else's sign-in with the same address is a conflict before the link is looked at.
    again = link(owner, org)
    refused(accept(service, clerk.token(taken, sub="user_other"), again["token"]), 409, "identity_conflict")
    assert accept(service, clerk.token(unique()), again["token"]).status_code == 201


@pytest.mark.parametrize("gone", ["demoted", "removed", "deactivated", "deleted"])
def test_an_invite_gives_no_more_than_its_sender_has(owner, org, person, service, database, okta, gone):
    """By e-mail and by link: what the sender could not give now is not given."""
    sender = person()
    owner.good("POST", f"/orgs/{org}/members", {"user_id": sender.id, "role": "org_owner"}, 201)
    sender.good("GET", f"/orgs/{org}")
    email = unique()
    addressed = sender.good("POST", f"/orgs/{org}/invites", {"email": email, "role": "org_owner"}, 201)
    linked = link(sender, org, "org_owner")
    lower = link(sender, org)
    # First a lower role: the invite is worth as much.
    owner.good("PUT", f"/orgs/{org}/members/{sender.id}", {"role": "org_admin"})
    answer = accept(service, okta.token(unique()), linked["token"])
    assert answer.json()["data"]["organizations"][0]["role"] == "org_admin", answer.text
    if gone == "demoted":
        owner.good("PUT", f"/orgs/{org}/members/{sender.id}", {"role": "org_user"})
    elif gone == "removed":
        owner.good("DELETE", f"/orgs/{org}/members/{sender.id}")
    elif gone == "deactivated":
        person(global_role="platform_admin").good("DELETE", f"/identities/{sender.id}")
    else:
        sender.good("DELETE", "/profiles/me")
    refused(accept(service, okta.token(unique()), lower["token"]), 409, "conflict", "no longer invite")
    refused(service.provision(okta.token(email)), 403, "invitation_required")
    # Whoever sends it again stands in for it.
    again = owner.good("POST", f"/orgs/{org}/invites/{addressed['id']}/resend")
    assert again["invited_by"] == owner.id
    joined = service.provision(okta.token(email))
    assert joined.status_code == 201 and joined.json()["data"]["organizations"][0]["role"] == "org_owner"


def test_of_two_with_one_link_one_wins(owner, org, service, second, okta, database):
    for _ in range(3):
        invite = link(owner, org)
        tokens = [okta.token(unique()) for _ in range(10)]
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(
                lambda pair: accept((service, second)[pair[0] % 2], pair[1], invite["token"]), enumerate(tokens)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9, [a.text for a in answers]
        assert database.one("SELECT count(*) FROM org_members WHERE org_id = %s AND user_id = ("
                            "SELECT accepted_by FROM org_invites WHERE id = %s)", org, invite["id"]) == 1


# Linking.


def identities(person) -> dict:
    return {entry["provider"]: entry["id"] for entry in person.good("GET", "/profiles/me/identities")}


def test_a_second_identity_is_linked_and_unlinked(owner, service, second, clerk, database):
    email = unique()
    other = clerk.token(email)
    refused(second.get("/profiles/me", other), 403, "invitation_required")
    linked = owner.good("POST", "/identities/link", {"token": other})
    assert (linked["provider"], linked["subject"], linked["email"]) == (CLERK, clerk.subject(email), email)
    assert owner.good("POST", "/identities/link", {"token": other})["id"] == linked["id"]
    assert owner.good("GET", "/identities") == owner.good("GET", "/profiles/me/identities")
    assert set(identities(owner)) == {OKTA, CLERK}
    for instance in (service, second):
        eventually(lambda: instance.get("/profiles/me", other).status_code == 200, "the link everywhere", 5)
        assert instance.get("/profiles/me", other).json()["data"]["user_id"] == owner.id
        assert instance.authorize(other).headers["X-Auth-User-Id"] == owner.id
    # Not the one that the request is signed in by: there stays a way in.
    owner.bad("DELETE", f"/profiles/me/identities/{identities(owner)[OKTA]}", None, 409, "conflict")
    assert owner.good("DELETE", f"/profiles/me/identities/{linked['id']}") == {"id": linked["id"]}
    owner.bad("DELETE", f"/profiles/me/identities/{linked['id']}", None, 404, "not_found")
    for instance in (service, second):
        eventually(lambda: instance.authorize(other).status_code == 403, "the end everywhere", 5)
        refused(instance.get("/profiles/me", other), 403, "invitation_required")
    actions = [row[0] for row in database.rows(
        "SELECT action FROM audit_log WHERE resource_id = %s ORDER BY created_at, id", linked["id"])]
    assert "identity.link" in actions and "identity.unlink" in actions
    # Back again, and in by it alone.
    again = owner.good("POST", "/identities/link", {"token": other})
    answer = service.request("DELETE", f"/profiles/me/identities/{identities(owner)[OKTA]}", other)
    assert answer.status_code == 200, answer.text
    assert [entry["id"] for entry in service.get("/identities", other).json()["data"]] == [again["id"]]
    assert owner.call("GET", "/profiles/me").status_code in (403, 409)


def test_only_what_is_proven_and_free_is_linked(owner, person, clerk, okta, service):
    stranger = person()
    answer = owner.bad("POST", "/identities/link", {"token": stranger.token}, 409, "identity_conflict")
    assert stranger.email not in str(answer)
    assert set(identities(stranger)) == {OKTA}
    owner.bad("POST", "/identities/link", {"token": clerk.token(unique(), exp=1)}, 401, "token_expired")
    owner.bad("POST", "/identities/link", {"token": "x"}, 401, "token_malformed")
    owner.bad("POST", "/identities/link", {}, 400, "validation_failed")
    # Both must have signed in lately.
    old = clerk.claims(unique())["iat"] - 3600
    owner.bad("POST", "/identities/link", {"token": clerk.token(unique(), iat=old, nbf=old)}, 403, "login_too_old")
    owner.bad("POST", "/identities/link", {"token": clerk.token(unique(), fva=[60, -1])}, 403, "login_too_old")
    stale = okta.token(owner.email, auth_time=old)
    answer = service.request("POST", "/identities/link", stale, json={"token": clerk.token(unique())})
    assert answer.status_code == 403 and problem(answer) == "login_too_old"
    # An identity of somebody else's is not to be seen, nor to be unlinked.
    owner.bad("DELETE", f"/profiles/me/identities/{identities(stranger)[OKTA]}", None, 404, "not_found")
    assert set(identities(owner)) == {OKTA}


def test_nobody_unlinks_the_last_way_in_by_a_race(person, clerk, service, second, database):
    for _ in range(4):
        somebody = person()
        other = clerk.token(unique())
        somebody.good("POST", "/identities/link", {"token": other})
        own = identities(somebody)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda call: call[0].request("DELETE", f"/profiles/me/identities/{call[2]}", call[1]),
                          [(service, somebody.token, own[CLERK]), (second, other, own[OKTA])]))
        assert database.one("SELECT count(*) FROM external_identities WHERE auth_user_id = %s", somebody.id) == 1


def test_two_people_race_to_link_one_identity(person, clerk, service, second, database):
    somebody, another = person(), person()
    email = unique()
    free = clerk.token(email)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda n: (service, second)[n % 2].request(
                "POST", "/identities/link", (somebody, another)[n // 4].token, json={"token": free}), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4, [a.text for a in answers]
    assert database.one("SELECT count(*) FROM external_identities WHERE external_id = %s", clerk.subject(email)) == 1


# Leaving.


def shut_out(somebody, *instances):
    for instance in instances:
        eventually(lambda: instance.authorize(somebody.token).status_code == 403, "the end everywhere", 5)
        refused(instance.get("/orgs", somebody.token), 403, "user_deactivated")


def test_whoever_is_locked_out_is_so_everywhere(person, service, second, database):
    somebody, admin = person(), person(global_role="global_admin")
    for instance in (service, second):
        assert instance.authorize(somebody.token).status_code == 200
    database.run("INSERT INTO user_sessions (user_id, issuer, token_key) VALUES (%s, 'i', %s)", somebody.id, somebody.id)
    admin.good("DELETE", f"/identities/{somebody.id}")
    shut_out(somebody, service, second)
    assert database.one("SELECT count(*) FROM user_sessions WHERE user_id = %s AND ended_at IS NULL", somebody.id) == 0
    admin.good("POST", f"/identities/{somebody.id}/reactivate")
    for instance in (service, second):
        eventually(lambda: instance.authorize(somebody.token).status_code == 200, "the way back everywhere", 5)
    somebody.good("DELETE", "/profiles/me")
    shut_out(somebody, service, second)


def test_an_erased_person_leaves_a_trail_without_themselves(person, owner, org, service, second, database, okta):
    somebody, admin = person(), person(global_role="platform_admin")
    owner.good("POST", f"/orgs/{org}/members", {"user_id": somebody.id}, 201)
    somebody.good("PUT", "/profiles/me", {"full_name": "Ada Lovelace", "phone": "+44 20 7946 0958"})
    assert second.authorize(somebody.token).status_code == 200
    path = f"/identities/{somebody.id}/erase"
    owner.bad("POST", path, {"confirm": somebody.id}, 403, "forbidden")
    assert fields(admin.bad("POST", path, {"confirm": owner.id}, 400, "validation_failed")) == {"confirm"}
    assert fields(admin.bad("POST", path, {}, 400, "validation_failed")) == {"confirm"}
    admin.bad("POST", f"/identities/{NOBODY}/erase", {"confirm": NOBODY}, 404, "not_found")
    trail = database.one("SELECT count(*) FROM audit_log")
    assert admin.good("POST", path, {"confirm": somebody.id}) == {"id": somebody.id}
    admin.bad("GET", f"/identities/{somebody.id}", None, 404, "not_found")
    admin.bad("POST", path, {"confirm": somebody.id}, 404, "not_found")
    assert database.one("SELECT count(*) FROM audit_log") > trail
    for table in ("audit_log", "auth_events", "org_invites", "auth.users", "profiles", "external_identities"):
        for word in (somebody.email, okta.subject(somebody.email), "Lovelace", "7946 0958"):
            assert database.one(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", f"%{word}%") == 0, (table, word)
    assert database.one("SELECT actor_id::text FROM audit_log WHERE action = 'users.erase' AND resource_id = %s",
                        somebody.id) == admin.id
    for instance in (service, second):
        eventually(lambda: instance.authorize(somebody.token).status_code == 403, "the end everywhere", 5)


def test_people_erase_themselves_and_nobody_above(person, service):
    somebody, admin, above = person(), person(global_role="global_admin"), person(global_role="platform_owner")
    admin.bad("POST", f"/identities/{above.id}/erase", {"confirm": above.id}, 403, "forbidden")
    assert somebody.good("POST", f"/identities/{somebody.id}/erase", {"confirm": somebody.id}) == {"id": somebody.id}
    refused(service.get("/profiles/me", somebody.token), 403, "invitation_required")


def test_the_last_owner_of_an_org_stays_for_the_others(owner, org, person):
    other = person(org)
    erase = (f"/identities/{owner.id}/erase", {"confirm": owner.id})
    owner.bad("DELETE", "/profiles/me", None, 409, "conflict")
    owner.bad("POST", *erase, 409, "conflict")
    owner.good("PUT", f"/orgs/{org}/members/{other.id}", {"role": "org_owner"})
    assert owner.good("POST", *erase) == {"id": owner.id}
    assert [entry["user_id"] for entry in other.good("GET", f"/orgs/{org}/members")] == [other.id]


def test_the_last_platform_owner_stays(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service, second = start(fresh_database.service_url, okta), start(fresh_database.service_url, okta)
    token = okta.token("ada@example.com")
    ada = service.provision(token).json()["data"]["user"]["id"]

    def by_ada(method, path, body=None):
        return service.request(method, path, token, **({} if body is None else {"json": body}))

    refused(by_ada("DELETE", "/profiles/me"), 409, "conflict", "platform")
    refused(by_ada("DELETE", f"/identities/{ada}"), 409, "conflict", "platform")
    refused(by_ada("POST", f"/identities/{ada}/erase", {"confirm": ada}), 409, "conflict")
    # Two owners who lock each other out at once: one stays.
    other = Person(service, fresh_database, okta, global_role="platform_owner")
    fresh_database.run("UPDATE org_members SET role = 'org_owner'")
    fresh_database.run("INSERT INTO org_members (org_id, user_id, role) SELECT id, %s, 'org_owner' FROM org"
                       " WHERE slug = 'platform-admin'", other.id)
    eventually(lambda: second.get(f"/identities/{ada}", other.token).status_code == 200, "the second owner", 5)
    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda call: call[0].request("DELETE", call[2], call[1]), [
                (service, token, f"/identities/{other.id}"), (second, other.token, f"/identities/{ada}")]))
        assert sorted(answer.status_code for answer in answers) in (
            [200, 403], [200, 404], [200, 409]), [a.text for a in answers]
        left = fresh_database.rows("SELECT id FROM auth.users WHERE is_active")
        assert len(left) == 1
        fresh_database.run("UPDATE auth.users SET is_active = true")
        for instance, whose in ((service, token), (second, other.token)):
            eventually(lambda: instance.get("/orgs", whose).status_code == 200, "both again", 5)
