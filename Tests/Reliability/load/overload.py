"""Five times what the service can do: who is served waits no longer than a second or so, who is not is told at once."""

import asyncio
import time
import uuid

from report import Trial, trial


#: Factor beyond capacity; seconds of it; the longest that the 99th percentile of served logins may take.
FACTOR, SECONDS, SERVED, REFUSED, KNOWN = 5, 6, 2.0, 0.25, 0.25


class Line:
    """Keep-alive connections, as many as are needed; a request never waits for another's answer."""

    def __init__(self, port: int):
        self.port, self._idle, self.opened = port, [], 0
        self.answers = []

    async def ask(self, method: str, path: str, token: str, due: float):
        try:
            reader, writer = self._idle.pop() if self._idle else await self._open()
            writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n"
                         .encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            status = int(head[9:12])
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if status == 503 and (b"retry-after" not in head.lower() or b'"overloaded"' not in body):
                status = "503 without its reason: " + body.decode()[:200]
            self._idle.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            status = type(error).__name__
        self.answers.append((status, time.monotonic() - due))

    async def _open(self):
        self.opened += 1
        return await asyncio.open_connection("127.0.0.1", self.port)

    def close(self):
        for _, writer in self._idle:
            writer.close()

    def times(self, *statuses) -> list:
        return sorted(seconds for status, seconds in self.answers if status in statuses)


async def closed_loop(port: int, tokens, seconds: float, clients: int = 16) -> float:
    """Logins a second with so many clients that each wait for their answer."""
    line, end = Line(port), time.monotonic() + seconds

    async def client():
        while time.monotonic() < end:
            await line.ask("POST", "/identities/provision", next(tokens), time.monotonic())
    began = time.monotonic()
    await asyncio.gather(*(client() for _ in range(clients)))
    line.close()
    return len(line.times(200, 201)) / (time.monotonic() - began)


async def open_loop(port: int, tokens, rate: float, seconds: float, known: str):
    """Requests at this rate, whatever becomes of those before; and a known person who asks fifty times a second."""
    logins, asks, tasks = Line(port), Line(port), set()
    began = time.monotonic()
    sent = asked = 0
    while (now := time.monotonic() - began) < seconds:
        while sent < now * rate:
            tasks.add(asyncio.create_task(logins.ask("POST", "/identities/provision", next(tokens), began + sent / rate)))
            sent += 1
        while asked < now * 50:
            tasks.add(asyncio.create_task(asks.ask("GET", "/authorize/nginx", known, began + asked / 50)))
            asked += 1
        await asyncio.sleep(0.002)
    await asyncio.gather(*tasks)
    logins.close()
    asks.close()
    return logins, asks


def percentile(times: list, part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


@trial("overload")
def overload(trial: Trial):
    """Two connections to the database, so that it is the narrow place and the generator is not."""
    service = trial.service(VESTIBULE_THREADS=1, VESTIBULE_DATABASE_CONNECTIONS=2)
    okta = trial.okta
    count = 30_000
    made = [okta.token(f"{uuid.uuid4().hex}@domain.example") for _ in range(count)]
    tokens = iter(made)
    known = trial.person(service).token
    asyncio.run(closed_loop(service.port, tokens, 1))
    capacity = asyncio.run(closed_loop(service.port, tokens, 3))
    logins, asks = asyncio.run(open_loop(service.port, tokens, FACTOR * capacity, SECONDS, known))
    served, refused = logins.times(200, 201), logins.times(503)
    others = {status for status, _ in logins.answers} - {200, 201, 503}
    authorized = asks.times(200)
    trial.line(f"capacity, 16 clients in turn: {capacity:.0f} logins/s; offered {FACTOR * capacity:.0f}/s for {SECONDS} s")
    trial.line(f"served {len(served) / SECONDS:.0f}/s, median {percentile(served, .5) * 1e3:.0f} ms, p99 "
               f"{percentile(served, .99) * 1e3:.0f} ms, longest {served[-1] * 1e3:.0f} ms")
    trial.line(f"503 {len(refused) / SECONDS:.0f}/s, median {percentile(refused, .5) * 1e3:.0f} ms, p99 "
               f"{percentile(refused, .99) * 1e3:.0f} ms")
    trial.line(f"known people meanwhile: {len(authorized)} asked, p99 {percentile(authorized, .99) * 1e3:.0f} ms")
    trial.holds(not others, f"other answers: {others}")
    trial.holds(len(refused) > len(served), "it was no overload")
    trial.holds(len(served) / SECONDS > 0.6 * capacity, "much less is done than could be")
    trial.holds(percentile(served, .99) < SERVED, f"p99 of who is served is above {SERVED} s")
    trial.holds(percentile(refused, .99) < REFUSED, f"p99 of 503 is above {REFUSED} s")
    trial.holds(len(authorized) == len(asks.answers), "known people were refused")
    trial.holds(percentile(authorized, .99) < KNOWN, f"p99 of known people is above {KNOWN} s")
