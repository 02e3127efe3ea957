"""Writes docs/reference from what the program says of itself. Called by `./dev reference`; `--check` only compares.

The configuration and the error codes are those of `vestibule reference`, the routes those of /openapi.json of a service
that was started for it, the metrics those that the sources register: not all are there before they are counted.
"""

import difflib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/reference"
NOTE = "<!-- Written by ./dev reference; change the sources instead. -->\n"


def table(header: list, rows: list) -> str:
    def line(cells) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"
    return line(header) + "|" + "---|" * len(header) + "\n" + "".join(map(line, rows))


def code(text) -> str:
    return f"`{text}`"


def configuration(told: dict) -> str:
    rows = [(code(key["name"]), code(key["file_name"]), key["meaning"] + (" (secret)" if key["secret"] else ""),
             code(key["default"]) if "default" in key else "none") for key in told["configuration"]]
    return f"""{NOTE}
# Configuration

Flag, environment, file (`Config/vestibule.json5`, or `--config FILE`), default: the first that says something counts. A
secret is also taken from `NAME_FILE`, and in Lambda from `NAME_ARN`. An empty value is unset; an empty secret is an error.
Unknown names are errors. `vestibule config check` names everything that is wrong, `vestibule config print` shows what counts
and where it came from. SIGHUP reads the TLS certificate again.

{table(["environment", "file", "meaning", "default"], rows)}
`routes`, in the file alone, are the [route rules](../authorizer.md); `Config/vestibule.json5` shows their form.

The providers named by `OKTA_…` and `CLERK_…` seed the database at the first start; afterwards the database is the truth.
Where both are named, logins use `VESTIBULE_ACTIVE_IDP` (else Okta) and the tokens of both are accepted.
"""


def errors(told: dict) -> str:
    rows = [(error["status"], code(error["code"]), error["meaning"])
            for error in sorted(told["errors"], key=lambda error: error["status"])]
    return f"""{NOTE}
# Errors

    {{"success": false, "error": "<a sentence>", "code": "<code>", "request_id": "…", "details"?: [{{"field", "problem"}}]}}

A code never changes its meaning; the sentence may. `request_id` is in the log and in the header `X-Request-Id`.

{table(["status", "code", "meaning"], rows)}
A 401 carries `WWW-Authenticate` (RFC 6750), a 429 and a 503 `Retry-After`, a 405 `Allow`. SCIM answers in its own form
(RFC 7644 §3.12), `/webhooks/ssf` in that of RFC 8935.
"""


ACCESS = {"IdentityProviderToken": "token", "ApiKey": "API key", "ApiKeyAsBearer": "API key as bearer"}


def routes(document: dict) -> str:
    parts = []
    for tag in [tag["name"] for tag in document["tags"]]:
        rows = []
        for path, item in document["paths"].items():
            operations = {method.upper(): one for method, one in item.items()
                          if isinstance(one, dict) and one["tags"] == [tag]}
            if path.startswith("/authorize/") and len(operations) > 1:
                operations = {"any method": next(iter(operations.values()))}
            for method, one in operations.items():
                access = ", ".join(ACCESS[name] for way in one.get("security", []) for name in way) or "anyone"
                answers = " ".join(status for status in one["responses"] if status.startswith("2"))
                rows.append((method, code(path), one["summary"], access, answers))
        if rows:
            parts.append(f"## {tag}\n\n" + table(["method", "path", "what", "who", "answers"], rows))
    return f"""{NOTE}
# Routes

From the table of routes, as `GET /openapi.json` is, which has every field; `GET /docs` shows it as a page. `/orgs…` is also
`/organizations…`. HEAD is answered where GET is, OPTIONS everywhere. *Token* is an identity provider's. `/authorize/…` is for
gateways in `VESTIBULE_TRUSTED_PROXIES` alone. What else is answered: [errors](errors.md).

""" + "\n".join(parts)


REGISTERED = re.compile(
    r"\b(counter|gauge|histogram|computed)\(\s*(?:\"(vestibule_\w+)\"|(name)),\s*(?:\"([^\"]+)\"|(help))(?=(.{0,160}))", re.S)


def metrics() -> str:
    found = {}
    for file in sorted((ROOT / "Sources").rglob("*.swift")):
        text = file.read_text()
        for match in REGISTERED.finditer(text):
            kind, name, named, help_text, helped, rest = match.groups()
            if named and "let name = " not in text:
                continue  # Whoever calls gives the name.
            if named:
                name = re.search(r'let name = "(vestibule_\w+)"', text)[1]
            if helped:
                help_text = re.search(r'let help = "([^"]+)"', text)[1]
            call = re.split(r"\b(?:counter|gauge|histogram|computed)\(", rest)[0]
            labels = re.search(r"labels: \[(.*?)\]", call, re.S)
            names = re.findall(r'"(\w+)":', labels[1]) if labels else []
            if re.search(r"labels: labels\b", call):
                names = re.findall(r'"(\w+)":', re.search(r"labels\b[^=]*= \[(.*?)\]", text, re.S)[1])
            type_name = "gauge" if kind == "computed" and 'type: "counter"' not in call else kind.replace("computed", "counter")
            kept = found.setdefault(name, (type_name, help_text.rstrip("."), []))
            kept[2].extend(label for label in names if label not in kept[2])
    rows = [(code(name), kind, help_text, ", ".join(map(code, labels)) or "none")
            for name, (kind, help_text, labels) in sorted(found.items())]
    return f"""{NOTE}
# Metrics

`GET /metrics`, in Prometheus' text format 0.0.4. Labels have few values: a route is its pattern, a status its class. A series
is there from the first time that it counts. Alerts and a dashboard over them: `Config/observability`, [runbook](../runbook.md).

{table(["metric", "type", "what", "labels"], rows)}"""


def document(binary: str) -> dict:
    """Of a service without a database: its routes are the same."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
                   "VESTIBULE_LISTEN": f"127.0.0.1:{port}", "VESTIBULE_THREADS": "1"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    service = subprocess.Popen([binary, "serve"], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            try:
                with opener.open(f"http://127.0.0.1:{port}/openapi.json", timeout=5) as answer:
                    return json.load(answer)
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > end or service.poll() is not None:
                    raise
                time.sleep(0.05)
    finally:
        service.terminate()
        service.wait(30)


def pages(binary: str) -> dict:
    told = json.loads(subprocess.run([binary, "reference"], check=True, capture_output=True, text=True).stdout)
    return {"configuration.md": configuration(told), "errors.md": errors(told), "routes.md": routes(document(binary)),
            "metrics.md": metrics()}


def main() -> int:
    check = "--check" in sys.argv
    [binary] = [word for word in sys.argv[1:] if word != "--check"]
    stale = 0
    for name, text in pages(binary).items():
        path = FOLDER / name
        old = path.read_text() if path.exists() else ""
        if old == text:
            continue
        stale = 1
        if check:
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), text.splitlines(True), f"docs/reference/{name}", "as it would be now"))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            print(f"docs/reference/{name} is written")
    if check and stale:
        print("docs/reference is not what the program says of itself: ./dev reference writes it anew")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main())
