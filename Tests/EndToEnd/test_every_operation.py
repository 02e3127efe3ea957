"""What holds for every operation, taken from the document, so that a new one can't be forgotten."""

import re
import uuid

import pytest

from harness.database import Relay, SERVICE
from harness.operations import GATEWAYS, SILENT, World
from harness.people import NOBODY, unique
from harness.programs import eventually
from harness.service import problem


@pytest.fixture(scope="module")
def world(service, database, okta):
    return World(service, database, okta)


@pytest.fixture(scope="module")
def operations(service) -> list:
    """(method, path, operation, aliases) of every operation that a person's token opens."""
    document = service.get("/openapi.json").json()
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method.startswith("x-") or GATEWAYS.match(operation["operationId"]):
                continue
            if operation["security"] == [{"IdentityProviderToken": []}]:
                found.append((method.upper(), path, operation, item.get("x-aliases", [])))
    assert len(found) > 40
    return found


def example(schema: dict, document: dict, name: str = ""):
    """The least value that a schema takes."""
    if "$ref" in schema:
        return example(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], document, name)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], document, name)
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {key: example(schema["properties"][key], document, key) for key in schema.get("required", [])}
        case "array":
            return [example(schema["items"], document)] * schema.get("minItems", 0)
        case "integer":
            return schema["minimum"]
        case "boolean":
            return True
    match schema.get("format"), name:
        case ("uuid", _):
            return NOBODY
        case ("email", _):
            return unique()
        case (_, "domain"):
            return uuid.uuid4().hex + ".example"
    return "x"


def body_of(operation: dict, document: dict):
    if "requestBody" not in operation:
        return None
    return example(operation["requestBody"]["content"]["application/json"]["schema"], document)


def test_without_a_token_nothing_is_done(service, operations):
    for method, path, _, aliases in operations:
        for each in [path, *aliases]:
            answer = service.request(method, re.sub(r"\{\w+\}", NOBODY, each))
            assert (answer.status_code, problem(answer)) == (401, "token_missing"), (method, each)


def test_without_a_key_nothing_is_done(service):
    asked = 0
    for path, item in service.get("/openapi.json").json()["paths"].items():
        for method, operation in item.items():
            if not method.startswith("x-") and operation["security"] in ([{"ApiKey": []}], [{"ApiKeyAsBearer": []}]):
                answer = service.request(method.upper(), re.sub(r"\{\w+\}", NOBODY, path))
                assert answer.status_code == 401 and "WWW-Authenticate" in answer.headers, (method, path)
                asked += 1
    assert asked >= 20


def test_administration_is_for_administrators(service, operations, world):
    document = service.get("/openapi.json").json()
    known = {"provider": "okta", "module": "m"}
    for method, path, operation, _ in operations:
        if path.startswith("/admin/"):
            address = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], NOBODY), path)
            answer = world.owner.call(method, address, body_of(operation, document))
            assert (answer.status_code, problem(answer)) == (403, "forbidden"), (method, path)


def test_a_foreign_org_s_rows_are_not_there(service, operations, world):
    """Every endpoint below an org, asked by a stranger who owns another: their org, and their rows in one's own."""
    document = service.get("/openapi.json").json()
    stranger = world.person()
    own = world.make_org(stranger)
    rows = {"invite_id": world.invite, "domain_id": world.domain, "user_id": lambda: world.member().id}
    asked = 0
    for method, path, operation, aliases in operations:
        names = re.findall(r"\{(\w+)\}", path)
        if "org_id" not in names or path.startswith("/admin/"):
            continue
        foreign = {name: rows[name]() for name in names if name != "org_id"}
        for org in [world.org] + ([own] if foreign else []):
            for each in [path, *aliases]:
                address = each.format(org_id=org, **foreign)
                answer = stranger.call(method, address, body_of(operation, document))
                assert (answer.status_code, problem(answer)) == (404, "not_found"), (method, each, org == own, answer.text)
                asked += 1
    assert asked >= 40
    # Nothing of it was done.
    assert world.owner.good("GET", f"/orgs/{world.org}")["id"] == world.org


ADMISSIONS = {"provision", "createIdentity", "acceptInvite"}


def test_every_operation_can_be_asked(operations):
    unknown = [operation["operationId"] for _, _, operation, _ in operations
               if not World.knows(operation["operationId"]) and operation["operationId"] not in SILENT]
    assert unknown == [], "say in harness/operations.py how these are asked"


def test_every_change_leaves_its_lines_in_the_audit(world, operations, database):
    wrong = []
    for method, path, operation, _ in operations:
        name = operation["operationId"]
        if method == "GET" or name in SILENT or not World.knows(name):
            continue
        ask = world.ask(name)
        mark = "audit-" + uuid.uuid4().hex
        answer = ask.who.call(ask.method, ask.path, ask.body, X_Request_Id=mark)
        assert answer.is_success, (name, answer.text)
        lines = database.rows(
            "SELECT action, actor_id, host(client_address), before, after FROM audit_log WHERE request_id = %s"
            " ORDER BY action", mark)
        if [line[0] for line in lines] != sorted(ask.audit):
            wrong.append((name, [line[0] for line in lines], sorted(ask.audit)))
            continue
        actor = getattr(ask.who, "id", None) or answer.json()["data"]["user"]["id"]
        for action, who, address, before, after in lines:
            verb = action.rsplit(".", 1)[1]
            if name == "erasePerson":
                continue  # Who is erased is taken out of the trail too.
            # Who comes in is let in by the service.
            assert str(who) == actor or (who is None and name in ADMISSIONS), (name, action, who)
            assert address == "127.0.0.1", (name, address)
            # What is no row of one table has neither before nor after.
            if not action.startswith(("user.", "identity.")):
                assert (before is not None) == (verb in ("update", "delete")), (name, action)
                assert (after is not None) == (verb in ("insert", "update")), (name, action)
    for entry in wrong:
        print(*entry)
    assert wrong == []


#: The instance reads a provider anew behind the answer.
BEHIND = {"changeProvider": 1}


def test_no_operation_waits_for_the_database_more_than_twice(start, database, okta, clerk, operations, world):
    relay = Relay()
    service = start(relay.url(SERVICE, database.name), okta, clerk, VESTIBULE_THREADS=1,
                    VESTIBULE_DATABASE_CONNECTIONS=1)
    slow = {}
    for method, path, operation, _ in operations:
        name = operation["operationId"]
        if not World.knows(name) or name in ("deleteProfile", "erasePerson"):
            continue
        if name == "acceptInvite":
            continue  # Any request of the person takes the invite up; StormTests counts the turns of a login.

        def once(name=name) -> int:
            ask = world.ask(name)
            token = ask.who.token if ask.who else None
            # The instance has heard of what was just made, and knows the caller.
            if hasattr(ask.who, "id"):
                eventually(lambda: service.get("/profiles/me", token).status_code == 200, name, 10)
                service.get("/orgs", token)
            before = relay.turns
            answer = service.request(ask.method, ask.path, token, **({} if ask.body is None else {"json": ask.body}))
            assert answer.is_success, (name, answer.text)
            return relay.turns - before
        # The first prepares the statements; a change notice may come between.
        once()
        least = min(once() for _ in range(2))
        if least > 2 + BEHIND.get(name, 0):
            slow[name] = least
    relay.close()
    assert slow == {}
