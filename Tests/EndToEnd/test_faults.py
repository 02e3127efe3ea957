"""The quick ones of Tests/Reliability/faults: what breaks around a running service, one thing after the other."""

import subprocess
import sys

from harness.programs import ROOT


def test_struck_in_the_middle_of_a_storm_nothing_is_lost_and_nobody_is_allowed_by_a_failure():
    result = subprocess.run(
        [sys.executable, ROOT / "Tests/Reliability/faults/faults.py", "--quick"], capture_output=True, text=True, timeout=400)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 lost" in result.stdout
