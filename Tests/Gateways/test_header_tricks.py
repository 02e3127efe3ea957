"""Header tricks of Tests/Vectors/gateways/headers.json through each real gateway: whatever becomes of the request, the
upstream never hears an identity that Vestibule did not say, under any spelling that a service may take for it; nor does
it miss one that Vestibule has said."""

import http.client
import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from test_gateways import IDENTITY

ROWS = json.loads((Path(__file__).parents[1] / "Vectors/gateways/headers.json").read_text())


def spelled(name: str) -> str:
    """A header's name as the most generous of services reads it (CGI, WSGI): everything but letters and digits is one."""
    return re.sub(r"[^a-z0-9]", "-", name.lower())


@pytest.fixture(scope="module")
def truth(world):
    """What Vestibule says of Ada."""
    answer = world.plain.authorize(world.token())
    return {name: answer.headers[name] for name in IDENTITY if answer.headers.get(name)}


def send(gateway, number: int, headers: list, token: str | None) -> int | None:
    """The status; None where the gateway only ended the connection."""
    fields = list(headers)
    body = b"1\r\na\r\n0\r\nX-Auth-User-Id: forged\r\n\r\n" if ["Transfer-Encoding", "chunked"] in fields else b""
    if not any(name == "Host" for name, _ in fields):
        fields.insert(0, ["Host", f"127.0.0.1:{gateway.port}"])
    if token is not None:
        fields.append(["Authorization", f"Bearer {token}"])
    head = f"GET /row-{number} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    with socket.create_connection(("127.0.0.1", gateway.port), 20) as connection:
        connection.sendall(head.encode("latin-1") + body)
        answer = http.client.HTTPResponse(connection, method="GET")
        try:
            answer.begin()
        except (http.client.HTTPException, OSError):
            return None
        return answer.status


def send_all(gateway, token: str | None) -> list:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda row: send(gateway, row[0], row[1]["headers"], token), enumerate(ROWS)))


def test_identity_is_vestibule_s_alone(gateway, world, truth):
    statuses = send_all(gateway, world.token())
    assert statuses.count(200) > len(ROWS) / 3
    wrong = []
    for seen in list(world.upstream.seen):
        row = ROWS[int(seen["path"].removeprefix("/row-"))]["name"]
        said = [(spelled(name), name, value) for name, value in seen["headers"] if spelled(name) in IDENTITY and value]
        wrong += [(row, name, value) for real, name, value in said if truth.get(real) != value]
        wrong += [(row, "misses", name) for name in set(truth) - {real for real, _, _ in said}]
    assert wrong == []


def test_without_a_token_nothing_passes(gateway, world):
    assert 200 not in send_all(gateway, None)
    assert world.upstream.seen == []
