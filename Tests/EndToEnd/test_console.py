"""The console's sign-in, cookies and set-up, as HTTP shows them."""

import uuid
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from harness.console import DevelopmentIdP, console_service
from harness.service import problem

BOOTSTRAP = "bootstrap-" + uuid.uuid4().hex


@pytest.fixture(scope="module")
def idp(folder):
    idp = DevelopmentIdP(folder)
    yield idp
    idp.stop()


@pytest.fixture(scope="module")
def console(folder, database, idp):
    service = console_service(folder, database, idp)
    yield service
    service.stop()


@pytest.fixture
def browser(console):
    """A client that keeps cookies, as a browser does."""
    with httpx.Client(base_url=console.origin, trust_env=False, timeout=30) as client:
        yield client


def begin(browser: httpx.Client, **query) -> dict:
    answer = browser.get("/admin/session/begin", params=query)
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()} | {
        "at": answer.headers["Location"]}


def come_back(browser: httpx.Client, email: str, at: str) -> httpx.Response:
    """What the provider does with somebody who types this e-mail."""
    sent = httpx.get(at, params=dict(parse_qs(urlsplit(at).query, keep_blank_values=True)) | {"login_hint": email})
    assert sent.status_code == 302, sent.text
    return browser.get(sent.headers["Location"])


def test_sign_in_keeps_the_token_out_of_reach_of_scripts(browser, console):
    question = begin(browser)
    assert question["response_type"] == "code" and question["code_challenge_method"] == "S256"
    assert question["redirect_uri"] == console.origin + "/admin/session/callback"
    assert len(question["code_challenge"]) == 43 and len(question["state"]) == 22
    answer = come_back(browser, "ada@example.com", question["at"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/")
    cookies = answer.headers.get_list("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("vestibule="))
    assert "HttpOnly" in session and "SameSite=Strict" in session and "Path=/" in session
    assert any(cookie.startswith("vestibule_login=;") for cookie in cookies), "the ticket is used up"
    profile = browser.get("/profiles/me")
    assert profile.status_code == 200 and profile.json()["data"]["email"] == "ada@example.com"


def test_signing_out_ends_it(browser):
    come_back(browser, "ada@example.com", begin(browser)["at"])
    answer = browser.delete("/admin/session")
    assert answer.status_code == 200 and "Max-Age=0" in answer.headers["Set-Cookie"]
    assert problem(browser.get("/profiles/me")) == "token_missing"


def test_a_sign_in_of_another_browser_is_not_taken(browser, console):
    with httpx.Client(base_url=console.origin, trust_env=False) as victim:
        begin(victim)
        answer = come_back(victim, "mallory@example.com", begin(browser)["at"])
        assert answer.headers["Location"] == "/admin/?sign_in=bad_request"
        assert "vestibule=" not in "".join(answer.headers.get_list("Set-Cookie"))
        assert problem(victim.get("/profiles/me")) == "token_missing"


def test_a_sign_in_that_comes_back_from_another_provider_is_not_taken(browser, idp):
    """RFC 9207: the development IdP names itself, and says that it does."""
    own = "&iss=" + quote(idp.okta["OKTA_ISSUER"], safe="")
    for other in ("", "&iss=https%3A%2F%2Fevil.example", "&iss=", own + "%2F", own + own):
        question = begin(browser)
        sent = httpx.get(question["at"], params=dict(parse_qs(urlsplit(question["at"]).query)) | {"login_hint": "a@example.com"})
        assert own in sent.headers["Location"]
        answer = browser.get(sent.headers["Location"].replace(own, other))
        assert answer.headers["Location"] in {f"/admin/?sign_in={code}" for code in ("bad_request", "validation_failed")}, other
        assert "vestibule=" not in "".join(answer.headers.get_list("Set-Cookie"))


def test_a_page_without_tls_is_of_another_origin_than_the_service_behind_tls(folder, fresh_database, idp):
    service = console_service(folder, fresh_database, idp, VESTIBULE_PUBLIC_URL="https://auth.example")
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": "ada@example.com"}).text.strip()
    try:
        for origin, host, status in (
                ("https://auth.example", "auth.example", 200), ("http://auth.example", "auth.example", 403),
                ("https://other.example", "other.example", 200), ("http://other.example", "other.example", 403)):
            answer = httpx.put(service.origin + "/profiles/me", json={"full_name": "Ada"}, headers={
                "Cookie": "__Host-vestibule=" + token, "Origin": origin, "Host": host}, trust_env=False, timeout=30)
            assert answer.status_code == status, (origin, answer.text)
    finally:
        service.stop()


def test_a_code_works_once_and_only_with_its_own_key(browser, idp):
    question = begin(browser)
    sent = httpx.get(question["at"], params=dict(parse_qs(urlsplit(question["at"]).query)) | {"login_hint": "a@example.com"})
    begin(browser)  # another ticket takes the place of the first
    assert browser.get(sent.headers["Location"]).headers["Location"] == "/admin/?sign_in=bad_request"


@pytest.mark.parametrize("query", [
    "", "?code=x", "?state=x", "?code=x&state=%00", "?error=access_denied&state=x", pytest.param("?code=" + "x" * 5000, id="long"),
    "?code=x&state=x&code=y", "?code=%3Cscript%3E&state=%3Cscript%3E"])
def test_a_callback_that_nobody_began_leads_to_the_page_and_nowhere_else(browser, query):
    answer = browser.get("/admin/session/callback" + query)
    assert answer.status_code == 303
    assert answer.headers["Location"] in {f"/admin/?sign_in={code}" for code in ("bad_request", "forbidden", "validation_failed")}


@pytest.mark.parametrize("change", [
    lambda fields: fields | {"iss": "https://evil.example"}, lambda fields: fields | {"iss": fields["iss"] + "/"},
    lambda fields: fields | {"iss": ""}, lambda fields: {name: value for name, value in fields.items() if name != "iss"}],
    ids=["another", "nearly", "empty", "none"])
def test_an_answer_of_another_provider_is_not_taken(browser, change):
    """RFC 9207: the development IdP always names itself, so that an answer without a name is not its own."""
    question = begin(browser)
    sent = httpx.get(question["at"], params=dict(parse_qs(urlsplit(question["at"]).query)) | {"login_hint": "a@example.com"})
    path, _, query = sent.headers["Location"].partition("?")
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    assert fields["iss"]
    answer = browser.get(path, params=change(fields))
    assert answer.headers["Location"] == "/admin/?sign_in=bad_request"
    assert "vestibule=ey" not in "".join(answer.headers.get_list("Set-Cookie"))


def test_under_TLS_a_page_over_plain_HTTP_is_another_origin(folder, database, idp):
    """Whoever is on the way can write such a page, and the browser sends the cookie of the same host along."""
    service = console_service(folder, database, idp, VESTIBULE_PUBLIC_URL="https://auth.example")
    try:
        token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": "ada@example.com"}).text.strip()
        cookie = {"Cookie": f"__Host-vestibule={token}", "Host": "auth.example"}

        def change(**headers):
            fields = cookie | {name.replace("_", "-"): value for name, value in headers.items()}
            return service.request("PUT", "/profiles/me", headers=fields, json={"full_name": "Changed"}).status_code

        assert change(Origin="http://auth.example") == 403
        assert change(Origin="https://auth.example") == 200
        # A change without Origin, as no browser of today sends it, still says how near the page was.
        for site in ("cross-site", "same-site", "anything"):
            assert change(Sec_Fetch_Site=site) == 403, site
        assert change(Sec_Fetch_Site="same-origin") == 200 and change() == 200
    finally:
        service.stop()


def test_asking_again_asks_the_provider_for_a_fresh_sign_in(browser):
    question = begin(browser, again="true")
    assert question["prompt"] == "login" and question["max_age"] == "0"


def test_no_other_origin_can_use_the_cookie(browser, console):
    come_back(browser, "ada@example.com", begin(browser)["at"])
    changes = {"full_name": "Changed"}
    for origin in ("https://evil.example", "null", console.origin.replace("http://", "https://"), console.origin.replace("127.0.0.1", "127.0.0.2"), console.origin + ".evil.example"):
        answer = browser.put("/profiles/me", json=changes, headers={"Origin": origin})
        assert (answer.status_code, problem(answer)) == (403, "forbidden"), origin
        assert browser.post("/admin/session", json={"token": "x"}, headers={"Origin": origin}).status_code == 403
        assert browser.delete("/admin/session", headers={"Origin": origin}).status_code == 403
    assert browser.put("/profiles/me", json=changes, headers={"Origin": console.origin}).status_code == 200
    # Reading is for the browser's own rules, which let no other origin see the answer.
    answer = browser.get("/profiles/me", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_cookie_is_no_way_through_the_authorizer(browser):
    come_back(browser, "ada@example.com", begin(browser)["at"])
    assert browser.get("/authorize/nginx").status_code == 401


def test_a_token_can_be_brought_along(browser, idp):
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": "ada@example.com"}).text.strip()
    assert browser.post("/admin/session", json={"token": token}).status_code == 200
    assert browser.get("/profiles/me").status_code == 200
    assert problem(browser.post("/admin/session", json={"token": token[:-4] + "AAAA"})) == "token_signature_invalid"


def test_the_pages_come_with_their_own_rules(console):
    page = console.get("/admin/")
    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"):
        assert rule in policy
    assert "unsafe" not in policy and page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<script>" not in page.text and "style=" not in page.text and "//" not in page.text.replace("http://www.w3.org", "")
    assert page.headers["Cache-Control"] == "no-store"
    assert console.get("/admin").headers["Location"] == "/admin/"
    assert console.get("/admin/main.js").headers["Content-Type"].startswith("text/javascript")
    for path in ("/admin/../README.md", "/admin/%2e%2e/README.md", "/admin/pages/../../README.md", "/admin/nothing.js"):
        assert console.get(path).status_code in (400, 404), path


def test_the_first_provider_is_set_up_with_the_bootstrap_token(folder, fresh_database, idp):
    service = console_service(folder, fresh_database, None, VESTIBULE_BOOTSTRAP_TOKEN=BOOTSTRAP)
    try:
        standing = service.get("/admin/setup").json()["data"]
        assert standing == {"has_provider": False, "has_owner": False, "has_bootstrap_token": True}
        configuration = {"issuer": idp.okta["OKTA_ISSUER"], "client_id": "0oadevelopment", "audience": ["api://default"]}
        for token in (None, "", "wrong", BOOTSTRAP + "x"):
            headers = {} if token is None else {"X-Bootstrap-Token": token}
            for method, path in (("PUT", "/admin/setup/okta"), ("POST", "/admin/setup/okta/test")):
                refused = service.request(method, path, json=configuration, headers=headers)
                assert (refused.status_code, problem(refused)) == (403, "forbidden"), (token, path)
        headers = {"X-Bootstrap-Token": BOOTSTRAP}
        broken = service.request("PUT", "/admin/setup/okta", json={"issuer": "ftp://x"}, headers=headers)
        assert problem(broken) == "validation_failed" and broken.json()["details"][0]["field"] == "issuer"
        lost = configuration | {"issuer": "http://127.0.0.1:9/nobody"}
        assert problem(service.request("PUT", "/admin/setup/okta", json=lost, headers=headers)) == "conflict"
        report = service.request("POST", "/admin/setup/okta/test", json=configuration, headers=headers)
        assert report.status_code == 200 and report.json()["data"]["usable"] is True, report.text
        done = service.request("PUT", "/admin/setup/okta", json=configuration, headers=headers)
        assert done.status_code == 200 and done.json()["data"]["is_active"] is True, done.text
        with httpx.Client(base_url=service.origin, trust_env=False) as browser:
            come_back(browser, "first@example.com", begin(browser)["at"])
            assert browser.get("/profiles/me").status_code == 403
            owner = browser.post("/identities/provision", json={"bootstrap_token": BOOTSTRAP}, headers={"Origin": service.origin})
            assert owner.status_code == 201, owner.text
            assert owner.json()["data"]["decision"]["outcome"] == "platform_owner"
            assert browser.get("/admin/users").status_code == 200
        late = service.request("PUT", "/admin/setup/okta", json=configuration, headers=headers)
        assert (late.status_code, problem(late)) == (409, "conflict")
    finally:
        service.stop()


def test_without_a_bootstrap_token_nothing_can_be_set_up(folder, fresh_database):
    service = console_service(folder, fresh_database, None)
    try:
        assert service.get("/admin/setup").json()["data"]["has_bootstrap_token"] is False
        answer = service.request("PUT", "/admin/setup/okta", json={"issuer": "https://x.example"}, headers={"X-Bootstrap-Token": ""})
        assert answer.status_code == 403 and "VESTIBULE_BOOTSTRAP_TOKEN" in answer.json()["error"]
    finally:
        service.stop()


def test_overview_and_explain_are_for_administrators(console, database, idp, browser):
    come_back(browser, "ada@example.com", begin(browser)["at"])
    assert browser.get("/profiles/me").json()["data"]["global_role"] == "platform_owner"
    token = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": "ada@example.com"}).text.strip()
    for _ in range(3):
        assert console.authorize(token).status_code == 200
    console.authorize("nonsense")
    data = browser.get("/admin/overview").json()["data"]
    names = {(one["name"], one["labels"]): one["values"][-1] for one in data["series"]}
    assert names[("vestibule_decisions_total", 'decision="allow",reason=""')] >= 3
    assert names[("vestibule_decisions_total", 'decision="deny",reason="token_malformed"')] >= 1
    assert any(name == "vestibule_jwks_age_seconds" for name, _ in names)
    assert all(len(one["values"]) == len(data["times"]) for one in data["series"])
    assert sum(login["count"] for login in data["logins"]) >= 1
    origin = {"Origin": console.origin}
    good = browser.post("/admin/explain", json={"token": token, "method": "GET", "path": "/x"}, headers=origin).json()["data"]
    assert good["allowed"] is True and good["facts"]["provider"] == "okta"
    bad = browser.post("/admin/explain", json={"token": token[:-4] + "AAAA"}, headers=origin).json()["data"]
    assert bad["allowed"] is False
    assert [check["check"] for check in bad["checks"] if check["verdict"] == "failed"][0] == "signature"
    me = browser.get("/profiles/me").json()["data"]["user_id"]
    user = browser.post("/admin/explain", json={"user_id": me, "method": "GET", "path": "/x"}, headers=origin).json()["data"]
    assert user["allowed"] is True
    assert browser.post("/admin/explain", json={"user_id": str(uuid.uuid4())}, headers=origin).status_code == 404
    for body in ({}, {"token": "x", "user_id": me}, {"token": "x", "path": "/x"}):
        assert problem(browser.post("/admin/explain", json=body, headers=origin)) == "validation_failed"
    database.run("UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = %s", me)
    org = database.org("guests-" + uuid.uuid4().hex[:8])
    database.invite(org, "guest@example.com", "org_owner")
    guest = httpx.get(idp.origin + "/token", params={"shape": "okta", "email": "guest@example.com"}).text.strip()
    assert console.provision(guest).status_code == 201
    assert console.get("/admin/overview", guest).status_code == 403
    assert console.request("POST", "/admin/explain", guest, json={"token": guest}).status_code == 403
