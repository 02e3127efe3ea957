"""Config/cora/module.json: what the platform is told of this module is what there is.

After a change of the routes or the schema `VESTIBULE_WRITE_MANIFEST=1` before this test's command writes the file anew.
"""

import json
import os
import re

import pytest

from harness.programs import ROOT
from harness.service import vestibule

FILE = ROOT / "Config/cora/module.json"
#: The functions that the policies of other modules' tables may call (CONTRACT section 12).
FUNCTIONS = """
can_access_org_data can_modify_org_data can_modify_org_settings can_manage_org_membership is_org_member is_org_user
is_org_admin is_org_owner has_org_admin_access is_global_user is_global_admin is_global_owner has_global_admin_access
auth.current_user_id auth.current_email auth.current_global_role auth.current_org_id set_session_user_id
apply_audit_trigger get_active_idp_config
""".split()


def endpoints(document: dict) -> list[str]:
    """All but the questions of gateways and operators, which no gateway may let through."""
    return [f"{method.upper()} {path}" for path, operations in document["paths"].items()
            for method in operations if method in ("get", "post", "put", "patch", "delete")
            and not path.startswith("/authorize") and path not in ("/metrics", "/healthz", "/readyz")]


@pytest.fixture(scope="module")
def facts(service, database) -> dict:
    def column(query):
        return [row[0] for row in database.rows(query)]
    return {
        "schema": sorted(f"Migrations/{path.name}" for path in (ROOT / "Migrations").glob("*.sql")),
        "tables": column("""
            SELECT CASE schemaname WHEN 'public' THEN tablename ELSE schemaname || '.' || tablename END FROM pg_tables
            WHERE schemaname IN ('public', 'auth') AND tablename <> 'schema_migrations'
                AND NOT (SELECT relispartition FROM pg_class WHERE oid = format('%I.%I', schemaname, tablename)::regclass)
            ORDER BY schemaname, tablename"""),
        "functions": FUNCTIONS,
        "existing": column("""
            SELECT DISTINCT CASE nspname WHEN 'public' THEN proname ELSE nspname || '.' || proname END
            FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname IN ('public', 'auth')"""),
        "endpoints": endpoints(service.get("/openapi.json").json()),
        "permissions": column("SELECT code FROM public.permissions ORDER BY code"),
        "version": vestibule("version").stdout.split()[1],
    }


@pytest.fixture(scope="module")
def manifest(facts) -> dict:
    manifest = json.loads(FILE.read_text())
    if os.environ.get("VESTIBULE_WRITE_MANIFEST"):
        manifest["version"] = facts["version"]
        manifest["provides"]["database"] |= {name: facts[name] for name in ("schema", "tables", "functions")}
        manifest["provides"]["api"]["endpoints"] = facts["endpoints"]
        manifest["provides"]["permissions"] = facts["permissions"]
        FILE.write_text(json.dumps(manifest, indent=2) + "\n")
    return manifest


def test_it_has_the_platforms_form(manifest):
    assert list(manifest) == ["name", "version", "description", "dependencies", "provides", "permissions"]
    assert re.fullmatch(r"[a-z][a-z0-9-]*", manifest["name"]) and manifest["description"]
    assert manifest["dependencies"] == {"modules": [], "packages": []}
    assert set(manifest["provides"]) == {"database", "api", "permissions", "frontend"}
    assert all(re.fullmatch(r"(GET|POST|PUT|PATCH|DELETE) (/[\w.{}-]+)+", entry)
               for entry in manifest["provides"]["api"]["endpoints"])


def test_it_tells_what_there_is(manifest, facts):
    assert manifest["version"] == facts["version"]
    assert manifest["provides"]["api"]["endpoints"] == facts["endpoints"]
    assert manifest["provides"]["permissions"] == facts["permissions"]
    for name in ("schema", "tables", "functions"):
        assert manifest["provides"]["database"][name] == facts[name], name
    assert set(FUNCTIONS) <= set(facts["existing"])


def test_what_it_needs_is_what_the_function_may_do(manifest):
    """The permissions at AWS and elsewhere, by Config/aws and by the one API that the service calls."""
    terraform = (ROOT / "Config/aws/main.tf").read_text()
    assert set(manifest["permissions"]["secrets"]) == set(re.findall(r'"(secretsmanager:\w+)"', terraform))
    assert manifest["permissions"]["external"] == ["clerk:users:read"]
    assert manifest["permissions"]["database"] == manifest["permissions"]["storage"] == []
