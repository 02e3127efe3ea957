"""Vestibule beside other authorizers of bearer tokens: same tokens, same load, one run (the peer kit's `run.sh`).

Two things no peer does are part of our figures: the principal is looked up in PostgreSQL, and the answer names it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from instance import Instance
from people import drop, with_people

ROOT = Path(__file__).resolve().parents[3]
KIT = Path(os.environ.get("PEERS_KIT", ROOT.parent / "shared/peers")).resolve()
INSTANCES = {
    "vestibule": ("2 threads, token and principal caches", {"VESTIBULE_THREADS": "2"}),
    "vestibule-1": ("1 thread, token and principal caches", {"VESTIBULE_THREADS": "1"}),
    "vestibule-uncached": (
        "2 threads, no token cache", {"VESTIBULE_THREADS": "2", "VESTIBULE_TOKEN_CACHE": "0"}),
}

#: What, of which instance, on which load, against which peers, by which figure: at most this share of the best peer's.
LIMITS = (
    ("one hot token, CPU", "vestibule", "w1", "all", "cpu_us", 0.6),
    ("one hot token, CPU, beside HAProxy's fixed 200", "vestibule", "w1", "ceiling-haproxy", "cpu_us", 1.0),
    ("100 000 tokens in turn, CPU", "vestibule", "w100k", "all", "cpu_us", 0.5),
    ("100 000 tokens in turn, memory of that best peer", "vestibule", "w100k", "all", "mib", 0.4),
    ("the same without the token cache, CPU", "vestibule-uncached", "w100k", "uncached", "cpu_us", 0.75),
    ("invalid tokens, CPU", "vestibule", "bad", "all", "cpu_us", 0.7),
)


def rows(peers: dict) -> list:
    found = []
    for what, ours, load, against, figure, limit in LIMITS:
        mine = peers.get(ours, {}).get("medians", {}).get(load)
        field = {
            name: peer["medians"][load] for name, peer in peers.items()
            if load in peer["medians"] and (name == against or peer["kind"] == "peer" and (
                against == "all" or against == "uncached" and not peer["cached"]))}
        if not mine or not field:
            continue
        # Memory is held against the peer that is best by CPU.
        name = min(field, key=lambda name: field[name]["cpu_us"])
        found.append((what, mine[figure], name, field[name][figure], mine[figure] / field[name][figure], limit))
    return found


def main() -> int:
    if not (KIT / "run.sh").exists():
        print(f"not measured: there is no peer kit in {KIT}; PEERS_KIT names its folder")
        return 0
    work = Path(os.environ.setdefault(
        "PEERS_WORK", str(Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "peers-bench")))
    command = [str(KIT / "run.sh")]
    # The first call makes the tokens.
    subprocess.run(command + ["--list"], check=True, stdout=subprocess.DEVNULL)
    tokens = work / "tokens"
    meta = json.loads((tokens / "meta.json").read_text())
    many = (tokens / "tokens-100000.txt").read_text().split()
    database = with_people(tokens / "tokens-100000.txt")
    instances, peers, code = [], {}, 1
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for one, (title, settings) in INSTANCES.items():
                instances.append(Instance(one, title, database.name, tokens, meta, folder, **settings))
            # What is measured is 100 000 tokens in turn, and not their first sight; that is told besides.
            first = {one.name: one.see(many) for one in instances}
            os.environ["PEERS_ADAPTERS"] = ":".join(str(one.adapter(folder)) for one in instances)
            results = folder / "results.json"
            code = subprocess.run(command + sys.argv[1:] + ["--json", str(results)]).returncode
            peers = json.loads(results.read_text())["peers"] if results.exists() else {}
            fetches = {one.name: one.keys.fetches for one in instances}
    finally:
        for one in instances:
            one.close()
        drop([database.name])
    print("\nFirst sight of a token and its person, CPU: "
          + ", ".join(f"{name} {seconds * 1e6:.0f} µs" for name, seconds in first.items())
          + "; key sets fetched in all: " + ", ".join(f"{name} {count}" for name, count in fetches.items()))
    table = rows(peers)
    print("\n| what | ours | best peer | its | ratio | limit |\n|---|---|---|---|---|---|")
    for what, mine, name, theirs, ratio, limit in table:
        unit = "MiB" if "memory" in what else "µs"
        print(f"| {what} | {mine:.1f} {unit} | {name} | {theirs:.1f} {unit} | {ratio:.2f} | {limit} |")
    return code or int(any(ratio > limit for *_, ratio, limit in table))


if __name__ == "__main__":
    sys.exit(main())
