"""What a request costs where there is much of something, against where there is little of it.

Of what memory answers, the service's processor time for a request; of what the database is asked about, the round trip of
one client, median. The sides of a comparison are asked in turn, so that whatever else the machine does befalls all alike.
"""

import resource
import shutil
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "EndToEnd")]

import axes  # noqa: E402
from meter import Table  # noqa: E402

from harness.issuers import IssuerHost  # noqa: E402

AXES = {"memberships": axes.memberships, "orgs": axes.orgs, "issuers": axes.issuers, "rules": axes.rules,
        "connections": axes.connections}


def main() -> int:
    unknown = set(sys.argv[1:]) - set(AXES)
    if unknown or not shutil.which("wrk"):
        sys.exit(f"{', '.join(unknown)}: choose from {', '.join(AXES)}" if unknown else "wrk is missing; apt-get install wrk")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder, host, table = Path(tempfile.mkdtemp(prefix="vestibule-crowded")), IssuerHost(), Table()
    try:
        for name, axis in AXES.items():
            if name in sys.argv[1:] or len(sys.argv) == 1:
                axis(folder, host, table)
    finally:
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if table.good else 1


if __name__ == "__main__":
    sys.exit(main())
