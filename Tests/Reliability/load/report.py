"""A running service under some load, what was seen of it, and what does not hold."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from harness.cluster import Cluster
from harness.database import Database
from harness.issuers import OKTA, IssuerHost
from harness.people import Person
from harness.service import Service, migrated

#: All trials by name.
ALL = {}
TLS = Path(__file__).parents[2] / "Vectors/http/tls"


def trial(name: str):
    def add(run):
        ALL[name] = run
        return run
    return add


class Trial:
    """One trial's world."""

    def __init__(self, host):
        # The issuer that an instance seeds stays in its database.
        self.database, self.okta = migrated(Database()), host.issuer(OKTA)
        self.database.settle_bootstrap()
        self.database.domain(self.database.org("newcomers"), "domain.example")
        self.okta.rotate(keep=False, algorithm="ES256")
        self.folder = Path(tempfile.mkdtemp(prefix="vestibule-load-"))
        self.services, self.lines, self.failures = [], [], []
        self.org = self.database.org("home")

    def service(self, **settings) -> Service:
        service = Service(self.folder, self.database.service_url, self.okta, **(
            {"VESTIBULE_UPKEEP": 0} | settings))
        self.services.append(service)
        return service

    def person(self, service) -> Person:
        return Person(service, self.database, self.okta, self.org)

    def line(self, text: str):
        self.lines.append(text)

    def holds(self, is_true, otherwise: str):
        if not is_true:
            self.failures.append(otherwise)

    @staticmethod
    def memory(service) -> float:
        """Resident MiB."""
        pages = int(Path(f"/proc/{service.program.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def close(self):
        for service in self.services:
            if service.program.alive():
                service.program.process.kill()
                service.program.wait()
        self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(names) -> int:
    host, cluster, failed, began = IssuerHost(), Cluster(), [], time.monotonic()
    os.environ["VESTIBULE_TEST_DATABASE_URL"] = cluster.url
    try:
        for name in names:
            trial, begun = Trial(host), time.monotonic()
            try:
                ALL[name](trial)
            except AssertionError as error:
                trial.failures.append(str(error))
            finally:
                trial.close()
            print(f"{name}: {'held' if not trial.failures else 'FLAW'}, {time.monotonic() - begun:.0f} s")
            for line in [*trial.lines, *(f"FLAW: {what}" for what in trial.failures)]:
                print(f"    {line}", flush=True)
            if trial.failures:
                failed.append(name)
    finally:
        host.close()
        cluster.close()
    print(f"{len(names)} trials, {time.monotonic() - began:.0f} s, {len(failed)} with a flaw {' '.join(failed)}")
    return 1 if failed else 0
