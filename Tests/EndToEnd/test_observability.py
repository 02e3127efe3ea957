"""The alert rules, their unit tests, the dashboard and the runbook agree with each other and with the service."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "Config/observability"
RULES = (FOLDER / "alerts.yml").read_text()
ALERTS = re.findall(r"alert: (\w+)", RULES)


@pytest.mark.parametrize("arguments", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")])
def test_promtool_is_content(arguments):
    done = subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_is_the_services(service, okta, owner):
    service.authorize("nonsense")
    named = set(re.findall(r"vestibule_\w+", RULES + (FOLDER / "dashboard.json").read_text()))
    text = service.get("/metrics").text
    assert named and not {name for name in named if not re.search(rf"^{name}[{{ ]", text, re.M)}


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_has_its_tests_and_its_section(alert):
    tests = (FOLDER / "alerts_test.yml").read_text()
    assert f"name: {alert} fires" in tests and f"name: {alert} is quiet" in tests
    assert f"\n## {alert}\n" in (ROOT / "docs/runbook.md").read_text()
