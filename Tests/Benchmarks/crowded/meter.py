"""Costs of requests, and the table of their ratios."""

import math
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS, SECONDS, CALLS = 5, 1, 150
#: What must not grow at all may differ by so much; the rest may grow as the logarithm does.
FLAT = 1.3


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def processor(service, tokens: Path, org: str = "") -> float:
    """Microseconds of the service for a request; each token of the file in turn."""
    before = cpu_seconds(service.program.pid)
    output = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{SECONDS}", "-s", Path(__file__).with_name("rotate.lua"),
         service.origin + "/authorize/nginx", "--", tokens, *([org] if org else [])],
        check=True, capture_output=True, text=True).stdout
    asked, refused = map(int, re.search(r"asked (\d+) refused (\d+)", output).groups())
    if refused:
        sys.exit(f"{refused} of {asked} were refused")
    return (cpu_seconds(service.program.pid) - before) / asked * 1e6


def round_trip(service, method: str, path: str, token: str, status: int = 200) -> float:
    """Microseconds until the answer."""
    began = time.perf_counter()
    answer = service.request(method, path, token)
    taken = time.perf_counter() - began
    if answer.status_code != status:
        sys.exit(f"{method} {path}: {answer.status_code} {answer.text}")
    return taken * 1e6


def in_turn(sizes, measure, rounds: int) -> dict:
    """Each size's median; the first of the rounds warms up."""
    found = {size: [] for size in sizes}
    for number in range(rounds + 1):
        for size in sizes:
            taken = measure(size)
            found[size] += [taken] if number else []
    return {size: statistics.median(taken) for size, taken in found.items()}


class Table:
    """A row a size; what must be flat, and what may grow as 1 + log2 of how many times as much there is."""

    def __init__(self):
        self.good = True
        print("| of what, how many | what | cost | against the fewest | limit |\n|---|---|---|---|---|")

    def add(self, axis: str, what: str, costs: dict, is_flat: bool = True):
        fewest = min(costs)
        for size, cost in costs.items():
            ratio = cost / costs[fewest]
            limit = FLAT if is_flat else 1 + math.log2(size / fewest)
            holds = size == fewest or ratio <= limit
            self.good &= holds
            print(f"| {axis}: {size:,} | {what} | {cost:.1f} µs | " + ("" if size == fewest else f"{ratio:.2f}") + " | "
                  + ("" if size == fewest else f"{limit:.1f}") + ("" if holds else ", missed") + " |", flush=True)

    def note(self, axis: str, what: str, value: str):
        print(f"| {axis} | {what} | {value} | | |", flush=True)
