"""Odd requests, sent byte for byte to Vestibule, a real nginx and a real HAProxy.

Each row of Tests/Vectors/http/requests.json is followed on the same connection by a second, plain request. What nginx
and HAProxy both refuse, Vestibule must refuse; a refused request ends the connection, so that nothing behind it runs;
and no request is ever answered twice.

`pytest -s` prints the rows on which the three differ.
"""

import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "Vectors" / "http" / "requests.json"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: a.example\r\nX-Request-Id: second\r\n\r\n"
SILENCE = 0.4

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  large_client_header_buffers 4 32k; client_max_body_size 1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{ add_header X-Request-Id $http_x_request_id always; return 200 "$request_method $uri\\n"; }}
  }}
}}
"""

HAPROXY = """
global
  tune.bufsize 40000
defaults
  mode http
  timeout client 5s
  timeout http-request 5s
frontend odd
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain hdr X-Request-Id "%[req.hdr(x-request-id)]" lf-string "%HM %HP"
"""


def octets(vector):
    """The bytes of a row: texts whose characters are bytes, or such a text and how often it stands there."""
    parts = [part if isinstance(part, list) else [part, 1] for part in vector["parts"]]
    return b"".join(text.encode("latin-1") * count for text, count in parts)


def exchange(address, data):
    """Sends the bytes and gives back what came until the end or a silence, and whether the connection ended."""
    with socket.create_connection(address, timeout=5) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass  # refused before all was sent
        connection.settimeout(SILENCE)
        received = b""
        while True:
            try:
                more = connection.recv(65536)
            except socket.timeout:
                return received, False
            except OSError:
                return received, True
            if not more:
                return received, True
            received += more


def replies(received):
    """The statuses and request ids of the final responses in the bytes."""
    found = []
    while received:
        if not received.startswith(b"HTTP/"):
            return found + [(200, "")]  # a bare body: answered as HTTP/0.9
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        status = int(lines[0].split(b" ")[1])
        fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            fields[name.strip().lower()] = value.strip()
        length = int(fields.get(b"content-length", b"0"))
        received = rest[length:]
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            received = rest.partition(b"0\r\n\r\n")[2]
        if status >= 200:
            found.append((status, fields.get(b"x-request-id", b"").decode("latin-1")))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    """A real server of another make, with a configuration of its own on a free port."""

    def __init__(self, program, configuration, arguments):
        path = shutil.which(program) or shutil.which(program, path="/usr/sbin")
        if path is None:
            pytest.skip(f"{program} is not installed")
        self.folder = tempfile.mkdtemp(prefix="odd-requests-")
        self.address = ("127.0.0.1", free_port())
        file = pathlib.Path(self.folder) / "configuration"
        file.write_text(configuration.format(folder=self.folder, port=self.address[1]))
        self.process = subprocess.Popen(
            [path] + [argument.format(folder=self.folder, file=file) for argument in arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(self.address, timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{program} did not start: {self.process.stderr.read().decode()}")
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def peers():
    nginx = Peer("nginx", NGINX, ["-p", "{folder}", "-c", "{file}"])
    haproxy = Peer("haproxy", HAPROXY, ["-f", "{file}", "-db"])
    yield {"nginx": nginx.address, "haproxy": haproxy.address}
    nginx.stop()
    haproxy.stop()


@pytest.fixture(scope="module")
def service(world):
    return ("127.0.0.1", world.plain.port)


@pytest.fixture(scope="module")
def table(peers, service):
    """Every row's outcome at every server: (replies, ended)."""
    vectors = [vector for vector in json.loads(VECTORS.read_text()) if not vector.get("large")]
    targets = {"vestibule": service, **peers}

    def ask(job):
        vector, name = job
        received, ended = exchange(targets[name], octets(vector) + SECOND)
        return replies(received), ended

    jobs = [(vector, name) for vector in vectors for name in targets]
    with ThreadPoolExecutor(24) as pool:
        outcomes = list(pool.map(ask, jobs))
    rows = {}
    for (vector, name), outcome in zip(jobs, outcomes):
        rows.setdefault(vector["name"], (vector, {}))[1][name] = outcome
    return rows


#: What a refusal is answered with; 400 for all others.
STATUSES = {"version": 505, "connect": 501, "transfer_encoding": 501, "expectation": 417, "request_line_too_long": 414,
            "head_too_large": 431, "too_many_fields": 431, "trailers_too_large": 431, "body_too_large": 413}


def refused(outcome):
    """Whether the first request was not executed: no answer at all, or an error that ends the connection."""
    found, ended = outcome
    return not found or (found[0][0] >= 400 and ended and len(found) == 1)


def test_table_is_large_enough(table):
    assert len(table) >= 240


def test_what_both_refuse_is_refused(table):
    loose = [
        name
        for name, (_, row) in table.items()
        if refused(row["nginx"]) and refused(row["haproxy"]) and not refused(row["vestibule"])
    ]
    assert loose == []


def test_verdicts_are_those_of_the_table(table):
    wrong = []
    for name, (vector, row) in table.items():
        found, ended = row["vestibule"]
        if vector["result"] == "accepted":
            continue
        if not ([status for status, _ in found] == [STATUSES.get(vector["result"], 400)] and ended):
            wrong.append((name, row["vestibule"]))
    assert wrong == []


def test_nothing_behind_a_refused_request_runs(table):
    ran = [
        name
        for name, (vector, row) in table.items()
        if vector["result"] != "accepted" and any(id == "second" for _, id in row["vestibule"][0])
    ]
    assert ran == []


def test_a_request_inside_another_never_runs(table):
    """Rows that hide a request in a body, an extension or a trailer name it `hidden`."""
    assert [name for name, (_, row) in table.items() if any(id == "hidden" for _, id in row["vestibule"][0])] == []


def test_nothing_runs_twice(table):
    twice = []
    for name, (vector, row) in table.items():
        found, _ = row["vestibule"]
        seconds = sum(1 for _, id in found if id == "second")
        if len(found) > 2 or seconds > 1:
            twice.append((name, found))
    assert twice == []


def test_what_is_accepted_leaves_the_next_request_whole(table):
    broken = []
    for name, (vector, row) in table.items():
        if vector["result"] != "accepted" or vector.get("rest") or vector.get("keepsAlive") is False:
            continue
        found, _ = row["vestibule"]
        if len(found) != 2 or found[1] != (200, "second"):
            broken.append((name, found))
    assert broken == []


def test_differences_are_shown(table):
    def short(outcome):
        found, ended = outcome
        return " ".join(str(status) for status, _ in found) + (" end" if ended else "")

    rows = [(name, *(short(row[key]) for key in ("vestibule", "nginx", "haproxy"))) for name, (_, row) in table.items()]
    for row in rows:
        if len(set(row[1:])) > 1:
            print(f"{row[0]:60} | {row[1]:16} | {row[2]:16} | {row[3]:16}")
    assert rows
