"""Vestibule beside other authorizers of bearer tokens: same tokens, same load, one run (the peer kit's `run.sh`).

Two things no peer does are part of our figures: the principal is looked up in PostgreSQL, and the answer names it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from people import drop, with_people

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
KIT = Path(os.environ.get("PEERS_KIT", ROOT.parent / "shared/peers")).resolve()
ADAPTERS = ("vestibule", "vestibule-1", "vestibule-uncached")

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
    os.environ["VESTIBULE_PYTHON"] = sys.executable
    os.environ.setdefault("VESTIBULE_BINARY", str(ROOT / ".build/release/vestibule"))
    command = [str(KIT / "run.sh")]
    # The first call makes the tokens.
    subprocess.run(command + ["--list"], check=True, stdout=subprocess.DEVNULL)
    database = with_people(work / "tokens/tokens-100000.txt")
    os.environ["PEERS_TEMPLATE"] = database.name
    os.environ["PEERS_ADAPTERS"] = ":".join(str(HERE / f"{name}.toml") for name in ADAPTERS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results.json"
            code = subprocess.run(command + sys.argv[1:] + ["--json", str(results)]).returncode
            peers = json.loads(results.read_text())["peers"] if results.exists() else {}
    finally:
        drop([f"{database.name}_{name}" for name in ADAPTERS] + [database.name])
    table = rows(peers)
    print("\n| what | ours | best peer | its | ratio | limit |\n|---|---|---|---|---|---|")
    for what, mine, name, theirs, ratio, limit in table:
        unit = "MiB" if "memory" in what else "µs"
        print(f"| {what} | {mine:.1f} {unit} | {name} | {theirs:.1f} {unit} | {ratio:.2f} | {limit} |")
    return code or int(any(ratio > limit for *_, ratio, limit in table))


if __name__ == "__main__":
    sys.exit(main())
