"""The AWS Lambda function as it is shipped: the zip, in an empty root, against a local runtime API."""

import time
import zipfile

import pytest

from harness.gateway_events import FORMS, allows, arn, event, is_sound
from harness.lambda_api import RuntimeAPI
from harness.lambda_package import Package, is_possible
from harness.service import issuer_environment

pytestmark = pytest.mark.skipif(not is_possible(), reason="an empty root needs root")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return Package(tmp_path_factory.mktemp("package"))


@pytest.fixture
def api():
    api = RuntimeAPI()
    yield api
    api.close()


@pytest.fixture
def begin(package, api):
    started = []

    def start(*issuers, **more):
        started.append(package.start(api, **(issuer_environment(*issuers) | more)))
        return started[-1]

    yield start
    for program in started:
        program.process.kill()
        program.process.wait()


def test_the_zip_holds_what_lambda_starts(package):
    with zipfile.ZipFile(package.zip) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert modes["bootstrap"] == modes["lib/ld.so"] == 0o755 and modes["certificates.pem"] == 0o644
    assert {path.split("/")[0] for path in modes} == {"bootstrap", "lib", "certificates.pem"}
    # Lambda's limits: 50 MB sent, 250 MB unpacked.
    assert package.zip.stat().st_size < 50_000_000
    assert sum(path.stat().st_size for path in package.root.rglob("*") if path.is_file()) < 250_000_000


def test_it_decides_every_kind_of_event_in_an_empty_root(begin, api, okta, capsys):
    good = okta.token("ada@example.com")
    began = time.monotonic()
    begin(okta)
    kind, answer, _ = api.invoke(event("rest_token", good))
    first = api.answered - began
    assert kind == "response" and allows(answer["policyDocument"], arn())
    is_sound(answer)
    for form in FORMS:
        kind, answer, _ = api.invoke(event(form, good))
        assert kind == "response" and (answer.get("isAuthorized") is True or allows(
            answer["policyDocument"], answer["policyDocument"]["Statement"][0]["Resource"])), answer
        kind, answer, error = api.invoke(event(form, okta.token("ada@example.com", exp=1)))
        assert (kind, answer) == ("response", {"isAuthorized": False}) or (kind, error) == ("error", "Unauthorized")
    with capsys.disabled():
        print(f"\nLambda package, start to first decision: {first * 1000:.0f} ms")


def test_it_reaches_a_database_from_an_empty_root(begin, api, okta, fresh_database):
    from harness.database import SERVICE, Relay
    relay = Relay()
    try:
        fresh_database.settle_bootstrap()
        org = fresh_database.org("acme")
        fresh_database.invite(org, "ada@example.com", "org_admin")
        # The cluster may listen on a socket outside of the root only.
        begin(okta, DATABASE_URL=relay.url(SERVICE, fresh_database.name))
        kind, answer, _ = api.invoke(event("http_2", okta.token("ada@example.com")))
        assert kind == "response" and answer["context"]["org_role"] == "org_admin", answer
    finally:
        relay.close()


def test_a_start_that_fails_is_told_to_the_runtime(begin, api, okta):
    program = begin(okta, VESTIBULE_CLOCK_SKEW="never")
    path, body, kind, _ = api.init_errors.get(timeout=30)
    assert path == "init/error" and kind == "Configuration.Invalid" and "VESTIBULE_CLOCK_SKEW" in body["errorMessage"]
    assert program.wait() == 1
