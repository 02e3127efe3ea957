"""Fixtures of the end-to-end suites: issuers of the tests' own, databases, and running instances."""

import sys
import uuid
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.database import Database  # noqa: E402
from harness.issuers import CLERK, OKTA, IssuerHost  # noqa: E402
from harness.people import Person  # noqa: E402
from harness.service import Service, migrated  # noqa: E402


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("vestibule")


@pytest.fixture(scope="session")
def host():
    host = IssuerHost()
    yield host
    host.close()


@pytest.fixture(scope="module")
def okta(host):
    return host.issuer(OKTA)


@pytest.fixture(scope="module")
def clerk(host):
    return host.issuer(CLERK)


@pytest.fixture(scope="module")
def database():
    database = migrated(Database())
    yield database
    database.drop()


@pytest.fixture
def fresh_database():
    """A database of one test's own."""
    database = migrated(Database())
    yield database
    database.drop()


@pytest.fixture
def start(folder):
    """Starts instances that end with the test."""
    started = []

    def begin(database_url: str, *issuers, **settings) -> Service:
        service = Service(folder, database_url, *issuers, **settings)
        started.append(service)
        return service

    yield begin
    for service in started:
        service.stop()


@pytest.fixture(scope="module")
def service(folder, database, okta, clerk):
    """The instance that most tests of a module share: Okta active, Clerk accepted, platform already begun."""
    database.settle_bootstrap()
    service = Service(folder, database.service_url, okta, clerk)
    yield service
    assert service.stop() == 0, service.output()[-4000:]


@pytest.fixture
def person(service, database, okta):
    """Makes people: of an org of their own, or of the given one."""
    return lambda *args, **more: Person(service, database, okta, *args, **more)


@pytest.fixture
def owner(person):
    return person()


@pytest.fixture
def org(owner) -> str:
    """An org that belongs to `owner`."""
    return owner.good("POST", "/orgs", {"name": "Acme " + uuid.uuid4().hex[:8]}, 201)["id"]
