"""Half of what the service can do, for long: its memory, descriptors, threads and sessions must not grow.

First the clients ask as much as they can; half of that rate is kept up afterwards. Meanwhile the issuer rotates its keys,
the service reads its configuration again, and upkeep runs. Time during which this program is stopped is left out.
"""

import argparse
import asyncio
import collections
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

from lanes import Lanes, percentile  # noqa: E402
from mix import WEIGHTS, Mix  # noqa: E402
from samples import growths, look  # noqa: E402

from harness.cluster import Cluster  # noqa: E402
from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.people import Person  # noqa: E402
from harness.scim import Directory  # noqa: E402
from harness.service import Service, migrated, vestibule  # noqa: E402

LANES, PEOPLE = 32, 200
#: Seconds between samples; between reloads.
PERIOD, RELOAD = 10, 120
#: Minutes below which a growth tells nothing yet.
TELLING = 10
#: Of all answers, how many may be 503 `overloaded`: the machine has other work.
OVERLOADED = 0.001
#: Filled within the warm-up, so that what grows afterwards is a leak. Nobody unused is kept longer than a minute.
SETTINGS = {"VESTIBULE_TOKEN_CACHE": 5000, "VESTIBULE_MAX_STALE": 60, "VESTIBULE_UPKEEP": 60, "LOG_LEVEL": "warning",
            "VESTIBULE_DATABASE_CONNECTIONS": 8}


class World:
    """A database with people, an issuer, and one running instance."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="vestibule-soak-"))
        self.host, self.cluster = IssuerHost(), Cluster()
        os.environ["VESTIBULE_TEST_DATABASE_URL"] = self.cluster.url
        self.database = migrated(Database())
        self.database.settle_bootstrap()
        self.okta = self.host.issuer(OKTA)
        self.okta.rotate(keep=False, algorithm="ES256")
        self.service = Service(self.folder, self.database.service_url, self.okta, **SETTINGS)
        org = self.database.org("home")
        self.database.domain(self.database.org("newcomers"), "domain.example")
        people = [Person(self.service, self.database, self.okta, org) for _ in range(PEOPLE)]
        made = vestibule("keys", "create", "soak", "--module", "soak", env={"DATABASE_URL": self.database.service_url})
        assert made.returncode == 0, made.stderr
        self.mix = Mix(self.okta, {person.email: person.id for person in people},
                       Directory(self.service, self.database).key, made.stdout.strip())

    @property
    def pid(self) -> int:
        return self.service.program.pid

    def close(self):
        self.service.program.process.kill()
        self.service.program.wait()
        self.cluster.close()
        self.host.close()
        shutil.rmtree(self.folder, ignore_errors=True)


async def saturation(lanes: Lanes, seconds: float) -> float:
    """Answers a second when every client asks again as soon as it was answered; the first third of the time is left out."""
    await asyncio.sleep(seconds / 3)
    before, began = lanes.answers.total(), lanes.pause.now
    await asyncio.sleep(seconds * 2 / 3)
    lanes.check()
    return (lanes.answers.total() - before) / (lanes.pause.now - began)


async def soak(world: World, minutes: float, measured: float) -> tuple:
    samples, rows, reloads = [], max(1, min(20, round(minutes / 3))), 0
    async with Lanes(world.service.port, world.mix, LANES) as lanes:
        most = await saturation(lanes, measured)
        lanes.rate = most / 2
        print(f"{most:.0f} requests/s from {LANES} connections as fast as they can, on {os.cpu_count()} cores with whatever "
              f"else they do; {lanes.rate:.0f}/s for {minutes:g} minutes:\n    " + ", ".join(
                  f"{weight} % {kind}" for kind, weight in WEIGHTS.items()))
        print("  minutes  requests  a second  median ms   p99 ms  memory MiB  descriptors  threads  sessions", flush=True)
        lanes.take()
        began, counted, period = lanes.pause.now, lanes.answers.total(), min(PERIOD, minutes * 60 / 30)
        last, row, reloaded = began, 0, began
        while (now := lanes.pause.now - began) < minutes * 60:
            await asyncio.sleep(period)
            lanes.check()
            if not world.service.program.alive():
                raise AssertionError("the service has ended: " + world.service.output()[-2000:])
            now = lanes.pause.now
            samples.append(look(world.pid, now - began, world.database.service_sessions()))
            if world.mix.is_due:
                world.mix.rotate()
            if now - reloaded >= RELOAD:
                world.service.program.send(signal.SIGHUP)
                reloaded, reloads = now, reloads + 1
            if now - began >= (row + 1) * minutes * 60 / rows:
                times, total, one = lanes.take(), lanes.answers.total(), samples[-1]
                print(f"{one.at / 60:9.1f} {total - counted:9} {(total - counted) / (now - last):9.0f} "
                      f"{percentile(times, .5) * 1e3:10.1f} {percentile(times, .99) * 1e3:8.1f} {one.memory:11.1f} "
                      f"{one.descriptors:12} {one.threads:8} {one.sessions:9}", flush=True)
                row, last, counted = row + 1, now, total
        print(f"{lanes.answers.total()} answers, {world.mix.rotations} rotations of keys, {reloads} reloads, "
              f"{lanes.pause.paused:.0f} s of pauses left out")
        return samples, lanes


def verdict(samples: list, lanes: Lanes, minutes: float) -> list:
    """What does not hold."""
    # Caches fill, connections open, the first upkeep runs: at least three minutes, but never more than a third.
    told, grown = growths(samples, min(max(180, minutes * 6), minutes * 20))
    print("\n".join(told))
    problems = ["grown: " + words for words in grown] if minutes >= TELLING else []
    busy = collections.Counter({what: count for what, count in lanes.wrong.items() if what.endswith(" 503 overloaded")})
    if busy.total() > OVERLOADED * lanes.answers.total():
        problems.append(f"refused at half load: {busy.total()} of {lanes.answers.total()}")
    problems += [f"{count} x {what}" for what, count in (lanes.wrong - busy).most_common(20)]
    missing = [kind for kind in WEIGHTS if not any(of == kind for of, _ in lanes.answers)]
    return problems + [f"never asked: {kind}" for kind in missing]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("minutes", nargs="?", type=float, default=60, help="how long at half load; 60 unless said")
    arguments.add_argument("--measure", type=float, default=20, help="seconds for finding out how much it can do")
    arguments = arguments.parse_args()
    if arguments.minutes <= 0 or arguments.measure <= 0:
        print("minutes and seconds are above 0", file=sys.stderr)
        return 2
    began, world = time.monotonic(), World()
    try:
        samples, lanes = asyncio.run(soak(world, arguments.minutes, arguments.measure))
        problems = verdict(samples, lanes, arguments.minutes)
        if problems:
            print("The service's last words:\n" + world.service.output()[-4000:])
    finally:
        world.close()
    for what in problems:
        print(f"FLAW: {what}")
    print(f"soak: {'FLAW' if problems else 'held'}, {(time.monotonic() - began) / 60:.1f} minutes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
