"""Config/aws as Terraform reads it: its parts by an HCL reader, its expressions by Terraform itself, without AWS.

Expressions that need no resource are evaluated as they stand, in the file's own words; where they name a resource's
attribute, its address stands in for the value.
"""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import hcl2

from .programs import ROOT

FOLDER = ROOT / "Config/aws"
MODULES = {name: FOLDER / name for name in (".", "service", "examples/dev")}
TERRAFORM = shutil.which("terraform")
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf"
OWNER = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:owner-AbCdEf"
VARIABLES = {
    "environment": "dev", "settings": {"OKTA_ISSUER": "https://example.okta.com/oauth2/default"},
    "http_api_id": "a1b2c3d4e5", "http_api_execution_arn": "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"}
#: What the module above hands down.
SERVICE_VARIABLES = {
    "name": "dev-vestibule", "environment": "dev", "tags": {}, "log_level": "info", "log_retention_days": 90,
    "kms_key_arn": "", "alarm_actions": [], "settings": VARIABLES["settings"], "secrets": {"DATABASE_URL": SECRET},
    "owner_secret_arn": OWNER, "image": "image@sha256:" + "0" * 64,
    "repository_arn": "arn:aws:ecr:eu-central-1:123456789012:repository/vestibule", "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1"], "database_security_group_id": "sg-1", "host": "vestibule.internal",
    "certificate_arn": "arn:aws:acm:eu-central-1:123456789012:certificate/1", "http_api_id": "a1b2c3d4e5",
    "authorizer_id": "auth-1"}
ATTRIBUTE = r'\b(?:data\.)?aws_\w+\.\w+(?:\[(?:"\w+"|\d+|each\.key)\])?\.\w+'


def text(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.glob("*.tf")))


def plain(value):
    """Without the quotes and marks that the reader leaves around values."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"^\$\{(.*)\}$", r"\1", value.strip('"'), flags=re.DOTALL)
    return value


@functools.cache
def parts(folder: Path) -> dict:
    """Every block of a module by its address: `aws_lb.service`, `data.aws_subnet.here`, `var.image`, `local.name`…"""
    found = {}
    for block in [plain(hcl2.loads(path.read_text())) for path in sorted(folder.glob("*.tf"))]:
        for kind, prefix in (("resource", ""), ("data", "data.")):
            for entry in block.get(kind, ()):
                for type_, named in entry.items():
                    found |= {f"{prefix}{type_}.{name}": body for name, body in named.items()}
        for kind, prefix in (("variable", "var."), ("output", "output."), ("module", "module.")):
            for entry in block.get(kind, ()):
                found |= {prefix + name: body for name, body in entry.items()}
        for entry in block.get("locals", ()):
            found |= {"local." + name: body for name, body in entry.items()}
    return found


def balanced(source: str, start: int) -> str:
    """What stands between the bracket at `start` and its partner, with both."""
    depth = 0
    for position in range(start, len(source)):
        depth += (source[position] in "({[") - (source[position] in ")}]")
        if depth == 0:
            return source[start:position + 1]
    raise AssertionError("a bracket is not closed")


def expression(source: str, opening: str) -> str:
    """The call that begins with the given words, such as `variables = merge(`."""
    start = source.index(opening) + len(opening) - 1
    return opening.split("=")[1].strip()[:-1] + balanced(source, start)


def run(folder: Path, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [TERRAFORM, *arguments], cwd=folder, capture_output=True, text=True, timeout=120,
        env=os.environ | {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"})


def evaluate(module: str, scratch: Path, expressions: dict[str, str], more: dict | None = None) -> dict:
    """What the expressions come to, with the module's own variables and locals.

    - Throws: AssertionError with Terraform's words, for example where a variable's validation refuses its value.
    """
    folder = scratch / "Config/aws" / module
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "Config/cora", scratch / "Config/cora", dirs_exist_ok=True)
    for stale in folder.glob("*.tf*"):
        stale.unlink()
    source = text(MODULES[module])
    locals_ = "\n".join("locals " + balanced(source, match.end() - 1) for match in re.finditer(r"^locals \{", source, re.M))
    outputs = "\n".join(f'output "{name}" {{\n  value = {value}\n}}' for name, value in expressions.items())
    # Subnets are looked up at AWS: their ranges are two.
    body = re.sub(r"in data\.aws_subnet\.here :", 'in [{ cidr_block = "10.0.1.0/24" }, { cidr_block = "10.0.2.0/24" }] :',
                  locals_ + "\n" + outputs)
    body = re.sub(ATTRIBUTE, lambda match: '"' + match[0].replace('"', "") + '"', body)
    (folder / "main.tf").write_text(body)
    shutil.copy(MODULES[module] / "variables.tf", folder / "variables.tf")
    values = (SERVICE_VARIABLES if module == "service" else VARIABLES) | (more or {})
    (folder / "terraform.tfvars.json").write_text(json.dumps(values))
    applied = run(folder, "apply", "-auto-approve", "-input=false", "-no-color")
    assert applied.returncode == 0, applied.stderr
    answer = json.loads(run(folder, "output", "-json").stdout)
    return {name: entry["value"] for name, entry in answer.items()}
