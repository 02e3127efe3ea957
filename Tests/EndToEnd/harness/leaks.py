"""What no line of a log may hold (CONTRACT section 10). As a program: reads all logs that a run of the tests left in a folder.

    VESTIBULE_TEST_LOGS=folder python -m pytest Tests/EndToEnd
    python Tests/EndToEnd/harness/leaks.py folder
"""

import json
import re
import sys
from pathlib import Path

#: Settings whose values are secrets. A password in an address is found by its form.
SECRET_NAMES = {"CLERK_SECRET_KEY", "CLERK_WEBHOOK_SECRET", "OKTA_WEBHOOK_SECRET", "VESTIBULE_BOOTSTRAP_TOKEN",
                "VESTIBULE_ASSERTION_KEY", "VESTIBULE_ENCRYPTION_KEY", "OTEL_EXPORTER_OTLP_HEADERS"}

FORMS = {
    "a token": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}"),
    "an API key": re.compile(r"vst_[A-Za-z0-9]+_[\w-]{12,}"),
    "a provider's secret": re.compile(r"(whsec_[\w+/=-]{8,}|sk_(test|live)_\w{4,})"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "an authorization": re.compile(r"(Bearer|Basic|DPoP) +[\w+/=.~-]{8,}"),
    "a password in an address": re.compile(r"[a-z]+://[^/\s:@\"]*:[^@/\s\"]+@"),
    "an e-mail address": re.compile(r"[\w.%+-]+@[A-Za-z0-9-]+\.[A-Za-z]"),
    "a stack trace": re.compile(r"Fatal error:|\bCrash(ed)?:|^\s*#?\d+ +0x[0-9a-f]{8,}|AddressSanitizer|_dl_start"),
}


def secrets_of(environment: dict) -> list[str]:
    """The secrets among a program's settings, each part of a list and each line by itself."""
    values = [str(value) for name, value in environment.items() if name in SECRET_NAMES]
    parts = {part.strip() for value in values for part in re.split(r"[,\n]", value)}
    return sorted(part for part in parts if len(part) >= 8 and not part.startswith("-----"))


def leaks(line: str, secrets=()) -> list[str]:
    """What a line holds that it must not."""
    found = [what for what, form in FORMS.items() if form.search(line)]
    return found + ["a secret of the configuration"] * any(secret in line for secret in secrets)


def read(path: Path):
    """The leaks of one log, and how many lines it has."""
    kept = path.with_suffix(".secrets")
    secrets = json.loads(kept.read_text()) if kept.exists() else []
    lines = path.read_text(errors="replace").splitlines()
    return [(number, what) for number, line in enumerate(lines, 1) for what in leaks(line, secrets)], len(lines)


def main() -> int:
    logs = sorted(Path(sys.argv[1]).rglob("vestibule-*.log"))
    count = bad = 0
    for path in logs:
        found, lines = read(path)
        count += lines
        for number, what in found:
            bad += 1
            print(f"{path}:{number}: {what}")
    print(f"{len(logs)} logs of the service with {count} lines: {bad} leaks")
    if not count:
        print("there was nothing to read: run the tests with VESTIBULE_TEST_LOGS first")
    return 1 if bad or not count else 0


if __name__ == "__main__":
    sys.exit(main())
