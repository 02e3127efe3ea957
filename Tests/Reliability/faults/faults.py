"""Strikes a running service with one fault after the other in the middle of a storm, and checks what came of it.

In each: first logins, a gateway's questions about people who are known and about those who must be denied, writes, and
probes, on two instances. Afterwards every acknowledged write is in the database, nobody is in by half, nobody was allowed
by a failure, each refusal was 503 with its reason, and all works again by itself within the time stated for the fault.
"""

import argparse
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

import cases  # noqa: E402
import database_faults  # noqa: E402, F401
import issuer_faults  # noqa: E402, F401
import process_faults  # noqa: E402, F401
from storm import Storm  # noqa: E402
from world import Flaw, World  # noqa: E402

from harness.cluster import Cluster  # noqa: E402


class Trial(World):
    """A world that is struck by one fault."""

    def __init__(self, cluster, fault, is_quick: bool):
        super().__init__(cluster)
        self.is_quick = is_quick
        self.limit, self.flaws = fault.limit, []
        self.current = None

    def storm(self) -> Storm:
        self.current = Storm(self)
        return self.current

    def flaw(self, what: str):
        self.flaws.append(what)


class Report:
    """What was seen, a line a fault."""

    def __init__(self):
        self.lines, self.written, self.lost, self.tried, self.failed = [], 0, 0, 0, []

    def add(self, fault, trial: Trial, storm: Storm, recovered: float, problems: list):
        def told(kind):
            answers = storm.count(kind, "during")
            good = sum(count for seen, count in answers.items() if seen in (200, 201))
            return f"{good}/{sum(answers.values())}"

        longest = max([storm.longest["known", phase] for phase in ("during", "mending")])
        if longest > fault.patience:
            problems.append(f"a known person waited {longest:.1f} s")
        self.written += storm.writes
        self.lost += len(trial.lost)
        self.lines.append((fault.name, told("known"), f"{longest * 1000:.0f} ms", told("newcomer"), f"{recovered:.1f} s",
                           f"{fault.limit:g} s", str(storm.writes), str(len(trial.lost)), "flaw" if problems else "held"))
        if problems:
            self.failed.append(fault.name)

    def print(self):
        head = ("fault", "known let in", "longest", "newcomers", "well after", "limit", "acknowledged", "lost", "")
        rows = [head, *self.lines]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
        print(f"{self.tried} faults, {self.written} writes acknowledged, {self.lost} lost, "
              f"{len(self.failed)} with a flaw" + "".join(f"\n  {name}" for name in self.failed), flush=True)


def attempt(fault, cluster, report: Report, is_quick: bool):
    began = time.monotonic()
    report.tried += 1
    trial = Trial(cluster, fault, is_quick)
    try:
        storm, recovered = fault.strike(trial)
        problems = trial.flaws + trial.check(storm)
        report.add(fault, trial, storm, recovered, problems)
    except Exception as error:  # Whatever it is, the others are still tried.
        problems = [*trial.flaws, str(error), *traceback.format_exc().splitlines()[-12:-1:2]]
        if trial.current is not None:
            problems += [f"{kind} {phase}: {dict(answers)}" for (kind, phase), answers in trial.current.answers.items()]
            problems += [service.output()[-1500:] for service in trial.services]
        report.failed.append(fault.name)
    finally:
        trial.close()
    print(f"{'FLAW' if problems else 'held'}  {fault.name}, {time.monotonic() - began:.1f} s", flush=True)
    for problem in problems:
        print(f"      {problem}", flush=True)
    return trial


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("words", nargs="*", help="faults whose names hold one of these; else all")
    arguments.add_argument("--quick", action="store_true", help="those that ./dev test tries")
    arguments.add_argument("--list", action="store_true")
    arguments = arguments.parse_args()
    chosen = [fault for fault in cases.ALL.values() if (not arguments.quick or fault.is_quick) and
              (not arguments.words or any(word in fault.name for word in arguments.words))]
    if arguments.list or not chosen:
        print("\n".join(fault.name for fault in chosen or cases.ALL.values()))
        return 0 if chosen else 2
    report, cluster = Report(), Cluster()
    try:
        for fault in chosen:
            if not cluster.program.alive():
                cluster.start()
            attempt(fault, cluster, report, arguments.quick)
    finally:
        cluster.close()
    report.print()
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
