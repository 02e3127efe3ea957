"""Schemathesis against a running service: every operation of its document, every check."""

import os
import re
import subprocess
import sys
from pathlib import Path

from .people import Person, unique
from .programs import ROOT
from .scim import Directory

FOLDER = ROOT / "Tests" / "Schemathesis"


def closed(output: str) -> set:
    """The operations that let nobody in, as it tells at the end: nothing was seen of them."""
    return set(re.findall(r"^  - ([A-Z]+ /\S+)$", output.partition("Authentication failed")[2].partition("💡")[0], re.M))


def schemathesis(service, database, issuer, folder: Path, examples: int, *more: str,
                 role: str = "platform_owner") -> subprocess.CompletedProcess:
    """Runs it to its end, as somebody with that role on the platform who owns an org; with keys of a module and of a directory."""
    admin = Person(service, database, issuer, global_role="platform_owner")
    caller = admin if role == "platform_owner" else Person(service, database, issuer)
    caller.good("POST", "/orgs", {"name": "Under test"}, 201)
    key = admin.good("POST", "/admin/api-keys", {"name": "Under test", "module": "tests"}, 201)["key"]
    # The administrator's own provider keeps being accepted, whichever logins use.
    database.run("UPDATE platform_idp_config SET accept_tokens = true WHERE provider = 'okta'")
    home = database.org("leaving")
    people = [unique() for _ in range(300)]
    for email in people:
        database.invite(home, email)
    users = " ".join(Person(service, database, issuer).id for _ in range(3))
    directory = Directory(service, database)
    members = [directory.user(unique()) for _ in range(20)]
    groups = [directory.group(f"Group {number}", *members[:number]) for number in range(10)]
    kept = [admin.id, caller.id, *(str(row[0]) for row in database.rows("SELECT id FROM api_keys"))]
    tokens = folder / "tokens"
    tokens.write_text("\n".join(issuer.token(email) for email in people))
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml"), "run",
         service.origin + "/openapi.json", "--checks", "all", "--max-examples", str(examples), "--seed", "1",
         "--header", f"Authorization: Bearer {caller.token}", "--header", f"X-API-Key: {key}", "--workers", "1", "--continue-on-failure",
         "--suppress-health-check", "all", "--request-timeout", "30", *more],
        cwd=folder, text=True, capture_output=True, timeout=3600,
        env=os.environ | {"VESTIBULE_KEPT": " ".join(kept), "VESTIBULE_TOKENS": str(tokens), "VESTIBULE_USERS": users, "NO_COLOR": "1",
                          "VESTIBULE_DIRECTORY": directory.key,
                          "VESTIBULE_DIRECTORY_USERS": " ".join(one["id"] for one in members),
                          "VESTIBULE_DIRECTORY_GROUPS": " ".join(one["id"] for one in groups),
                          "SCHEMATHESIS_HOOKS": str(FOLDER / "hooks.py")})
