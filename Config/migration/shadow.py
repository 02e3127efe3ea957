r"""Compares the decisions of a Lambda authorizer and of Vestibule. Python 3.9 or later, nothing else.

Recorded or made-up events, one JSON object a line:

    python3 shadow.py events.ndjson --old my_authorizer.handler --new http://127.0.0.1:8080/authorize/aws
    --old-command 'node run.js ./my_authorizer.js'    the event on its standard input, its answer on standard output
    --old-command 'aws lambda invoke --function-name my-authorizer --cli-binary-format raw-in-base64-out --payload \
        file:///dev/stdin answer.json >/dev/null && cat answer.json'
    --old-url http://127.0.0.1:9001/2015-03-31/functions/function/invocations
    --context sub,email=user_email   also compares these context keys (here=there)

Exit code 0: the same for all; 1: some differ.

Live, in the old function itself, beside what it does already:

    from shadow import shadowed
    handler = shadowed(old_handler, "http://vestibule.internal:8080/authorize/aws")

It asks Vestibule too, for half a second at most, logs a line where the two differ, and answers what it always answered,
whatever happens. No token is logged. With `VESTIBULE_UNPROVISIONED=deny` there, asking writes nothing down.
"""

from __future__ import annotations

import argparse
import dataclasses
import fnmatch
import importlib
import json
import subprocess
import sys
import urllib.error
import urllib.request


@dataclasses.dataclass
class Decision:
    """What an authorizer decided: `outcome` is allow, deny or error; `why` says more, where more is known."""

    outcome: str
    why: str = ""
    context: dict = dataclasses.field(default_factory=dict)


def asked_arn(event: dict) -> str:
    return event.get("methodArn") or event.get("routeArn") or ""


def read(answer, event: dict) -> Decision:
    """A policy, or the simple answer of an HTTP API."""
    if not isinstance(answer, dict):
        return Decision("error", "no object")
    if "errorMessage" in answer:
        # As Lambda tells that the function threw.
        return Decision("deny", "Unauthorized") if answer["errorMessage"] == "Unauthorized" else Decision("error", "it threw")
    context = answer.get("context") or {}
    if "isAuthorized" in answer:
        # API Gateway takes nothing but true for a yes.
        return Decision("allow" if answer["isAuthorized"] is True else "deny", str(context.get("reason", "")), context)
    effects = set()
    for statement in (answer.get("policyDocument") or {}).get("Statement", []):
        resources = statement.get("Resource", [])
        resources = [resources] if isinstance(resources, str) else resources
        if any(fnmatch.fnmatchcase(asked_arn(event), one.replace("[", "[[]")) for one in resources):
            effects.add(statement.get("Effect"))
    if "Deny" in effects or "Allow" not in effects:
        return Decision("deny", str(context.get("reason", "policy")), context)
    return Decision("allow", "", context)


def call(handler, event: dict) -> Decision:
    """A handler in this process."""
    try:
        return read(handler(event, None), event)
    except Exception as error:  # API Gateway: `Unauthorized` is 401, anything else 500.
        return Decision("deny", "Unauthorized") if str(error) == "Unauthorized" else Decision("error", repr(error)[:200])


def run(command: str, event: dict) -> Decision:
    done = subprocess.run(command, shell=True, input=json.dumps(event), capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        return Decision("deny", "Unauthorized") if "Unauthorized" in done.stderr else Decision("error", done.stderr[-200:].strip())
    try:
        return read(json.loads(done.stdout), event)
    except ValueError:
        return Decision("error", "no JSON")


def ask(url: str, event: dict, seconds: float = 10) -> Decision:
    """Vestibule, or whatever else answers events over HTTP."""
    request = urllib.request.Request(url, json.dumps(event).encode(), {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=seconds) as answer:
            return read(json.load(answer), event)
    except urllib.error.HTTPError as error:
        try:
            why = json.loads(error.read(10000)).get("code", "")
        except ValueError:
            why = ""
        return Decision("deny" if error.code in (401, 403) and why != "forbidden" else "error", why or f"HTTP {error.code}")
    except (OSError, ValueError) as error:
        return Decision("error", str(error)[:200])


def differences(old: Decision, new: Decision, keys: dict) -> list:
    found = [] if old.outcome == new.outcome else ["outcome"]
    if old.outcome == new.outcome == "allow":
        found += [here for here, there in keys.items() if str(new.context.get(here, "")) != str(old.context.get(there, ""))]
    return found


def where(event: dict) -> str:
    http = (event.get("requestContext") or {}).get("http") or {}
    method = event.get("httpMethod") or http.get("method") or ""
    path = event.get("path") or event.get("rawPath") or http.get("path") or asked_arn(event).partition("/")[2]
    return f"{method} {path}".strip()


def shadowed(handler, url: str, keys: dict | None = None, seconds: float = 0.5):
    """The old handler, which also asks Vestibule and logs where the two differ."""

    def both(event, context):
        error, answer = None, None
        try:
            answer = handler(event, context)
        except Exception as raised:
            error = raised
        try:
            if error is None:
                old = read(answer, event)
            else:
                old = Decision("deny" if str(error) == "Unauthorized" else "error", type(error).__name__)
            new = ask(url, event, seconds)
            if differing := differences(old, new, keys or {}):
                print(json.dumps({"shadow": "differs", "in": differing, "request": where(event), "old": old.outcome,
                                  "new": new.outcome, "why": new.why}))
        except Exception as problem:  # Whatever it is, it must not change the answer.
            print(json.dumps({"shadow": "failed", "why": type(problem).__name__}))
        if error is not None:
            raise error
        return answer

    return both


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events")
    old = parser.add_mutually_exclusive_group(required=True)
    old.add_argument("--old", help="module.function")
    old.add_argument("--old-command")
    old.add_argument("--old-url")
    parser.add_argument("--new", default="http://127.0.0.1:8080/authorize/aws")
    parser.add_argument("--context", default="", help="keys to compare: here or here=there, comma separated")
    options = parser.parse_args()
    keys = dict((one.partition("=")[0], one.partition("=")[2] or one) for one in options.context.split(",") if one)
    if options.old:
        sys.path.insert(0, ".")
        module, _, name = options.old.rpartition(".")
        handler = getattr(importlib.import_module(module), name)
    counts = {"same": 0, "differ": 0}
    with open(options.events) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            event = json.loads(line)
            before = (call(handler, event) if options.old else run(options.old_command, event) if options.old_command
                      else ask(options.old_url, event))
            now = ask(options.new, event)
            found = differences(before, now, keys)
            counts["differ" if found else "same"] += 1
            for what in found:
                if what == "outcome":
                    old_why, new_why = (f" ({one.why})" if one.why else "" for one in (before, now))
                    print(f"line {number}: {where(event)}: old {before.outcome}{old_why}, new {now.outcome}{new_why}")
                else:
                    print(f"line {number}: {where(event)}: {what} differs")
    print(f"{counts['same']} the same, {counts['differ']} differ")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
