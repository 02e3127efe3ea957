"""The release binary as a stranger runs it."""

import http.client
import json
import signal
import subprocess
from pathlib import Path

import httpx

from .database import Database
from .issuers import AUDIENCE, AUTHORIZED_PARTY, CLERK, CLIENT_ID, OIDC, OKTA, Issuer
from .programs import BINARY, ROOT, Program, clean_environment, eventually, free_port

#: Every header that an allow carries, even when there is nothing to say (CONTRACT section 4).
IDENTITY_HEADERS = (
    "X-Auth-User-Id", "X-Auth-Subject", "X-Auth-Provider", "X-Auth-Email", "X-Auth-Org-Id", "X-Auth-Org-Role",
    "X-Auth-Global-Role", "X-Auth-Groups", "X-Auth-Scopes", "X-Request-Id")


def vestibule(*arguments, env: dict | None = None, stdin: str | None = None, cwd: Path = ROOT):
    """Runs a command to its end."""
    return subprocess.run(
        [str(BINARY), *map(str, arguments)], env=clean_environment(**(env or {})), cwd=cwd, input=stdin, text=True,
        capture_output=True, timeout=60)


def issuer_environment(*issuers: Issuer) -> dict:
    """The settings by which the issuers are known; the first is the active one."""
    env = {"VESTIBULE_IDP_ALLOW_HTTP": "true"}
    for issuer in issuers:
        if issuer.shape == OKTA:
            env |= {"OKTA_ISSUER": issuer.url, "OKTA_AUDIENCE": AUDIENCE, "OKTA_CLIENT_ID": CLIENT_ID}
        elif issuer.shape == CLERK:
            env |= {"CLERK_ISSUER": issuer.url, "CLERK_AUTHORIZED_PARTIES": AUTHORIZED_PARTY,
                    "CLERK_PUBLISHABLE_KEY": "pk_test_e2e", "CLERK_SECRET_KEY": "sk_test_e2e",
                    "CLERK_API_URL": issuer.url + "-api"}
    if issuers and issuers[0].shape != OIDC:
        env["VESTIBULE_ACTIVE_IDP"] = issuers[0].shape
    return env


class Service:
    """One running instance."""

    def __init__(self, folder: Path, database_url: str, *issuers: Issuer, ready: bool = True, config: Path | None = None,
                 prefix: tuple = (), **env):
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.environment = clean_environment(**(
            {"DATABASE_URL": database_url, "VESTIBULE_LISTEN": f"127.0.0.1:{self.port}", "VESTIBULE_THREADS": 2,
             "VESTIBULE_RATE_LIMIT": 0}
            | issuer_environment(*issuers) | env))
        command = [*prefix, BINARY, "serve"] + (["--config", config] if config else [])
        self.program = Program("vestibule", command, folder, self.environment)
        self.client = httpx.Client(base_url=self.origin, trust_env=False, timeout=30)
        self.program.await_port(self.port)
        if ready:
            try:
                eventually(lambda: self.get("/readyz").status_code == 200, "readiness", 20, self.program.alive)
            except AssertionError as problem:
                raise AssertionError(f"{problem}\n{self.get('/readyz').text}\n{self.program.output()[-4000:]}") from None

    def stop(self, seconds: float = 30) -> int:
        self.client.close()
        return self.program.stop(signal.SIGTERM, seconds)

    def output(self) -> str:
        return self.program.output()

    # Requests.

    def request(self, method: str, path: str, token: str | None = None, headers=None, **more) -> httpx.Response:
        fields = list((headers or {}).items()) if not isinstance(headers, list) else list(headers)
        if token is not None:
            fields.append(("Authorization", f"Bearer {token}"))
        return self.client.request(method, path, headers=fields, **more)

    def get(self, path: str, token: str | None = None, **more) -> httpx.Response:
        return self.request("GET", path, token, **more)

    def provision(self, token: str, body: dict | None = None, **more) -> httpx.Response:
        if body is not None:
            more["json"] = body
        return self.request("POST", "/identities/provision", token, **more)

    def authorize(self, token: str | None, dialect: str = "nginx", method: str = "GET", uri: str = "/",
                  headers: dict | None = None) -> httpx.Response:
        names = ("X-Original-Method", "X-Original-URI") if dialect in ("nginx", "haproxy") else (
            "X-Forwarded-Method", "X-Forwarded-Uri")
        return self.get(f"/authorize/{dialect}", token, headers={names[0]: method, names[1]: uri} | (headers or {}))

    def raw(self, data: bytes, seconds: float = 10) -> bytes:
        """Sends bytes as they are and gives all that comes back until the end, or the silence of a second."""
        import socket
        with socket.create_connection(("127.0.0.1", self.port), seconds) as connection:
            connection.sendall(data)
            connection.settimeout(1)
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except (TimeoutError, ConnectionResetError):
                pass
            return answer


def migrated(database: Database) -> Database:
    result = vestibule("migrate", "up", env={"DATABASE_URL": database.owner_url})
    assert result.returncode == 0, result.stderr
    return database


def problem(response: httpx.Response) -> str:
    """The machine code of an error, its body held against CONTRACT section 10."""
    body = response.json()
    assert body["success"] is False, body
    assert isinstance(body["error"], str) and body["error"], body
    assert body["request_id"] == response.headers["X-Request-Id"], body
    assert set(body) <= {"success", "error", "code", "request_id", "details"}, body
    for detail in body.get("details", []):
        assert set(detail) == {"field", "problem"}, body
    assert response.headers["Content-Type"].startswith("application/json")
    if response.status_code == 401:
        assert "WWW-Authenticate" in response.headers, response.headers
    if response.status_code == 503:
        assert int(response.headers["Retry-After"]) >= 0
    return body["code"]
