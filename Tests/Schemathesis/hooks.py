"""What a request must be so that the run goes on and a valid one can be accepted: values that JSON Schema can't tell."""

import ast
import itertools
import os
import threading
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import schemathesis

#: Nobody deletes these.
KEPT = set(os.environ["VESTIBULE_KEPT"].split())
#: Users who may be changed and locked out.
USERS = itertools.cycle(os.environ["VESTIBULE_USERS"].split())
#: Tokens of people who may come in, each used once: for what ends an account.
TOKENS = itertools.cycle(Path(os.environ["VESTIBULE_TOKENS"]).read_text().split())
#: The key of an org's directory, its people and its groups.
DIRECTORY = os.environ["VESTIBULE_DIRECTORY"]
MEMBERS = {"Users": itertools.cycle(os.environ["VESTIBULE_DIRECTORY_USERS"].split()),
           "Groups": itertools.cycle(os.environ["VESTIBULE_DIRECTORY_GROUPS"].split())}


@schemathesis.serializer("application/secevent+jwt")
def event_token(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


# Python 3.11 counts the depth of its syntax trees for all threads together and stumbles over it (cpython 106905).
parse, parsing = ast.parse, threading.Lock()


def parse_alone(*arguments, **more):
    with parsing:
        try:
            return parse(*arguments, **more)
        except SystemError:
            return parse(*arguments, **more)


ast.parse = parse_alone


@schemathesis.hook
def before_call(context, case, kwargs):
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    parameters = case.path_parameters or {}
    if is_positive and case.path in ("/identities/{id}", "/identities/{id}/reactivate", "/identities/{id}/erase", "/admin/users/{id}",
                                     "/admin/users/{id}/roles"):
        case.path_parameters = parameters | {"id": next(USERS)}
    elif str(parameters.get("id", "")).lower() in KEPT:
        # Neither the administrator who asks is to be locked out nor a key that is used.
        case.path_parameters = parameters | {"id": str(uuid.uuid4())}
    if case.path.startswith("/scim/"):
        kwargs["auth"] = sign_as_directory
        members = MEMBERS.get(case.path.split("/")[3])
        if is_positive and members and "id" in parameters:
            case.path_parameters = parameters | {"id": next(members)}
    if parameters.get("provider") in ("okta", "oidc"):
        # The provider of everybody's tokens stays as it is; the third needs what the document says of none.
        case.path_parameters = parameters | {"provider": "clerk"}
    if case.method.upper() == "DELETE" and case.path == "/profiles/me":
        kwargs["auth"] = sign_as_somebody_else
    if is_positive and isinstance(case.body, dict):
        case.body = {name: value(name, given) for name, given in case.body.items()}
        if case.path == "/admin/roles/{id}":
            # Only the org that the role is of already would do.
            case.body.pop("org_id", None)
        if "confirm" in case.body:
            case.body["confirm"] = case.path_parameters["id"]


def sign_as_somebody_else(request):
    if "Authorization" in request.headers:
        request.headers["Authorization"] = f"Bearer {next(TOKENS)}"
    return request


def sign_as_directory(request):
    if "Authorization" in request.headers:
        request.headers["Authorization"] = f"Bearer {DIRECTORY}"
        # The key of a module would count first.
        request.headers.pop("X-API-Key", None)
    return request


def value(name: str, given):
    """A value of the field that the service takes."""
    if name == "allow_cidrs" and given:
        return ["127.0.0.0/8", "::1/128"]
    if name == "expires_in" and given is not None:
        return "30d"
    if name == "email_domains" and given:
        return ["people.example"]
    if not isinstance(given, str):
        return given
    if name == "webhook_secret":
        return "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
    if name == "code":
        # Not one of the platform's own.
        return "r" + uuid.uuid4().hex[:12]
    if name == "module" and given == "scim":
        # Such a key belongs to an org, which the body need not name.
        return "tests"
    if name == "overlap":
        return "24h"
    if name == "expires_at":
        return (datetime.now(timezone.utc) + timedelta(days=3)).isoformat()
    if name == "email":
        return f"{uuid.uuid4().hex}@people.example"
    if name == "domain":
        return f"{uuid.uuid4().hex}.example"
    if name in ("issuer", "jwks_url", "api_url"):
        return "https://" + uuid.uuid4().hex + ".example"
    return given
