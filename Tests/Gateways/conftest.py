"""Real gateways, started with the very files of Config/gateways, between a client and an echoing upstream."""

import json
import os
import socket
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "EndToEnd"))

from harness.database import Database, Relay, SERVICE  # noqa: E402
from harness.issuers import CLERK, OKTA, IssuerHost  # noqa: E402
from harness.programs import ROOT, Program, clean_environment, eventually, free_port  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

CONFIGURATIONS = ROOT / "Config/gateways"


class Upstream:
    """Answers with what it got, and remembers it."""

    def __init__(self):
        upstream = self
        self.seen = []

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                got = {"method": self.command, "path": self.path, "headers": self.headers.items(),
                       "body": self.rfile.read(length).decode("latin-1")}
                upstream.seen.append(got)
                data = json.dumps(got).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a gateway may close a connection at any time

        self._server = Server(("127.0.0.1", 0), Answers)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes = field(repr=False)

    def header(self, name: str):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def seen(self) -> dict:
        """What the upstream got, its header names in lower case, several values in order."""
        got = json.loads(self.body)
        headers = {}
        for name, value in got["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        return got | {"headers": headers}


class Gateway:
    """One gateway in front of one Vestibule and one upstream."""

    def __init__(self, kind: str, folder: Path, vestibule_port: int, upstream: Upstream):
        self.kind, self.upstream, self.port = kind, upstream, free_port()
        values = {"LISTEN": f"127.0.0.1:{self.port}", "VESTIBULE": f"127.0.0.1:{vestibule_port}",
                  "UPSTREAM": f"127.0.0.1:{upstream.port}", "LISTEN_HOST": "127.0.0.1", "LISTEN_PORT": self.port,
                  "VESTIBULE_HOST": "127.0.0.1", "VESTIBULE_PORT": vestibule_port, "UPSTREAM_HOST": "127.0.0.1",
                  "UPSTREAM_PORT": upstream.port}
        self.folder = folder / f"{kind}-{self.port}"
        self.folder.mkdir()
        command, environment = getattr(self, "_" + kind)(values)
        self.program = Program(kind, command, self.folder, clean_environment(**environment), cwd=self.folder)
        self.program.await_port(self.port)
        # Traefik listens before it has read its routes.
        eventually(lambda: self.send().status != 404, f"{kind}'s routes", 20, self.program.alive)

    def _render(self, name: str, values: dict) -> Path:
        text = (CONFIGURATIONS / name).read_text()
        for key, value in values.items():
            text = text.replace("${" + key + "}", str(value))
        path = self.folder / name
        path.write_text(text)
        return path

    def _nginx(self, values):
        path = self._render("nginx.conf", values)
        folders = "".join(
            f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        path.write_text(path.read_text().replace("http {", "http {" + folders, 1))
        user = "user root;" if os.getuid() == 0 else ""
        return ["nginx", "-p", self.folder, "-c", path, "-e", "stderr", "-g",
                f"daemon off; {user} pid {self.folder}/nginx.pid;"], {}

    def _haproxy(self, values):
        lua = CONFIGURATIONS / "vestibule.lua"
        return (["haproxy", "-db", "-f", CONFIGURATIONS / "haproxy.cfg"],
                {name: values[name] for name in ("LISTEN", "VESTIBULE", "UPSTREAM")} | {"VESTIBULE_LUA": lua})

    def _caddy(self, values):
        return (["caddy", "run", "--config", CONFIGURATIONS / "Caddyfile", "--adapter", "caddyfile"],
                {name: values[name] for name in ("LISTEN", "VESTIBULE", "UPSTREAM")} | {
                    "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder})

    def _envoy(self, values):
        binary = Path(sys.executable).with_name("envoy")
        return [binary, "-c", self._render("envoy.yaml", values), "--disable-hot-restart", "--concurrency", "1",
                "-l", "warning"], {}

    def _traefik(self, values):
        binary = Path(sys.executable).with_name("traefik")
        # A traefik.yaml in its folder would be taken for the static configuration.
        dynamic = self._render("traefik.yaml", values).rename(self.folder / "dynamic.yaml")
        return [binary, f"--entryPoints.web.address=127.0.0.1:{self.port}", "--log.level=WARN",
                f"--providers.file.filename={dynamic}", "--providers.file.watch=false",
                "--global.checkNewVersion=false", "--global.sendAnonymousUsage=false"], {}

    def stop(self):
        self.program.stop(seconds=10)

    def send(self, method: str = "GET", target: str = "/", headers: list | tuple = (), token: str | None = None,
             body: bytes = b"") -> Answer:
        """Sends exactly this: no client library tidies the path or the fields."""
        fields = list(headers) + ([("Authorization", f"Bearer {token}")] if token is not None else [])
        if not any(name.lower() == "host" for name, _ in fields):
            fields.insert(0, ("Host", f"127.0.0.1:{self.port}"))
        if body:
            fields.append(("Content-Length", str(len(body))))
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            connection.sendall(head.encode("latin-1") + b"Connection: close\r\n\r\n" + body)
            return self._read(connection, method)

    @staticmethod
    def _read(connection, method: str) -> Answer:
        import http.client
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        return Answer(answer.status, answer.getheaders(), answer.read())


ROUTES = """{
    // What the gateways' tests hold path tricks against.
    routes: [
        { method: "*", host: "*", path: "/public/**", require: "anonymous" },
        { method: "*", host: "*", path: "/admin/**", require: { global_role: "platform_owner" } },
        { method: ["DELETE"], host: "*", path: "/things/*", require: { global_role: "platform_owner" } },
        { method: "*", host: "*", path: "/orgs/{org_id}/**", require: { org_role: "org_user" } },
    ],
}
"""


class World:
    """Issuers, a database with three people, Vestibule with and without rules, and an upstream."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.host = IssuerHost()
        self.okta, self.clerk = self.host.issuer(OKTA), self.host.issuer(CLERK)
        self.database = migrated(Database())
        self.relay = Relay()
        rules = folder / "rules.json5"
        rules.write_text(ROUTES)
        url = self.relay.url(SERVICE, self.database.name)
        self.plain = Service(folder, url, self.okta, self.clerk, VESTIBULE_RATE_LIMIT=0)
        self.ruled = Service(folder, url, self.okta, self.clerk, config=rules, VESTIBULE_RATE_LIMIT=0)
        self.upstream = Upstream()
        assert self.plain.provision(self.okta.token("owner@example.com")).status_code == 201
        self.org, self.other = self.database.org("acme"), self.database.org("other")
        for email in ("ada@example.com", "grace@example.com"):
            self.database.invite(self.org, email, "org_admin")
            assert self.plain.provision(self.okta.token(email)).status_code == 201
        self.gateways = {}

    def gateway(self, kind: str, service: Service) -> Gateway:
        key = (kind, service.port)
        if key not in self.gateways:
            self.gateways[key] = Gateway(kind, self.folder, service.port, self.upstream)
        return self.gateways[key]

    def token(self, email: str = "ada@example.com", **changes) -> str:
        return self.okta.token(email, **changes)

    def close(self):
        for gateway in self.gateways.values():
            gateway.stop()
        for service in (self.plain, self.ruled):
            service.stop()
        self.upstream.close()
        self.relay.close()
        self.database.drop()
        self.host.close()


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("gateways"))
    yield world
    world.close()


KINDS = ("nginx", "haproxy", "caddy", "envoy", "traefik")


@pytest.fixture(params=KINDS)
def gateway(request, world) -> Gateway:
    """In front of a Vestibule without route rules."""
    gateway = world.gateway(request.param, world.plain)
    world.upstream.seen.clear()
    return gateway


@pytest.fixture(params=KINDS)
def ruled(request, world) -> Gateway:
    """In front of a Vestibule with route rules."""
    gateway = world.gateway(request.param, world.ruled)
    world.upstream.seen.clear()
    return gateway
