"""The list of faults, and what each may cost."""

import dataclasses
import time

#: Every fault by its name, in the order of its file.
ALL: dict[str, "Fault"] = {}


@dataclasses.dataclass
class Fault:
    """Something that goes wrong; `strike` gets a world that it prepares, storms, strikes and mends."""

    name: str
    strike: object
    #: Seconds from the cause's end to full service.
    limit: float
    #: Whether `./dev test` tries it, too.
    is_quick: bool
    #: Seconds that a known person may have to wait for an answer.
    patience: float


def fault(name: str, limit: float = 10, quick: bool = False, patience: float = 8):
    def add(strike):
        ALL[name] = Fault(name, strike, limit, quick, patience)
        return strike
    return add


def during(storm, seconds: float):
    """Lets the storm rage with the fault on."""
    storm.phase = "during"
    time.sleep(seconds)


def calm(storm, seconds: float = 0.7):
    time.sleep(seconds)
