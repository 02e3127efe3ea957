"""Asks the same as fast as a gateway does."""

import socket
import time


class Asker:
    """A kept connection that asks the same question again and again."""

    def __init__(self, service, token: str, path: str = "/authorize/nginx"):
        """With a person's token, or with a module's key for another path."""
        field = f"X-API-Key: {token}" if token.startswith("vst_") else f"Authorization: Bearer {token}"
        self._question = f"GET {path} HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n".encode()
        self._connection = socket.create_connection(("127.0.0.1", service.port), 20)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> tuple:
        """Status and org role of an answer."""
        self._connection.sendall(self._question)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._connection.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        while len(body) < int(fields[b"content-length"]):
            body += self._connection.recv(65536)
        return int(head.split(b" ", 2)[1]), fields.get(b"x-auth-org-role", b"").decode()

    def close(self):
        self._connection.close()


def until(askers, state, begun: float, limit: float = 10) -> float:
    """Asks all in turn until all give this state: when the last other one came. An instance must not fall back."""
    last, there = begun, set()
    while len(there) < len(askers):
        for number, asker in enumerate(askers):
            seen = asker.ask()
            now = time.monotonic()
            if seen == state:
                there.add(number)
            else:
                assert number not in there, f"fell back to {seen} after {state}"
                assert now - begun < limit, f"{seen} still {now - begun:.1f} s after the change"
                last = now
        # Not all the time: what is measured needs the processors too.
        time.sleep(0.0005)
    for asker in askers:
        assert asker.ask() == state
    return last - begun
