"""Five times what the service can do: who is served waits a second or so, who is not is told at once."""

import asyncio
import time
import uuid

from report import Trial, trial


#: Factor beyond capacity, and for how long. At its beginning it can't be told from a crowd, which is let wait.
FACTOR, BEGINNING, SECONDS = 5, 5, 6
#: The longest 99th percentiles, in seconds; the generator runs on the same processors.
CROWD, SERVED, REFUSED, KNOWN = 5.0, 2.0, 1.0, 1.0


class Line:
    """Keep-alive connections, as many as are needed; a request never waits for another's answer."""

    def __init__(self, port: int):
        self.port, self._idle, self.opened = port, [], 0
        #: Status, seconds, and when it was due.
        self.answers = []
        self.began = time.monotonic()

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
        self.answers.append((status, time.monotonic() - due, due - self.began))

    async def _open(self):
        self.opened += 1
        return await asyncio.open_connection("127.0.0.1", self.port)

    def close(self):
        for _, writer in self._idle:
            writer.close()

    def times(self, *statuses, when=lambda due: True) -> list:
        return sorted(seconds for status, seconds, due in self.answers if status in statuses and when(due))


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
    """The database is the narrow place, not this machine's processors, which the generator needs as well: each new user
    takes it 15 ms, and there are two connections."""
    trial.database.run("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
                       " 'BEGIN PERFORM pg_sleep(0.015); RETURN NEW; END'")
    trial.database.run("CREATE TRIGGER dawdle BEFORE INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION dawdle()")
    service = trial.service(VESTIBULE_THREADS=1, VESTIBULE_DATABASE_CONNECTIONS=2)
    okta = trial.okta
    count = 15_000
    made = [okta.token(f"{uuid.uuid4().hex}@domain.example") for _ in range(count)]
    tokens = iter(made)
    known = trial.person(service).token
    asyncio.run(closed_loop(service.port, tokens, 1))
    capacity = asyncio.run(closed_loop(service.port, tokens, 3))
    crowd, asks = asyncio.run(open_loop(service.port, tokens, FACTOR * capacity, BEGINNING + SECONDS, known))
    trial.line(f"capacity, 16 clients in turn: {capacity:.0f} logins/s; offered {FACTOR * capacity:.0f}/s for "
               f"{BEGINNING + SECONDS} s")
    authorized = asks.times(200)
    statuses = {status for status, _, _ in crowd.answers}
    for name, times, limit, instant in (
            ("the first seconds", lambda due: due < BEGINNING, CROWD, CROWD),
            ("from then on", lambda due: due >= BEGINNING, SERVED, REFUSED)):
        served, refused = crowd.times(200, 201, when=times), crowd.times(503, when=times)
        trial.line(f"{name}: {len(served)} served, median {percentile(served, .5) * 1e3:.0f} ms, p99 "
                   f"{percentile(served, .99) * 1e3:.0f} ms; {len(refused)} refused, median "
                   f"{percentile(refused, .5) * 1e3:.0f} ms, p99 {percentile(refused, .99) * 1e3:.0f} ms")
        trial.holds(percentile(served, .99) < limit, f"{name}: p99 of who is served is above {limit} s")
        trial.holds(percentile(refused, .99) < instant, f"{name}: p99 of 503 is above {instant} s")
    trial.line(f"known people meanwhile: {len(authorized)} asked, p99 {percentile(authorized, .99) * 1e3:.0f} ms")
    trial.holds(statuses <= {200, 201, 503}, f"other answers: {statuses}")
    trial.holds(len(refused) > len(served), "it was no overload")
    trial.holds(len(served) / SECONDS > 0.5 * capacity, "much less is done than could be")
    trial.holds(len(authorized) == len(asks.answers), "known people were refused")
    trial.holds(percentile(authorized, .99) < KNOWN, f"p99 of known people is above {KNOWN} s")
