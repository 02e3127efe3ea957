"""What can happen to the service itself: its end, its clock, its descriptors, its memory."""

import os
import resource
import socket
import subprocess
import time
from pathlib import Path

from cases import calm, during, fault
from database_faults import strike

CGROUP = Path("/sys/fs/cgroup/memory")
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def raise_up(world):
    for number, service in enumerate(world.services):
        if not service.program.alive():
            world.services[number] = world.service()


@fault("an instance killed (-9)")
def killed(world):
    world.is_broken = True

    def kill():
        world.services[0].program.process.kill()
        world.services[0].program.wait()
    return strike(world, kill, lambda: raise_up(world), unready=False, seconds=1)


@fault("out of descriptors", quick=True)
def descriptors(world):
    """Clients take all that are left; who is connected is served, and the database's connections are there."""
    held, world.is_broken = [], True
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]

    def take():
        for service in world.services:
            pid = service.program.pid
            used = len(os.listdir(f"/proc/{pid}/fd"))
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 20, most))
            for _ in range(60):
                held.append(socket.create_connection(("127.0.0.1", service.port)))

    def give():
        for connection in held:
            connection.close()
        for service in world.services:
            resource.prlimit(service.program.pid, resource.RLIMIT_NOFILE, (most, most))
    storm, recovered = strike(world, take, give, unready=False)
    came = storm.count("known", "during")
    if not came.get(200) or set(came) - {200}:
        world.flaw(f"who was connected before: {dict(came)}")
    return storm, recovered


@fault("out of memory (control group)", limit=15)
def memory(world):
    """The kernel kills an instance that wants more than it may have; its supervisor starts it again."""
    world.is_broken = True
    groups = []

    def enough(service, bytes):
        group = CGROUP / f"vestibule-faults-{service.program.pid}"
        group.mkdir()
        groups.append(group)
        (group / "cgroup.procs").write_text(str(service.program.pid))
        # What the process has so far is counted elsewhere.
        (group / "memory.limit_in_bytes").write_text(str(bytes))

    def begin():
        victim = world.services[0]
        enough(victim, 4 << 20)
        # Requests that wait for their end hold what they have sent.
        held = []
        head = b"POST /identities/provision HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nContent-Type: application/json\r\n\r\n"
        end = time.monotonic() + 10
        while victim.program.alive() and time.monotonic() < end:
            try:
                connection = socket.create_connection(("127.0.0.1", victim.port), 1)
                held.append(connection)
                connection.settimeout(1)
                connection.sendall(head + bytes(900_000))
            except OSError:
                pass
        for connection in held:
            connection.close()
        if victim.program.alive():
            world.flaw("nothing ended it: the limit did not hold")
        else:
            victim.program.wait()

    def end():
        for group in groups:
            group.rmdir()
    world.closing(end)
    return strike(world, begin, lambda: raise_up(world), unready=False, seconds=1)


def clock(world, shift: str, kind: str, answer: str):
    """The clock of both instances is moved, and moved back."""
    file = world.folder / "clock"
    file.write_text("+0\n")
    world.settings |= {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": 1,
                       "FAKETIME_DONT_FAKE_MONOTONIC": 1}
    for each in ("known", "newcomer", "by userinfo", "writer", "stranger", "deactivated"):
        world.tolerate(each, answer)

    def move():
        file.write_text(shift + "\n")
        # Requests under way were begun by the former clock.
        time.sleep(0.5)
    storm, recovered = strike(world, move, lambda: file.write_text("+0\n"), unready=False)
    came = storm.count(kind, "during")
    if came[answer] < 0.9 * sum(came.values()):
        world.flaw(f"{kind} by a wrong clock: {dict(came)}")
    return storm, recovered


@fault("clock jumps two hours ahead and back")
def ahead(world):
    """Every token has expired by then: nobody is let in, whether their token was seen before or not."""
    return clock(world, "+7200", "known", "401 token_expired")


@fault("clock jumps two hours back and ahead")
def back(world):
    """A new token is of the future: it lets nobody in. No deadline of ours waits two hours."""
    return clock(world, "-7200", "newcomer", "401 token_not_yet_valid")
