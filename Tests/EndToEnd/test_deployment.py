"""The manifests and the systemd unit: their form, their settings, and what they let the service do."""

import re
import shutil
import subprocess

import kubernetes_validate
import pytest
import yaml

from harness.programs import ROOT

PARTS = list(yaml.safe_load_all((ROOT / "Config/kubernetes/vestibule.yaml").read_text()))
KEYS = dict(re.findall(r'ConfigurationKey\(\s*"(\w+)"(.*?)(?=ConfigurationKey\(|\Z)', (
    ROOT / "Sources/vestibule/Configuration/ConfigurationKeys.swift").read_text(), re.S))
PODS = [part["spec"]["template"]["spec"] for part in PARTS if part["kind"] in ("Deployment", "Job")]
UNIT = ROOT / "Config/systemd/vestibule.service"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["kind"])
def test_a_manifest_has_its_schemas_form(part):
    if part["kind"] == "ServiceMonitor":
        assert part["spec"]["endpoints"] == [{"port": "http", "path": "/metrics"}]
    elif part["kind"] == "SecurityPolicy":
        assert part["spec"]["extAuth"]["failOpen"] is False
        assert part["spec"]["extAuth"]["http"]["path"] == "/authorize/envoy"
    else:
        kubernetes_validate.validate(part, "1.37", strict=True)


@pytest.mark.parametrize("pod", PODS, ids=["service", "migration"])
def test_a_pod_knows_its_settings_and_may_do_little(pod):
    assert pod["securityContext"]["runAsNonRoot"] and pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert container["resources"]["limits"]["memory"]
        for setting in container["env"]:
            assert ("secret: true" in KEYS[setting["name"]]) == ("value" not in setting), setting["name"]


def test_the_probes_paths_exist():
    routes = (ROOT / "Sources/API/Operations/OperationRoutes.swift").read_text()
    container = PODS[0]["containers"][0]
    for probe in ("livenessProbe", "readinessProbe"):
        assert f'"{container[probe]["httpGet"]["path"]}"' in routes


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
def test_the_unit_is_a_tight_sandbox():
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(UNIT)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr
