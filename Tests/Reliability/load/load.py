"""What the service bears: overload, thousands of connections, slow and odd clients, TLS, and its own end under load."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

import connections  # noqa: E402, F401
import encryption  # noqa: E402, F401
import ending  # noqa: E402, F401
import overload  # noqa: E402, F401
import report  # noqa: E402


QUICK = ("half-open", "huge heads", "pipelining", "TLS versions and resumption", "new certificates under load",
         "drain under load")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("words", nargs="*", help="trials whose names hold one of these; else all")
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--quick", action="store_true", help="those that ./dev test tries, the end less often")
    arguments = arguments.parse_args()
    names = [name for name in report.ALL if not arguments.words or any(word in name for word in arguments.words)]
    if arguments.quick:
        names, ending.ROUNDS = [name for name in names if name in QUICK], 2
    if arguments.list or not names:
        print("\n".join(names or report.ALL))
        return 0 if names else 2
    return report.run(names)


if __name__ == "__main__":
    sys.exit(main())
