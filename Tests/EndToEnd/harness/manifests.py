"""Config/kubernetes as a cluster reads it."""

import ipaddress
import re

import yaml

from .programs import ROOT

FOLDER = ROOT / "Config/kubernetes"
MANIFESTS = [part for path in sorted(FOLDER.glob("*.yaml")) for part in yaml.safe_load_all(path.read_text())]
#: The text of each configuration key's definition, by its name.
KEYS = dict(re.findall(r'ConfigurationKey\(\s*"(\w+)"(.*?)(?=ConfigurationKey\(|\Z)', (
    ROOT / "Sources/vestibule/Configuration/ConfigurationKeys.swift").read_text(), re.S))


def manifest(kind: str, name: str = "vestibule") -> dict:
    found = [part for part in MANIFESTS if part["kind"] == kind and part["metadata"]["name"] == name]
    assert len(found) == 1, (kind, name)
    return found[0]


def selects(selector: dict | None, labels: dict) -> bool:
    """Whether a label selector takes in what has these labels; an absent one takes in nothing here."""
    return selector is not None and not selector.get("matchExpressions") and all(
        labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())


def lets_in(policy: dict, namespace: str, labels: dict, port) -> bool:
    """Whether a NetworkPolicy lets a pod of another namespace in."""
    return any(
        any(selects(peer.get("namespaceSelector"), {"kubernetes.io/metadata.name": namespace})
            and selects(peer.get("podSelector", {}), labels) for peer in rule["from"])
        and port in [entry["port"] for entry in rule["ports"]]
        for rule in policy["spec"]["ingress"])


def lets_out(policy: dict, address: str, port: int) -> bool:
    """Whether a NetworkPolicy lets its pods reach an address outside of the cluster."""
    def covers(block):
        where = ipaddress.ip_address(address)
        return where in ipaddress.ip_network(block["cidr"]) and not any(
            where in ipaddress.ip_network(hole) for hole in block.get("except", ()))
    return any(
        any("ipBlock" in peer and covers(peer["ipBlock"]) for peer in rule["to"])
        and (port, "TCP") in [(entry["port"], entry.get("protocol", "TCP")) for entry in rule["ports"]]
        for rule in policy["spec"]["egress"])
