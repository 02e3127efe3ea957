"""The quick ones of Tests/Reliability: what breaks around a running service, what clients do to it, and its own end."""

import subprocess
import sys

import pytest

from harness.programs import ROOT

sys.path.insert(0, str(ROOT / "Tests/Reliability/soak"))

import samples  # noqa: E402


def run(name: str, *arguments) -> str:
    result = subprocess.run([sys.executable, ROOT / f"Tests/Reliability/{name}/{name}.py", *(arguments or ["--quick"])],
                            capture_output=True, text=True, timeout=400)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_struck_in_the_middle_of_a_storm_nothing_is_lost_and_nobody_is_allowed_by_a_failure():
    assert " 0 lost" in run("faults")


def test_odd_clients_new_certificates_and_the_end_under_load_cost_nobody_an_answer():
    said = run("load")
    assert " 0 requests without one" in said and " 0 broken" in said


def test_half_load_is_borne_for_a_moment():
    """Every kind of request is asked and answered as it should be; `./dev soak` takes the hour that growth needs."""
    said = run("soak", "0.2", "--measure", "3")
    assert "soak: held" in said


def soaked(**growth) -> list:
    """An hour of samples; what is named has grown by so much at its end, steadily."""
    grown = lambda name, value, at: value + growth.get(name, 0) * at / 3600  # noqa: E731
    return [samples.Sample(at, grown("memory", 100.0, at), grown("descriptors", 60, at), grown("threads", 4, at),
                           grown("sessions", 10, at)) for at in range(0, 3601, 10)]


# The medians of the thirds are two thirds of the time after the warm-up apart, which is nine tenths of the whole.
@pytest.mark.parametrize("growth, grown", [
    ({}, []), ({"memory": 6}, []), ({"memory": 8}, ["memory"]), ({"descriptors": 6}, []), ({"descriptors": 8}, ["descriptors"]),
    ({"threads": 3}, []), ({"threads": 4}, ["threads"]), ({"sessions": 1.5}, []), ({"sessions": 2}, ["sessions"]), ({"memory": -50}, [])])
def test_a_soak_tells_growth_from_rest(growth, grown):
    told, found = samples.growths(soaked(**growth), 360)
    assert len(told) == len(samples.KEPT)
    assert [words.split(":")[0] for words in found] == grown


def test_a_soak_forgives_the_warm_up_and_nothing_without_samples():
    warming = [one for one in soaked() if one.at >= 360]
    early = [samples.Sample(at, at / 4, 60, 4, 10) for at in range(0, 360, 10)]
    assert samples.growths(early + warming, 360)[1] == []
    assert samples.growths([], 360)[1] and samples.growths(early[:1], 0)[1]
