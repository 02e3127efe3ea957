"""Every operation of the document, held against the service by Schemathesis with all its checks."""

import os

import pytest

from harness.conformance import closed, schemathesis

EXAMPLES = int(os.environ.get("VESTIBULE_EXAMPLES", 5))
#: Who signs, and who sets the first provider up, is tested elsewhere.
SIGNED = {"GET /webhooks/okta", "POST /webhooks/okta", "POST /webhooks/clerk", "PUT /admin/setup/{provider}",
          "POST /admin/setup/{provider}/test"}


@pytest.fixture
def service(fresh_database, okta, clerk, start):
    return start(fresh_database.service_url, okta, clerk, VESTIBULE_RATE_LIMIT=0,
                 CLERK_WEBHOOK_SECRET="whsec_" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0", OKTA_WEBHOOK_SECRET="shared-value-of-hooks",
                 VESTIBULE_ENCRYPTION_KEY="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")


def test_schemathesis_finds_nothing(service, fresh_database, okta, folder):
    result = schemathesis(service, fresh_database, okta, folder, EXAMPLES)
    assert result.returncode == 0, result.stdout[-20000:] + result.stderr[-2000:]
    assert service.program.alive()
    assert closed(result.stdout) <= SIGNED


def test_nor_does_it_as_an_ordinary_person(service, fresh_database, okta, folder):
    result = schemathesis(
        service, fresh_database, okta, folder, max(1, EXAMPLES // 2), "--phases", "fuzzing", "--include-path-regex",
        "^/(admin|identities|invites|organizations|orgs|profiles)", role="global_user")
    assert result.returncode == 0, result.stdout[-20000:] + result.stderr[-2000:]
    assert not {operation for operation in closed(result.stdout) 
                if not operation.split()[1].startswith(("/admin/", "/identities/{id}"))}
