"""CONTRACT section 6: profiles, orgs, members, invites, domains."""

import shutil
import subprocess
import uuid

import pytest

from harness.issuers import OKTA
from harness.people import NOBODY, Person, unique
from harness.programs import free_port
from harness.service import problem


def fields(answer) -> set:
    return {detail["field"] for detail in answer["details"]}


# Profiles.


def test_a_profile_is_changed_in_part(owner):
    data = owner.good("PUT", "/profiles/me", {"full_name": " Ada Lovelace ", "phone": "+44", "first_name": "Ada"})
    assert (data["full_name"], data["phone"]) == ("Ada Lovelace", "+44")
    data = owner.good("PUT", "/profiles/me", {"phone": None})
    assert (data["full_name"], data["phone"], data["first_name"]) == ("Ada Lovelace", None, "Ada")
    assert data == owner.good("GET", "/profiles/me")


@pytest.mark.parametrize("field, value", [
    ("email", "boss@example.com"), ("global_role", "platform_owner"), ("full_name", 7), ("phone", "1" * 51),
    ("avatar_url", "javascript:alert(1)"), ("full_name", "x" * 201)])
def test_a_profile_refuses(owner, field, value):
    assert fields(owner.bad("PUT", "/profiles/me", {field: value}, 400, "validation_failed")) == {field}


def test_the_current_org_is_one_of_ones_own(owner, org, person):
    assert owner.good("PUT", "/profiles/me/current-org", {"org_id": org})["current_org_id"] == org
    assert owner.good("GET", "/profiles/me")["current_org_id"] == org
    person().bad("PUT", "/profiles/me/current-org", {"org_id": org}, 403, "forbidden")
    assert fields(owner.bad("PUT", "/profiles/me/current-org", {"org_id": "x"}, 400, "validation_failed")) == {"org_id"}
    owner.bad("PUT", "/profiles/me/current-org", {}, 400, "validation_failed")


def test_a_deleted_profile_stays_out(owner, service):
    assert owner.good("DELETE", "/profiles/me") == {"id": owner.id}
    for path in ("/profiles/me", "/orgs"):
        owner.bad("GET", path, None, 403, "user_deactivated")
    assert service.provision(owner.token).status_code == 403


# Orgs.


def test_an_org_from_making_to_closing(owner, org):
    data = owner.good("GET", f"/orgs/{org}")
    assert data["id"] == org and data["owner_id"] == owner.id and data["is_active"] is True
    assert data["slug"].startswith("acme-")
    data = owner.good("PUT", f"/organizations/{org}", {"description": "Anvils"})
    assert data["description"] == "Anvils" and data["name"].startswith("Acme")
    assert owner.good("PUT", f"/orgs/{org}", {"description": None})["description"] is None
    assert org in {entry["id"] for entry in owner.good("GET", "/organizations")}
    assert org in {entry["org_id"] for entry in owner.good("GET", "/profiles/me")["organizations"]}
    assert owner.good("DELETE", f"/orgs/{org}") == {"id": org}
    owner.bad("GET", f"/orgs/{org}", None, 404, "not_found")
    owner.bad("DELETE", f"/orgs/{org}", None, 404, "not_found")


def test_nobody_takes_the_slug_of_the_platform_s_own_org(start, fresh_database, host):
    """Whoever did would be an owner beside the first platform owner, who joins that org."""
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta, VESTIBULE_BOOTSTRAP_EMAILS="boss@corp.example")
    early = Person(service, fresh_database, okta)
    early.bad("POST", "/orgs", {"name": "Mine", "slug": "platform-admin"}, 409, "conflict")
    org = early.good("POST", "/orgs", {"name": "Platform Admin"}, 201)
    assert org["slug"].startswith("platform-admin-")
    early.bad("PUT", f"/orgs/{org['id']}", {"slug": "platform-admin"}, 409, "conflict")
    data = service.provision(okta.token("boss@corp.example")).json()["data"]
    assert data["decision"]["outcome"] == "platform_owner" and data["organizations"][0]["slug"] == "platform-admin"
    own = data["decision"]["org_id"]
    assert fresh_database.rows("SELECT user_id::text FROM org_members WHERE org_id = %s", own) == [(data["user"]["id"],)]
    answer = service.request("PUT", f"/orgs/{own}", okta.token("boss@corp.example"), json={"slug": "platform-admin", "name": "Us"})
    assert answer.status_code == 200, answer.text


def test_slugs_are_unique(owner):
    slug = "s-" + uuid.uuid4().hex[:8]
    assert owner.good("POST", "/orgs", {"name": "One", "slug": slug}, 201)["slug"] == slug
    owner.bad("POST", "/orgs", {"name": "Two", "slug": slug}, 409, "conflict")
    name = "Same " + slug
    first, second = (owner.good("POST", "/orgs", {"name": name}, 201)["slug"] for _ in range(2))
    assert first != second and second.startswith(first)


@pytest.mark.parametrize("body, wrong", [
    ({}, {"name"}), ({"name": ""}, {"name"}), ({"name": "x" * 201}, {"name"}), ({"name": " \u2003 "}, {"name"}), ({"name": "a", "slug": "A b"}, {"slug"}),
    ({"name": "a", "nme": 1, "x": 2}, {"nme", "x"}), ({"name": 1, "slug": 2}, {"name", "slug"})])
def test_an_org_needs_good_fields(owner, body, wrong):
    assert fields(owner.bad("POST", "/orgs", body, 400, "validation_failed")) == wrong


def test_a_foreign_org_is_not_there(org, person):
    stranger = person()
    for method, path, body in [
        ("GET", "", None), ("PUT", "", {"name": "Mine"}), ("DELETE", "", None), ("GET", "/members", None),
        ("POST", "/members", {"user_id": stranger.id}), ("GET", "/invites", None),
        ("POST", "/invites", {"email": unique()}), ("GET", "/domains", None),
        ("POST", "/domains", {"domain": "stranger.example"})]:
        stranger.bad(method, f"/orgs/{org}{path}", body, 404, "not_found")
    assert org not in {entry["id"] for entry in stranger.good("GET", "/orgs")}
    for path in (f"/orgs/{NOBODY}", "/orgs/none", "/orgs/none/members"):
        stranger.bad("GET", path, None, 404, "not_found")


def test_only_administrators_make_orgs_where_that_is_said(start, fresh_database, host):
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, okta, VESTIBULE_ORGS_CREATE="platform_admin")
    Person(service, fresh_database, okta).bad("POST", "/orgs", {"name": "No"}, 403, "forbidden")


def test_lists_come_in_parts(owner, org):
    for number in range(3):
        owner.good("POST", f"/orgs/{org}/invites", {"email": unique()}, 201)
    seen = []
    for offset, more in ((0, True), (2, False)):
        answer = owner.call("GET", f"/orgs/{org}/invites?limit=2&offset={offset}").json()
        assert answer["page"] == {"limit": 2, "offset": offset, "has_more": more}
        seen += [entry["id"] for entry in answer["data"]]
    assert len(set(seen)) == 3
    assert owner.call("GET", f"/orgs/{org}/invites").json()["page"] == {"limit": 100, "offset": 0, "has_more": False}
    owner.good("GET", "/orgs?limit=1000")
    for query in ("limit=0", "limit=1001", "limit=x", "limit=", "offset=-1", "limit=1&limit=2", "offset=99999999999999999999"):
        owner.bad("GET", f"/orgs?{query}", None, 400, "validation_failed")


def test_whoever_has_no_token_learns_nothing(service, org):
    for method, path in (("GET", "/orgs"), ("POST", "/orgs"), ("GET", f"/orgs/{org}"), ("DELETE", "/profiles/me")):
        response = service.request(method, path)
        assert response.status_code == 401 and problem(response) == "token_missing"


@pytest.mark.parametrize("body, code", [
    ({"name": "a\u0000b"}, "validation_failed"), ({"name": "Acme", "slug": {"a": "\u0000"}}, "validation_failed"),
    ([], "bad_request"), (None, "bad_request")])
def test_a_body_that_can_not_be_stored_is_refused(owner, body, code):
    owner.bad("POST", "/orgs", body, 400, code)


# Members.


def test_members_come_change_and_go(owner, org, person):
    other = person()
    path = f"/orgs/{org}/members"
    data = owner.good("POST", path, {"user_id": other.id, "role": "org_user"}, 201)
    assert (data["user_id"], data["role"], data["email"]) == (other.id, "org_user", other.email)
    owner.bad("POST", path, {"user_id": other.id}, 409, "conflict")
    assert {entry["user_id"] for entry in other.good("GET", path)} == {owner.id, other.id}
    # A user reads only.
    other.bad("PUT", f"/orgs/{org}", {"name": "Mine"}, 403, "forbidden")
    other.bad("PUT", f"{path}/{other.id}", {"role": "org_owner"}, 403, "forbidden")
    other.bad("DELETE", f"{path}/{owner.id}", None, 403, "forbidden")
    other.bad("DELETE", f"/orgs/{org}", None, 403, "forbidden")
    assert owner.good("PUT", f"{path}/{other.id}", {"role": "org_admin"})["role"] == "org_admin"
    # An admin changes the org, and nobody above.
    assert other.good("PUT", f"/orgs/{org}", {"name": "Ours"})["name"] == "Ours"
    other.bad("PUT", f"{path}/{owner.id}", {"role": "org_user"}, 403, "forbidden")
    assert owner.good("DELETE", f"{path}/{other.id}") == {"id": other.id}
    other.bad("GET", f"/orgs/{org}", None, 404, "not_found")
    owner.bad("DELETE", f"{path}/{other.id}", None, 404, "not_found")


def test_a_member_is_neither_added_nor_invited_again(owner, org, person, service):
    path, admin = f"/orgs/{org}/members", person(None, "org_user")
    owner.good("POST", path, {"user_id": admin.id, "role": "org_admin"}, 201)
    for caller in (owner, admin):
        for user in (owner, admin):
            caller.bad("POST", path, {"user_id": user.id}, 409, "conflict")
            for place, email in ((path, user.email), (f"/orgs/{org}/invites", user.email.upper())):
                caller.bad("POST", place, {"email": email, "role": "org_admin"}, 409, "conflict")
    # An invite that raises is one that says something, and who is no member is not told of who is.
    assert owner.good("POST", f"/orgs/{org}/invites", {"email": admin.email, "role": "org_owner"}, 201)["status"] == "pending"
    person().bad("POST", path, {"email": owner.email}, 404, "not_found")
    person().bad("POST", path, {"user_id": owner.id}, 404, "not_found")
    # Somebody who left can be invited again.
    assert owner.good("DELETE", f"{path}/{admin.id}") == {"id": admin.id}
    other = person()
    owner.good("POST", path, {"user_id": other.id}, 201), owner.good("DELETE", f"{path}/{other.id}")
    owner.good("POST", path, {"email": other.email}, 201)


def test_the_last_owner_stays(owner, org):
    owner.bad("PUT", f"/orgs/{org}/members/{owner.id}", {"role": "org_user"}, 409, "conflict")
    owner.bad("DELETE", f"/orgs/{org}/members/{owner.id}", None, 409, "conflict")


def test_a_member_by_e_mail_is_an_invite(owner, org):
    email = unique()
    data = owner.good("POST", f"/orgs/{org}/members", {"email": email, "role": "org_admin"}, 201)
    assert (data["email"], data["role"], data["status"]) == (email, "org_admin", "pending")


@pytest.mark.parametrize("body", [
    {}, {"user_id": NOBODY, "email": "a@b.example"}, {"user_id": "x"}, {"user_id": NOBODY, "role": "boss"},
    {"email": "nobody"}])
def test_a_member_needs_good_fields(owner, org, body):
    owner.bad("POST", f"/orgs/{org}/members", body, 400, "validation_failed")


def test_a_member_must_exist(owner, org):
    owner.bad("POST", f"/orgs/{org}/members", {"user_id": NOBODY}, 404, "not_found")
    owner.bad("PUT", f"/orgs/{org}/members/{NOBODY}", {"role": "org_user"}, 404, "not_found")
    owner.bad("PUT", f"/orgs/{org}/members/x", {"role": "org_user"}, 404, "not_found")


# Invites.


def test_an_invite_lets_in(owner, org, service, okta):
    email = unique()
    # Refused before, and that is remembered: the invite must end it.
    assert service.provision(okta.token(email)).status_code == 403
    path = f"/orgs/{org}/invites"
    invite = owner.good("POST", path, {"email": email.upper(), "role": "org_admin"}, 201)
    assert invite["email"] == email.upper(), "as given"
    assert invite["status"] == "pending" and invite["invited_by"] == owner.id and invite["accepted_at"] is None
    owner.bad("POST", path, {"email": email}, 409, "conflict")
    again = owner.good("POST", f"{path}/{invite['id']}/resend")
    assert again["expires_at"] >= invite["expires_at"]
    answer = service.get("/orgs", okta.token(email))
    assert [entry["id"] for entry in answer.json()["data"]] == [org]
    assert owner.good("GET", path)[0]["status"] == "accepted"
    owner.bad("DELETE", f"{path}/{invite['id']}", None, 409, "conflict")
    owner.bad("POST", f"{path}/{invite['id']}/resend", None, 409, "conflict")


def test_an_invite_is_taken_back(owner, org, person, service, okta):
    email = unique()
    path = f"/orgs/{org}/invites"
    invite = owner.good("POST", path, {"email": email}, 201)
    member = person(org)
    member.bad("POST", path, {"email": unique()}, 403, "forbidden")
    member.bad("DELETE", f"{path}/{invite['id']}", None, 403, "forbidden")
    person().bad("DELETE", f"{path}/{invite['id']}", None, 404, "not_found")
    assert owner.good("DELETE", f"{path}/{invite['id']}") == {"id": invite["id"]}
    assert service.provision(okta.token(email)).status_code == 403
    owner.good("POST", path, {"email": email}, 201)


@pytest.mark.parametrize("body, wrong", [
    ({}, "email"), ({"email": "a@b@c"}, "email"), ({"email": "a@b.example", "role": "boss"}, "role"),
    ({"email": "a@b.example", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
    ({"email": "a@b.example", "expires_at": "soon"}, "expires_at"), ({"email": "a@b.example", "note": 1}, "note")])
def test_an_invite_needs_good_fields(owner, org, body, wrong):
    assert fields(owner.bad("POST", f"/orgs/{org}/invites", body, 400, "validation_failed")) == {wrong}


# Domains.


def test_a_domain_is_claimed_and_given_up(owner, org, person):
    path, name = f"/orgs/{org}/domains", f"{uuid.uuid4().hex[:8]}.example"
    domain = owner.good("POST", path, {"domain": name.upper()}, 201)
    assert (domain["domain"], domain["auto_provision"], domain["default_role"]) == (name, True, "org_user")
    assert domain["is_verified"] is False and domain["verified_at"] is None
    assert domain["verification"]["type"] == "TXT" and domain["verification"]["name"] == f"_vestibule.{name}"
    assert domain["verification"]["value"].startswith("vestibule-verify=")
    owner.bad("POST", path, {"domain": name}, 409, "conflict")
    for wrong in ("gmail.com", "localhost", "a b.example", ""):
        assert fields(owner.bad("POST", path, {"domain": wrong}, 400, "validation_failed")) == {"domain"}
    one = f"{path}/{domain['id']}"
    assert owner.good("PUT", one, {"auto_provision": False})["auto_provision"] is False
    owner.bad("PUT", one, {"is_verified": True}, 400, "validation_failed")
    owner.bad("PUT", one, {"default_role": "org_owner"}, 403, "forbidden")
    member, stranger = person(org), person()
    assert [entry["id"] for entry in member.good("GET", path)] == [domain["id"]]
    for someone, status, code in ((member, 403, "forbidden"), (stranger, 404, "not_found")):
        someone.bad("PUT", one, {"auto_provision": True}, status, code)
        someone.bad("DELETE", one, None, status, code)
    assert owner.good("DELETE", one) == {"id": domain["id"]}
    assert owner.good("GET", path) == []


@pytest.mark.skipif(not shutil.which("dnsmasq"), reason="needs dnsmasq")
def test_a_domain_is_verified_by_dns(start, fresh_database, host):
    okta, port = host.issuer(OKTA), free_port()
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, okta, VESTIBULE_DNS_SERVER=f"127.0.0.1:{port}")
    owner, other = Person(service, fresh_database, okta), Person(service, fresh_database, okta)
    org = owner.good("POST", "/orgs", {"name": "Acme"}, 201)["id"]
    member = Person(service, fresh_database, okta, org)
    rival = other.good("POST", "/orgs", {"name": "Rival"}, 201)["id"]
    path = f"/orgs/{org}/domains"
    domain = owner.good("POST", path, {"domain": "acme.example"}, 201)
    claim = other.good("POST", f"/orgs/{rival}/domains", {"domain": "acme.example"}, 201)
    one = f"{path}/{domain['id']}/verify"
    owner.bad("POST", one, None, 503, "overloaded")
    records = [f"--txt-record={entry['verification']['name']},{entry['verification']['value']}" for entry in (domain, claim)]
    # The service's answer may not depend on an earlier failure: the name server comes only now.
    for published, check in (([], "conflict"), (records, None)):
        server = subprocess.Popen([
            "dnsmasq", "--no-daemon", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--local=/example/", *published], stderr=subprocess.PIPE)
        try:
            for line in server.stderr:
                if b"started" in line:
                    break
            if check:
                owner.bad("POST", one, None, 409, check)
                continue
            member.bad("POST", one, None, 403, "forbidden")
            data = owner.good("POST", one)
            assert data["is_verified"] is True and data["verified_at"]
            other.bad("POST", f"/orgs/{rival}/domains/{claim['id']}/verify", None, 409, "conflict")
        finally:
            server.terminate()
            server.wait()
    newcomer = service.provision(okta.token("ada@acme.example"))
    assert newcomer.json()["data"]["decision"]["outcome"] == "domain", newcomer.text


# People.


def test_people_are_locked_out_and_let_in_again(person):
    somebody, admin, above = person(), person(global_role="global_admin"), person(global_role="platform_owner")
    path = f"/identities/{somebody.id}"
    data = somebody.good("GET", path)
    assert data["user"]["id"] == somebody.id and data["user"]["is_active"] is True
    assert [entry["provider"] for entry in data["identities"]] == [OKTA]
    assert data["profile"]["email"] == somebody.email and len(data["organizations"]) == 1
    assert admin.good("GET", path) == data
    for method, where in (("GET", f"/identities/{admin.id}"), ("DELETE", path), ("POST", path + "/reactivate")):
        somebody.bad(method, where, None, 403, "forbidden")
    for method, where in (("GET", ""), ("DELETE", ""), ("POST", "/reactivate")):
        admin.bad(method, f"/identities/{NOBODY}{where}", None, 404, "not_found")
        admin.bad(method, f"/identities/none{where}", None, 404, "not_found")
    admin.bad("DELETE", f"/identities/{above.id}", None, 403, "forbidden")
    assert admin.good("DELETE", path) == {"id": somebody.id}
    somebody.bad("GET", "/orgs", None, 403, "user_deactivated")
    assert somebody.service.authorize(somebody.token).status_code == 403
    assert admin.good("GET", path)["user"]["is_active"] is False
    assert admin.good("POST", path + "/reactivate")["is_active"] is True
    somebody.good("GET", "/orgs")
