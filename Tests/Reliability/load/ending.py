"""The service's own end while everybody asks: whoever has sent a request gets its answer."""

import collections
import signal
import threading
import time
import uuid

from connections import connect
from report import Trial, trial

CLIENTS, ROUNDS = 24, 8


class Asking:
    """One client, over a connection that it keeps as long as it can, until nobody listens any more."""

    def __init__(self, service, requests, counts):
        self.service, self.requests, self.counts = service, requests, counts
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while True:
            try:
                connection = connect(self.service)
            except OSError:
                # Refused: it never was a request.
                return
            with connection:
                first = True
                while True:
                    request = self.requests()
                    try:
                        connection.sendall(request)
                        status, closes = self._answer(connection)
                    except OSError:
                        status, closes = 0, True
                    if status == 0:
                        # The system had accepted the connection and nobody took it, or one that was kept was ended.
                        self.counts["never taken" if first else "without answer"] += 1
                        break
                    self.counts[status] += 1
                    first = False
                    if closes:
                        break

    @staticmethod
    def _answer(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return 0, True
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        fields = head.lower()
        length = int(fields.split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            part = connection.recv(65536)
            if not part:
                return 0, True
            body += part
        return int(head[9:12]), b"connection: close" in fields


@trial("drain under load")
def drain(trial: Trial):
    """Authorizations from memory and first logins; SIGTERM comes in the middle, several times."""
    counts, slowest = collections.Counter(), 0.0
    person = None
    for _ in range(ROUNDS):
        service = trial.service()
        person = person or trial.person(service)
        known = (f"GET /authorize/nginx HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n\r\n").encode()

        def newcomer():
            token = trial.okta.token(f"{uuid.uuid4().hex}@domain.example")
            return (f"POST /identities/provision HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                    "Content-Length: 0\r\n\r\n").encode()
        clients = [Asking(service, newcomer if number % 3 == 0 else lambda: known, counts) for number in range(CLIENTS)]
        time.sleep(0.7)
        began = time.monotonic()
        service.program.send(signal.SIGTERM)
        code = service.program.wait(27)
        slowest = max(slowest, time.monotonic() - began)
        for client in clients:
            client.thread.join(30)
        trial.holds(code == 0, f"it ended with {code}")
    answered = sum(count for status, count in counts.items() if isinstance(status, int))
    lost = counts["without answer"] + counts["never taken"]
    trial.line(f"{ROUNDS} ends with {CLIENTS} clients: {answered} answers, {lost} requests without one "
               f"({counts['never taken']} on connections never taken), at most {slowest:.1f} s until exit 0")
    trial.holds(not lost, "requests were dropped")
    trial.holds({status for status in counts if isinstance(status, int)} <= {200, 201}, f"other answers: {dict(counts)}")
