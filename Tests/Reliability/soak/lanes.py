"""Clients that ask at a rate, each over a connection that it keeps for a while, and what they were told."""

import asyncio
import collections
import time

#: Requests over one connection before the client opens another one.
KEEP = 500
PATIENCE = 30


class Pause:
    """Time in which this program itself was stopped (SIGSTOP, a suspended machine) is no time of the soak."""

    def __init__(self):
        self._last, self.paused = time.monotonic(), 0.0

    @property
    def now(self) -> float:
        """Seconds, without pauses. Whoever asks first after one finds it, so that nobody takes it for time."""
        now = time.monotonic()
        if now - self._last > 2:
            self.paused += now - self._last
        self._last = now
        return now - self.paused

    async def watch(self):
        """Asks so often that silence is a pause."""
        while True:
            await asyncio.sleep(0.1)
            _ = self.now


class Lanes:
    """So many clients; `rate` requests a second all together, or as many as they can."""

    def __init__(self, port: int, mix, count: int):
        self.port, self.mix, self.count = port, mix, count
        self.rate: float | None = None
        #: By kind and status, since the start; seconds of every answer since `take`.
        self.answers, self._times = collections.Counter(), []
        self.wrong = collections.Counter()
        self.pause = Pause()
        self._tasks = []

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self.pause.watch())]
        self._tasks += [asyncio.create_task(self._lane(number)) for number in range(self.count)]
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def check(self):
        """A client that has ended has found a flaw of its own."""
        for task in self._tasks:
            if task.done():
                task.result()

    def take(self) -> list:
        """The times since the last call, sorted."""
        times, self._times = sorted(self._times), []
        return times

    async def _lane(self, number: int):
        connection, asked, due = None, 0, 0.0
        while True:
            if self.rate:
                # Whoever is late does not make up for more than a second.
                due = max(due + self.count / self.rate, self.pause.now - 1)
                if due > self.pause.now:
                    await asyncio.sleep(due - self.pause.now)
            if connection and asked >= KEEP:
                connection[1].close()
                connection, asked = None, 0
            request, began = self.mix.next(), self.pause.now
            connection = await self._answer(request, connection)
            asked += 1
            self._times.append(self.pause.now - began)

    async def _answer(self, request, connection):
        """The connection, as long as it can be used again."""
        is_kept, paused = connection is not None, self.pause.paused
        try:
            if connection is None:
                connection = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = connection
            writer.write(request.bytes)
            async with asyncio.timeout(PATIENCE):
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0]) if b"content-length" in head else 0
                body = await reader.readexactly(length)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            if connection:
                connection[1].close()
            if is_kept and not isinstance(error, TimeoutError):
                # The server may end a connection that was idle for long; once more, over another one.
                return await self._answer(request, None)
            _ = self.pause.now
            # What was under way during a pause says nothing.
            if self.pause.paused == paused:
                self._note(request, type(error).__name__, b"")
            return None
        self._note(request, int(head[9:12]), body)
        if b"connection: close" in head:
            writer.close()
            return None
        return connection

    def _note(self, request, status, body: bytes):
        self.answers[request.kind, status] += 1
        if status not in request.right:
            words = body[:200].decode(errors="replace")
            code = words.split('"code":"')[1].split('"')[0] if '"code":"' in words else words
            self.wrong[f"{request.kind}: {status} {code}".strip()] += 1
        elif request.then:
            request.then(body)


def percentile(times: list, part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0
