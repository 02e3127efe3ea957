"""A few rounds of Tests/Reliability/crashes: the service and PostgreSQL are killed in the middle of a storm."""

import subprocess
import sys

from harness.programs import ROOT


def test_killed_at_random_instants_nobody_is_in_by_half_and_nobody_is_lost():
    result = subprocess.run(
        [sys.executable, ROOT / "Tests/Reliability/crashes/crashes.py", "--rounds", "5"], capture_output=True, text=True,
        timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "none missing" in result.stdout
