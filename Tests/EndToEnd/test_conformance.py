"""Every operation of the document, held against the service by Schemathesis with all its checks."""

import os

from harness.conformance import schemathesis


def test_schemathesis_finds_nothing(folder, fresh_database, okta, clerk, start):
    service = start(fresh_database.service_url, okta, clerk, VESTIBULE_RATE_LIMIT=0,
                    CLERK_WEBHOOK_SECRET="whsec_" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0", OKTA_WEBHOOK_SECRET="shared-value-of-hooks",
                    VESTIBULE_ENCRYPTION_KEY="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    result = schemathesis(service, fresh_database, okta, folder, examples=int(os.environ.get("VESTIBULE_EXAMPLES", 5)))
    assert result.returncode == 0, result.stdout[-20000:] + result.stderr[-2000:]
    assert service.program.alive()
