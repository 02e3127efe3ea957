"""Several instances on one machine's loopback: throughput for each, revocation, and a failover of the database.

A primary with a synchronous standby, PgBouncer in transaction mode before the primary, three instances of one loop that
read principals from the standby, nginx and HAProxy before them with the files of Config/gateways. Exits with 1 where a
limit is missed.
"""

import argparse
import resource
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "EndToEnd"),
                str(Path(__file__).parents[2] / "Reliability/faults")]

import announcements  # noqa: E402
import failover  # noqa: E402
import footprint  # noqa: E402
import revocation  # noqa: E402
import spread  # noqa: E402
import throughput  # noqa: E402

PARTS = {"throughput": throughput.measure, "revocation": revocation.measure, "failover": failover.measure, "spread": spread.measure,
         "announcements": announcements.measure, "footprint": footprint.measure}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("part", nargs="?", choices=PARTS, help="else all")
    arguments.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    arguments = arguments.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    good = [PARTS[part](arguments.quick) for part in ([arguments.part] if arguments.part else PARTS)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
