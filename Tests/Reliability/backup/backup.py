"""The drill of docs/backup.md with many people; prints what came back."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "EndToEnd"))

from harness.backup import Drill  # noqa: E402


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=500)
    options.add_argument("--logins", type=int, default=500, help="after the base copy")
    given = options.parse_args()
    drill = Drill(people=given.people)
    try:
        drill.install()
        drill.fill()
        drill.end()
        for name, step in (("dump and restore", drill.dump_and_restore),
                           ("recovery", lambda: drill.damage_and_recover(given.logins))):
            began = time.monotonic()
            print(f"{name}: {step()}, no flaw, {time.monotonic() - began:.1f} s", flush=True)
    finally:
        drill.close()


if __name__ == "__main__":
    main()
