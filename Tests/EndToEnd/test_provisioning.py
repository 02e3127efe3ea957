"""CONTRACT section 5: who is let in, by which rule, and that it all happens once or not at all."""

import re
import signal
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from harness.database import SERVICE, Relay, cluster_url
from harness.issuers import CLERK, OKTA
from harness.programs import eventually
from harness.service import problem


def unique(name: str = "user", domain: str = "nowhere.example") -> str:
    return f"{name}-{uuid.uuid4().hex[:10]}@{domain}"


def decided(response, status: int) -> dict:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["success"] is True
    assert set(body) == {"success", "data"}
    data = body["data"]
    assert {"user", "profile", "identity", "organizations", "decision"} <= set(data)
    assert {"id", "email", "is_active", "created_at"} <= set(data["user"])
    uuid.UUID(data["user"]["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", data["user"]["created_at"])
    assert set(data["identity"]) == {"provider", "subject", "issuer"}
    for org in data["organizations"]:
        assert set(org) == {"org_id", "name", "slug", "role"}
    return data


def refused(response, code: str, status: int = 403):
    assert response.status_code == status, response.text
    assert problem(response) == code


# 5. The first of all.


def test_the_first_login_becomes_the_platform_owner(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    email = "Ada.Lovelace@Example.com"
    data = decided(service.provision(okta.token(email)), 201)
    assert data["decision"]["outcome"] == "platform_owner"
    assert data["user"]["email"] == email and data["user"]["is_active"] is True
    assert data["identity"] == {"provider": "okta", "subject": okta.subject(email), "issuer": okta.url}
    assert data["profile"]["global_role"] == "platform_owner"
    [org] = data["organizations"]
    assert (org["name"], org["slug"], org["role"]) == ("Platform Admin", "platform-admin", "org_owner")
    again = decided(service.provision(okta.token(email)), 200)
    assert again["decision"]["outcome"] == "existing"
    assert again["user"]["id"] == data["user"]["id"]
    refused(service.provision(okta.token("second@example.com")), "invitation_required")
    counts = fresh_database.counts()
    assert (counts["auth.users"], counts["external_identities"], counts["profiles"], counts["org"]) == (1, 1, 1, 1)
    assert fresh_database.one("SELECT count(*) FROM auth_events WHERE outcome <> ''") >= 3
    assert counts["audit_log"] >= 1


def test_the_alias_and_the_first_owner_once_in_a_life(start, fresh_database, host):
    """A deleted owner does not make room for another."""
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    first = service.request("POST", "/identities", okta.token("ada@example.com"))
    assert decided(first, 201)["decision"]["outcome"] == "platform_owner"
    fresh_database.run("DELETE FROM org")
    fresh_database.run("DELETE FROM auth.users")
    refused(service.provision(okta.token("eve@example.com")), "invitation_required")


def test_bootstrap_is_for_the_named_e_mails_with_the_token(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta, VESTIBULE_BOOTSTRAP_EMAILS="owner@example.com",
                    VESTIBULE_BOOTSTRAP_TOKEN="let-me-in-please")
    right, wrong = {"X-Bootstrap-Token": "let-me-in-please"}, {"X-Bootstrap-Token": "let-me-in-pleasE"}
    refused(service.provision(okta.token("eve@example.com"), headers=right), "invitation_required")
    refused(service.provision(okta.token("owner@example.com")), "invitation_required")
    refused(service.provision(okta.token("owner@example.com"), headers=wrong), "invitation_required")
    refused(service.provision(okta.token("owner@example.com"), {"bootstrap_token": ""}), "invitation_required")
    assert fresh_database.counts()["auth.users"] == 0
    data = decided(service.provision(okta.token("OWNER@example.com"), {"bootstrap_token": "let-me-in-please"}), 201)
    assert data["decision"]["outcome"] == "platform_owner"
    assert "let-me-in" not in service.output()


# 1. Somebody known.


def test_changed_names_are_updated(service, database, okta):
    org = database.org("names")
    email = unique()
    database.invite(org, email)
    decided(service.provision(okta.token(email, given_name="Ada", family_name="Byron", name="Ada Byron")), 201)
    after = decided(service.provision(okta.token(email, given_name="Ada", family_name="King", name="Ada King")), 200)
    assert after["decision"]["outcome"] == "existing"
    assert after["profile"]["last_name"] == "King" and after["profile"]["full_name"] == "Ada King"


def test_a_deactivated_user_stays_out(service, database, okta):
    org, email = database.org("leavers"), unique()
    database.invite(org, email)
    user = decided(service.provision(okta.token(email)), 201)["user"]["id"]
    database.run("UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %s", user)
    refused(service.provision(okta.token(email)), "user_deactivated")


def test_a_later_invite_and_a_later_domain_take_effect_at_the_next_login(service, database, okta):
    first, second, third = database.org("first"), database.org("second"), database.org("third")
    domain = f"{uuid.uuid4().hex[:8]}.example"
    email = unique(domain=domain)
    database.invite(first, email)
    decided(service.provision(okta.token(email)), 201)
    database.invite(second, email, "org_admin")
    database.domain(third, domain, "org_user")
    data = decided(service.provision(okta.token(email)), 200)
    assert data["decision"]["outcome"] == "existing"
    assert set(data["decision"]["joined"]) == {second, third}
    assert {org["org_id"]: org["role"] for org in data["organizations"]} == {
        first: "org_user", second: "org_admin", third: "org_user"}
    assert not decided(service.provision(okta.token(email)), 200)["decision"].get("joined")


# 2. The e-mail of somebody known, from another issuer.


def test_a_second_issuer_with_the_same_e_mail_is_a_conflict(service, database, okta, clerk):
    email = unique()
    database.invite(database.org("conflict"), email)
    decided(service.provision(okta.token(email)), 201)
    refused(service.provision(clerk.token(email)), "identity_conflict", 409)
    refused(service.provision(clerk.token(email.upper(), sub=clerk.subject(email + "x"))), "identity_conflict", 409)
    assert database.one("SELECT count(*) FROM external_identities WHERE lower(email) = lower(%s)", email) == 1


def test_linking_where_it_is_on(start, fresh_database, host):
    okta, clerk = host.issuer(OKTA), host.issuer(CLERK)
    service = start(fresh_database.service_url, okta, clerk, VESTIBULE_LINK_BY_EMAIL="true")
    email = "ada@example.com"
    first = decided(service.provision(okta.token(email)), 201)
    # An unverified claim of the same address links nothing.
    unverified = service.provision(clerk.token(email, sub="user_eve", email_verified=False))
    assert unverified.status_code in (403, 409)
    second = decided(service.provision(clerk.token(email)), 200)
    assert second["decision"]["outcome"] == "linked"
    assert second["user"]["id"] == first["user"]["id"]
    assert second["identity"]["provider"] == "clerk"
    assert decided(service.provision(clerk.token(email)), 200)["decision"]["outcome"] == "existing"
    assert fresh_database.counts()["auth.users"] == 1
    assert fresh_database.counts()["external_identities"] == 2


def test_a_user_without_identity_gets_the_first_one(service, database, okta):
    """Made by SCIM or import: the first login with the e-mail takes the user over, whatever the linking setting."""
    email = unique()
    user = str(uuid.uuid4())
    database.run("INSERT INTO auth.users (id, email) VALUES (%s, %s)", user, email)
    database.run("INSERT INTO profiles (user_id, email) VALUES (%s, %s)", user, email)
    data = decided(service.provision(okta.token(email)), 200)
    assert (data["decision"]["outcome"], data["user"]["id"]) == ("linked", user)


# 3. Invites.


def test_every_pending_invite_becomes_a_membership(service, database, okta):
    email = unique("Grace")
    older, newer = database.org("older"), database.org("newer")
    database.invite(older, email.lower(), "org_admin")
    database.run("UPDATE org_invites SET created_at = now() - interval '1 day' WHERE org_id = %s", older)
    newest = database.invite(newer, email.upper(), "org_user")
    data = decided(service.provision(okta.token(email)), 201)
    assert data["decision"]["outcome"] == "invite"
    assert data["decision"]["org_id"] == newer
    assert data["decision"]["invite_id"] == newest
    assert {org["org_id"]: org["role"] for org in data["organizations"]} == {older: "org_admin", newer: "org_user"}
    assert data["profile"]["current_org_id"] == newer
    assert data["profile"]["global_role"] == "global_user"
    assert {row[0] for row in database.rows(
        "SELECT status FROM org_invites WHERE lower(email) = lower(%s)", email)} == {"accepted"}


@pytest.mark.parametrize("status, expires", [
    ("pending", "-1 second"), ("revoked", "7 days"), ("accepted", "7 days"), ("expired", "7 days")])
def test_an_invite_that_is_over_lets_nobody_in(service, database, okta, status, expires):
    email = unique()
    invite = database.invite(database.org("over-" + uuid.uuid4().hex[:8]), email, expires=expires)
    database.run("UPDATE org_invites SET status = %s WHERE id = %s", status, invite)
    refused(service.provision(okta.token(email)), "invitation_required")


def test_an_invite_for_a_similar_e_mail_lets_nobody_in(service, database, okta):
    email = unique()
    org = database.org("similar")
    for other in ("x" + email, email + "x", email.replace("@", "+tag@")):
        database.invite(org, other, "org_owner")
    refused(service.provision(okta.token(email)), "invitation_required")


# 4. Domains.


def test_a_verified_domain_lets_its_people_in(service, database, okta):
    org, domain = database.org("domained"), f"{uuid.uuid4().hex[:8]}.example"
    database.domain(org, domain, "org_admin")
    data = decided(service.provision(okta.token(f"ada@{domain.upper()}")), 201)
    assert data["decision"]["outcome"] == "domain"
    assert (data["decision"]["org_id"], data["decision"]["domain"]) == (org, domain)
    assert [(entry["org_id"], entry["role"]) for entry in data["organizations"]] == [(org, "org_admin")]


def test_a_domain_is_compared_whole(service, database, okta):
    org, domain = database.org("whole"), f"{uuid.uuid4().hex[:8]}.example"
    database.domain(org, domain)
    for other in (f"sub.{domain}", f"x{domain}", f"{domain}.evil.example"):
        refused(service.provision(okta.token(f"eve@{other}")), "invitation_required")


@pytest.mark.parametrize("verified, auto", [(False, True), (True, False)])
def test_a_domain_must_be_verified_and_provision(service, database, okta, verified, auto):
    org, domain = database.org("half-" + uuid.uuid4().hex[:8]), f"{uuid.uuid4().hex[:8]}.example"
    database.domain(org, domain, verified=verified, auto=auto)
    refused(service.provision(okta.token(f"eve@{domain}")), "invitation_required")


def test_a_domain_in_letters_beyond_ASCII_is_compared_in_ASCII(service, database, okta):
    org, label = database.org("idna"), uuid.uuid4().hex[:6]
    unicode_domain = f"bücher-{label}.example"
    database.domain(org, unicode_domain.encode("idna").decode())
    assert decided(service.provision(okta.token(f"ada@{unicode_domain}")), 201)["decision"]["outcome"] == "domain"


def test_an_invite_goes_before_a_domain(service, database, okta):
    invited, domained = database.org("invited"), database.org("domained-too")
    domain = f"{uuid.uuid4().hex[:8]}.example"
    email = f"ada@{domain}"
    database.domain(domained, domain)
    database.invite(invited, email)
    data = decided(service.provision(okta.token(email)), 201)
    assert data["decision"]["outcome"] == "invite"
    assert invited in {org["org_id"] for org in data["organizations"]}


# 6. Nobody, and the e-mail's proof.


def test_a_stranger_leaves_no_trace_but_the_event(service, database, okta):
    before, events = database.counts(), database.one("SELECT count(*) FROM auth_events")
    refused(service.provision(okta.token(unique())), "invitation_required")
    assert database.counts() == before
    assert database.one("SELECT count(*) FROM auth_events") == events + 1


def test_an_unverified_e_mail_grants_nothing(service, database, clerk, okta):
    email = unique()
    org = database.org("unverified")
    database.invite(org, email)
    refused(service.provision(clerk.token(email, email_verified=False)), "email_unverified")
    # An explicit no is a no even from the issuer that is the domain's authority.
    refused(service.provision(okta.token(email, email_verified=False)), "email_unverified")
    decided(service.provision(okta.token(email)), 201)


def test_okta_is_an_authority_for_its_domains_only(start, fresh_database, host):
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    org = fresh_database.org("authority")
    for email in ("ada@ours.example", "ada@theirs.example", "ada@sub.ours.example"):
        fresh_database.invite(org, email)
    service = start(fresh_database.service_url, okta, OKTA_EMAIL_DOMAINS="ours.example")
    absent = {"email_verified": None}
    okta_token = lambda email: okta.token(email, **absent)  # noqa: E731
    decided(service.provision(okta_token("ada@ours.example")), 201)
    for email in ("ada@theirs.example", "ada@sub.ours.example"):
        token = okta_token(email)
        okta.people[okta.subject(email)].pop("email_verified")
        refused(service.provision(token), "email_unverified")


def test_the_e_mail_comes_from_userinfo(service, database, okta):
    email = unique()
    database.invite(database.org("userinfo"), email)
    calls = okta.userinfo_calls
    data = decided(service.provision(okta.token(email, email=None)), 201)
    assert data["user"]["email"] == email
    assert okta.userinfo_calls > calls


def test_the_e_mail_comes_from_clerks_backend(service, database, clerk):
    email = unique()
    database.invite(database.org("backend"), email)
    data = decided(service.provision(clerk.token(email, email=None, email_verified=None)), 201)
    assert data["user"]["email"] == email
    other = unique()
    database.invite(database.org("backend-unverified"), other)
    token = clerk.token(other, email=None, email_verified=None)
    clerk.people[clerk.subject(other)]["email_verified"] = False
    refused(service.provision(token), "email_unverified")


def test_no_e_mail_anywhere(service, okta):
    token = okta.token("nobody@example.com", email=None, sub="00unobody", uid="00unobody")
    refused(service.provision(token), "email_missing")


def test_the_e_mail_comes_from_the_id_token(service, database, okta):
    email = unique()
    database.invite(database.org("id-token"), email)
    calls = okta.userinfo_calls
    access = okta.token(email, email=None)
    data = decided(service.provision(access, {"id_token": okta.id_token(email)}), 201)
    assert data["user"]["email"] == email and okta.userinfo_calls == calls
    # It must be the same person's, and as good as any token.
    stranger = okta.id_token(unique())
    assert service.provision(access, {"id_token": stranger}).status_code in (400, 401)
    expired = service.provision(access, {"id_token": okta.id_token(email, exp=1)})
    assert expired.status_code == 401 and problem(expired) == "token_expired"


def test_hints_fill_the_profile_but_never_the_e_mail(service, database, okta):
    email = unique()
    database.invite(database.org("hints"), email)
    bad = service.provision(okta.token(email), {"email": "boss@example.com"})
    assert bad.status_code == 400 and problem(bad) == "validation_failed"
    assert bad.json()["details"][0]["field"] == "email"
    data = decided(service.provision(okta.token(email), {
        "full_name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace", "phone": "+44 20 7946 0000",
        "avatar_url": "https://example.com/ada.png"}), 201)
    assert data["profile"]["full_name"] == "Ada Lovelace"
    assert data["profile"]["phone"] == "+44 20 7946 0000"
    assert data["user"]["email"] == email


@pytest.mark.parametrize("address, kept", [
    ("https://example.com/ada.png", True), ("javascript:alert(1)", False),
    (" javascript:alert(1)", False), ("data:text/html,<script>", False), ("//example.com/ada.png", False)])
def test_a_picture_s_address_is_one_of_the_web_wherever_it_comes_from(service, database, okta, address, kept):
    """Pages show it. What is none is left out: it keeps nobody from coming in."""
    org = database.org("pictures-" + uuid.uuid4().hex[:8])
    for claims, hints in (({"picture": address}, None), ({}, {"avatar_url": address})):
        email = unique()
        database.invite(org, email)
        data = decided(service.provision(okta.token(email, **claims), hints), 201)
        assert data["profile"]["avatar_url"] == (address if kept else None)


@pytest.mark.parametrize("email", [
    "two@at@example.com", "@example.com", "ada@", "ada", "ada lovelace@example.com", "ada@exa mple.com",
    "a" * 65 + "@example.com", "ada@" + "x" * 250 + ".example", "ada\u0000@example.com"])
def test_an_address_that_is_none_grants_nothing(service, okta, email):
    token = okta.token("odd@example.com", email=email, sub="00uodd", uid="00uodd")
    response = service.provision(token)
    assert response.status_code in (400, 401, 403), response.text
    assert problem(response) in ("email_missing", "email_unverified", "invitation_required", "token_claims_invalid")


# Together.


def test_a_hundred_first_logins_of_one_identity_make_one_user(service, database, okta):
    email = unique("crowd")
    org = database.org("crowd")
    database.invite(org, email, "org_admin")
    token = okta.token(email)
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: service.provision(token), range(100)))
    assert {answer.status_code for answer in answers} <= {200, 201}, [a.text for a in answers if a.status_code > 201][:3]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    bodies = [answer.json()["data"] for answer in answers]
    assert len({body["user"]["id"] for body in bodies}) == 1
    for part in ("user", "identity", "organizations"):
        assert len({str(body[part]) for body in bodies}) == 1, part
    user = bodies[0]["user"]["id"]
    for table, column in (("auth.users", "id"), ("external_identities", "auth_user_id"), ("profiles", "user_id"),
                          ("org_members", "user_id")):
        assert database.one(f"SELECT count(*) FROM {table} WHERE {column} = %s", user) == 1, table
    assert database.one("SELECT count(*) FROM org_invites WHERE lower(email) = lower(%s) AND status = 'accepted'", email) == 1


def test_a_refusal_is_of_the_token_that_said_too_little(service, database, okta):
    """And not of another of the same person a moment later, at the authorizer, which remembers refusals."""
    org = database.org("better-" + uuid.uuid4().hex[:8])
    for worse, code in (({"email_verified": False}, "email_unverified"), ({"email": unique()}, "invitation_required")):
        email = unique()
        database.invite(org, email)
        token = okta.token(email, **worse)
        for _ in range(2):
            refused(service.authorize(token), code)
        assert service.authorize(okta.id_token(email)).status_code == 200


@pytest.mark.parametrize("given", ["org_admin", "org_owner"])
def test_a_role_that_is_given_while_somebody_signs_in_is_not_lowered(service, database, okta, given):
    """The login has read that they are no member, and waits for whoever makes them one."""
    domain = f"{uuid.uuid4().hex[:8]}.example"
    email = unique(domain=domain)
    database.invite(database.org("home-" + uuid.uuid4().hex[:8]), email)
    token = okta.token(email)
    user = decided(service.provision(token), 201)["user"]["id"]
    org = database.org("raced-" + uuid.uuid4().hex[:8])
    database.domain(org, domain)
    with psycopg.connect(cluster_url(), dbname=database.name) as giving, ThreadPoolExecutor(1) as worker:
        giving.execute("INSERT INTO org_members (org_id, user_id, role) VALUES (%s, %s, %s)", [org, user, given])
        login = worker.submit(service.provision, token)
        eventually(lambda: database.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", database.name), "the wait")
        giving.commit()
        data = decided(login.result(20), 200)
    assert [one["role"] for one in data["organizations"] if one["org_id"] == org] == [given]


def test_fifty_first_users_make_one_platform_owner(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    tokens = [okta.token(f"user{number}@example.com") for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(service.provision, tokens))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [403] * 49, statuses
    assert {problem(answer) for answer in answers if answer.status_code == 403} == {"invitation_required"}
    assert fresh_database.one("SELECT count(*) FROM profiles WHERE global_role = 'platform_owner'") == 1
    counts = fresh_database.counts()
    assert (counts["auth.users"], counts["org"], counts["org_members"]) == (1, 1, 1)


def test_two_instances_race_for_the_same_people(start, fresh_database, host):
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    org = fresh_database.org("race")
    services = [start(fresh_database.service_url, okta), start(fresh_database.service_url, okta)]
    emails = [f"user{number}@example.com" for number in range(20)]
    for email in emails:
        fresh_database.invite(org, email)
    tokens = [okta.token(email) for email in emails for _ in range(6)]
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda pair: services[pair[0] % 2].provision(pair[1]), enumerate(tokens)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert sum(answer.status_code == 201 for answer in answers) == len(emails)
    assert fresh_database.counts()["auth.users"] == len(emails)
    assert fresh_database.counts()["org_members"] == len(emails)


def test_a_crash_in_the_middle_leaves_nothing_or_everything(start, fresh_database, host):
    """The instance is killed while it provisions; what it has left is whole."""
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    org = fresh_database.org("crash")
    for round_number in range(4):
        service = start(fresh_database.service_url, okta)
        emails = [f"crash{round_number}-{number}@example.com" for number in range(40)]
        for email in emails:
            fresh_database.invite(org, email)

        def attempt(email):
            try:
                return service.provision(okta.token(email)).status_code
            except httpx.HTTPError:
                return None

        with ThreadPoolExecutor(20) as pool:
            pending = [pool.submit(attempt, email) for email in emails]
            time.sleep(0.01 + 0.02 * round_number)
            service.program.send(signal.SIGKILL)
            answered = sum(item.result() in (200, 201) for item in pending)
        service.program.wait()
        # What the killed instance had sent, the database still finishes.
        eventually(lambda: fresh_database.service_sessions() == 0, "the end of its sessions")
        counts = fresh_database.counts()
        users = counts["auth.users"]
        for table in ("external_identities", "profiles", "org_members"):
            assert counts[table] == users, counts
        assert fresh_database.one("SELECT count(*) FROM org_invites WHERE status = 'accepted'") == users
        assert fresh_database.one("SELECT count(*) FROM auth.users WHERE email LIKE %s",
                                  f"crash{round_number}-%") >= answered


# The profile.


def test_the_profile_provisions_at_first_sight(service, database, okta):
    email = unique()
    org = database.org("profiles")
    database.invite(org, email, "org_admin")
    response = service.get("/profiles/me", okta.token(email))
    assert response.status_code == 200, response.text
    data = response.json()["data"]
    assert data["email"] == email
    assert [(entry["org_id"], entry["role"]) for entry in data["organizations"]] == [(org, "org_admin")]
    refused(service.get("/profiles/me", okta.token(unique())), "invitation_required")
    missing = service.get("/profiles/me")
    assert missing.status_code == 401 and problem(missing) == "token_missing"


def test_a_profile_costs_one_round_trip_and_a_first_login_two(start, fresh_database, host):
    okta, relay = host.issuer(OKTA), Relay()
    try:
        fresh_database.settle_bootstrap()
        fresh_database.domain(fresh_database.org("trips"), "trips.example")
        service = start(relay.url(SERVICE, fresh_database.name), okta, VESTIBULE_THREADS=1, VESTIBULE_UPKEEP=0,
                        VESTIBULE_DATABASE_CONNECTIONS=1)
        token = okta.token(unique(domain="trips.example"))
        assert service.provision(token).status_code == 201
        service.get("/profiles/me", token)

        def trips(call, status: int) -> int:
            # What the one before was followed by is over: the newcomer is announced after the answer.
            seen = -1
            while seen != relay.turns:
                seen = relay.turns
                time.sleep(0.1)
            before = relay.turns
            assert call().status_code == status
            return relay.turns - before

        # The fewest of several: the keeper of changes may be asking meanwhile.
        assert min(trips(lambda: service.get("/profiles/me", token), 200) for _ in range(5)) == 1
        newcomers = [okta.token(unique(domain="trips.example")) for _ in range(5)]
        assert min(trips(lambda: service.provision(each), 201) for each in newcomers) == 2
    finally:
        relay.close()
