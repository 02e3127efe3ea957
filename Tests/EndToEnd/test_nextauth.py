"""Config/nextauth: type-checked, and its callbacks called in Auth.js's order against the running service."""

import json
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from harness.people import unique
from harness.programs import ROOT, clean_environment, free_port

HERE = ROOT / "Tests/EndToEnd/nextauth"


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    """The compiled modules; gives what the driver prints."""
    folder = tmp_path_factory.mktemp("nextauth")
    compiled = subprocess.run(["tsc", "-p", str(HERE), "--outDir", str(folder)], capture_output=True, text=True, timeout=120)
    assert compiled.returncode == 0, compiled.stdout
    (folder / "package.json").write_text('{"type": "module"}')

    def drive(origin: str, account: dict, profile: dict | None = None, **options) -> dict:
        words = [json.dumps(one) for one in (
            {"url": origin} | options, {"provider": "okta", "providerAccountId": "x"} | account, profile)]
        result = subprocess.run(["node", folder / "Tests/EndToEnd/nextauth/drive.js", *words], capture_output=True,
                                text=True, timeout=60, env=clean_environment())
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return drive


class Stub:
    """A service that answers what it is told to, and keeps what it was asked."""

    def __init__(self, *answers):
        self.asked, waiting = [], list(answers)
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stub.asked.append((self.path, self.headers["Authorization"], json.loads(body)))
                status, text = waiting.pop(0)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


def test_a_login_is_one_call_and_the_session_says_who_and_where(driver, service, database, okta):
    email, org = unique(), database.org("nextauth")
    database.invite(org, email, "org_admin")
    profile = {"name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace", "sub": "ignored"}
    told = driver(service.origin, {"access_token": okta.token(email)}, profile)
    user = str(database.one("SELECT user_id FROM profiles WHERE email = %s", email))
    known = {"userId": user, "orgId": org, "orgRole": "org_admin", "globalRole": "global_user"}
    assert told["allowed"] is True
    assert told["token"] == {"sub": "of Auth.js", "vestibule": known}
    # The same after the session was read, and an `update` by the client has changed nothing.
    assert told["session"] == {"expires": "soon", "user": {"name": "Ada"}, "vestibule": known}
    assert told["afterLogin"] == told["calls"] == 1
    assert database.one("SELECT full_name FROM profiles WHERE user_id = %s", user) == "Ada Lovelace"
    again = driver(service.origin, {"access_token": okta.token(email)}, profile)
    assert again["session"]["vestibule"] == known


def test_the_id_token_alone(driver, service, database, okta):
    email = unique()
    database.invite(database.org("nextauth-id"), email)
    told = driver(service.origin, {"access_token": "opaque", "id_token": okta.token(email)}, token="id_token")
    assert told["allowed"] is True and told["session"]["vestibule"]["orgRole"] == "org_user"


def test_who_is_refused_is_not_signed_in(driver, service, okta):
    account = {"access_token": okta.token(unique())}
    assert driver(service.origin, account) == {"allowed": False, "calls": 1}
    told = driver(service.origin, account, errorPage="/no-access")
    assert told["calls"] == 1
    assert told["allowed"].startswith("/no-access?code=invitation_required&request_id=")


@pytest.mark.parametrize("token", ["", "not.a.token"])
def test_a_token_that_is_none(driver, service, token):
    assert driver(service.origin, {"access_token": token})["allowed"] is False


def test_a_service_that_is_away_lets_nobody_in(driver, okta):
    account = {"access_token": "secret-token"}
    told = driver(f"http://127.0.0.1:{free_port()}", account, errorPage="/no-access")
    assert told == {"allowed": "/no-access?code=unreachable", "calls": 2}
    assert driver(f"http://127.0.0.1:{free_port()}", account, attempts=1) == {"allowed": False, "calls": 1}


def test_only_what_may_pass_is_tried_again(driver):
    good = json.dumps({"success": True, "data": {
        "user": {"id": "u"}, "profile": {"global_role": None, "current_org_id": None}, "organizations": []}})
    away = '{"success":false,"error":"Away.","code":"database_unavailable","request_id":"r"}'
    stub = Stub((503, away), (201, good))
    told = driver(stub.origin, {"access_token": "a", "id_token": "i"}, {"name": "", "picture": "https://x.example/p"})
    assert told["session"]["vestibule"] == {"userId": "u", "orgId": None, "orgRole": None, "globalRole": None}
    assert stub.asked == [("/identities/provision", "Bearer a", {"id_token": "i", "avatar_url": "https://x.example/p"})] * 2
    for answer in ((403, '{"success":false,"error":"No.","code":"user_deactivated","request_id":"r"}'), (200, "{}"),
                   (200, '{"success":false}')):
        stub = Stub(answer)
        assert driver(stub.origin, {"access_token": "a"})["allowed"] is False and len(stub.asked) == 1


def test_other_providers_are_left_alone(driver):
    told = driver("http://127.0.0.1:1", {"provider": "github", "access_token": "x"}, providers=["okta"])
    assert told["allowed"] is True and told["calls"] == 0 and "vestibule" not in told["session"]
