"""Checkov's findings beside those that accepted.tsv argues: one more or one fewer is a failure."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCANS = [["-d", "Config/aws", "--framework", "terraform"], ["-d", "Config/kubernetes", "--framework", "kubernetes"],
         ["-f", "docker/Dockerfile", "--framework", "dockerfile"]]


def scan(what: list) -> dict:
    checkov = Path(sys.executable).parent / "checkov"
    # Nothing is asked of the vendor's service: the rules are those that the package brings.
    done = subprocess.run([checkov, *what, "--skip-download", "--download-external-modules", "false", "--output", "json", "--soft-fail"],
                          capture_output=True, text=True)
    try:
        told = json.loads(done.stdout)
        summary = told["summary"]
    except (ValueError, KeyError, TypeError):
        sys.exit(f"checkov did not look at {what[1]}:\n{done.stdout}{done.stderr}")
    if summary["parsing_errors"] or not summary["passed"]:
        sys.exit(f"checkov could not read all of {what[1]}: {summary}")
    print(f"{what[1]}: {summary['passed']} passed, {summary['failed']} failed")
    return {(finding["check_id"], finding["resource"]): finding["check_name"] for finding in told["results"]["failed_checks"]}


def accepted() -> dict:
    lines = [line.split("\t") for line in (HERE / "accepted.tsv").read_text().splitlines() if line and line[0] != "#"]
    return {(check, resource): reason for check, resource, reason in lines}


found = {key: name for what in SCANS for key, name in scan(what).items()}
argued = accepted()
for check, resource in sorted(found.keys() - argued.keys()):
    print(f"new: {check} {resource}: {found[check, resource]}")
for check, resource in sorted(argued.keys() - found.keys()):
    print(f"argued in accepted.tsv, and no longer found: {check} {resource}")
print(f"{len(found)} findings, {len(found.keys() & argued.keys())} of them argued")
sys.exit(found.keys() != argued.keys())
