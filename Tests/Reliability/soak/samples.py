"""What the service holds of the machine, looked at again and again, and whether that grows."""

import os
import statistics
from dataclasses import dataclass
from pathlib import Path

#: What is looked at, with the growth that is no growth yet: a part, and so much besides. Two threads, for names and for giving
#: queries up, are started when they are first needed, and stay.
KEPT = {"memory": (0.03, 1.0), "descriptors": (0.03, 2), "threads": (0.0, 2), "sessions": (0.0, 1)}


@dataclass
class Sample:
    """One look: seconds of work until then (pauses don't count), MiB resident, and counts."""

    at: float
    memory: float
    descriptors: int
    threads: int
    #: The database's sessions of the service.
    sessions: int


def look(pid: int, at: float, sessions: int) -> Sample:
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return Sample(at, int(status["VmRSS"].split()[0]) / 1024, len(os.listdir(process / "fd")), int(status["Threads"]), sessions)


def thirds(samples: list, warm: float) -> tuple:
    """The samples after the warm-up, in three parts of the same length in time."""
    after = [sample for sample in samples if sample.at >= warm]
    if not after:
        return [], [], []
    begin, length = after[0].at, (after[-1].at - after[0].at) / 3
    parts = [], [], []
    for one in after:
        parts[min(2, int((one.at - begin) / length)) if length else 0].append(one)
    return parts


def growths(samples: list, warm: float) -> tuple[list, list]:
    """Each thing's medians of the first and the last third in words, and those of them that have grown."""
    first, _, last = thirds(samples, warm)
    if not first or not last:
        return ["too few samples to tell anything"], ["nobody knows what"]
    told, grown = [], []
    for name, (part, besides) in KEPT.items():
        before, after = (statistics.median(getattr(one, name) for one in third) for third in (first, last))
        words = f"{name}: {before:.4g} in the first third, {after:.4g} in the last ({(after / before - 1) * 100:+.1f} %)"
        told.append(words)
        if after > before * (1 + part) + besides:
            grown.append(words)
    return told, grown
