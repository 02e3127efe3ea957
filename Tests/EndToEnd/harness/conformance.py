"""Schemathesis against a running service: every operation of its document, every check."""

import os
import subprocess
import sys
from pathlib import Path

from .people import Person, unique
from .programs import ROOT

FOLDER = ROOT / "Tests" / "Schemathesis"


def schemathesis(service, database, issuer, folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess:
    """Runs it to its end, as an administrator of the platform who owns an org."""
    admin = Person(service, database, issuer, global_role="platform_owner")
    admin.good("POST", "/orgs", {"name": "Under test"}, 201)
    key = admin.good("POST", "/admin/api-keys", {"name": "Under test", "module": "tests"}, 201)["key"]
    # The administrator's own provider keeps being accepted, whichever logins use.
    database.run("UPDATE platform_idp_config SET accept_tokens = true WHERE provider = 'okta'")
    home = database.org("leaving")
    people = [unique() for _ in range(300)]
    for email in people:
        database.invite(home, email)
    users = " ".join(Person(service, database, issuer).id for _ in range(3))
    tokens = folder / "tokens"
    tokens.write_text("\n".join(issuer.token(email) for email in people))
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml"), "run",
         service.origin + "/openapi.json", "--checks", "all", "--max-examples", str(examples), "--seed", "1",
         "--header", f"Authorization: Bearer {admin.token}", "--header", f"X-API-Key: {key}", "--workers", "1", "--continue-on-failure",
         "--suppress-health-check", "all", "--request-timeout", "30", *more],
        cwd=folder, text=True, capture_output=True, timeout=3600,
        env=os.environ | {"VESTIBULE_ADMIN_ID": admin.id, "VESTIBULE_TOKENS": str(tokens), "VESTIBULE_USERS": users, "NO_COLOR": "1",
                          "SCHEMATHESIS_HOOKS": str(FOLDER / "hooks.py")})
