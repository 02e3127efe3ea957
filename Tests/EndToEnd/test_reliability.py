"""The quick ones of Tests/Reliability: what breaks around a running service, what clients do to it, and its own end."""

import subprocess
import sys

from harness.programs import ROOT


def run(name: str) -> str:
    result = subprocess.run([sys.executable, ROOT / f"Tests/Reliability/{name}/{name}.py", "--quick"], capture_output=True,
                            text=True, timeout=400)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_struck_in_the_middle_of_a_storm_nothing_is_lost_and_nobody_is_allowed_by_a_failure():
    assert " 0 lost" in run("faults")


def test_odd_clients_new_certificates_and_the_end_under_load_cost_nobody_an_answer():
    said = run("load")
    assert " 0 requests without one" in said and " 0 broken" in said
