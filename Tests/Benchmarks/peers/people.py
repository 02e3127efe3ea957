"""A database that knows who the peer benchmark's tokens are of, and its provider."""

import base64
import json
import sys
import uuid
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import OWNER, SERVICE, Database, cluster_url, url  # noqa: E402
from harness.service import migrated  # noqa: E402


def claims(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def with_people(tokens: Path) -> Database:
    """A new database with a user, an identity, a profile and a membership for each token of the file."""
    database = migrated(Database())
    database.settle_bootstrap()
    org = database.org("acme")
    people = [(uuid.uuid4(), one["email"], one["iss"], one["uid"])
              for one in map(claims, tokens.read_text().split())]
    with database.superuser.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people (id uuid, email text, issuer text, subject text)")
        with cursor.copy("COPY people FROM STDIN") as copy:
            for person in people:
                copy.write_row(person)
        # Nobody listens yet, so that no trigger need tell of it.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("INSERT INTO auth.users (id, email) SELECT id, email FROM people")
        cursor.execute("INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id, email)"
                       " SELECT id, 'okta', issuer, subject, email FROM people")
        cursor.execute("INSERT INTO profiles (user_id, email, current_org_id) SELECT id, email, %s FROM people", [org])
        cursor.execute("INSERT INTO org_members (org_id, user_id, role)"
                       " SELECT %s, id, 'org_user' FROM people", [org])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    # A database with connections can't be copied.
    database.superuser.close()
    return database


def copy_for(template: str, name: str, provider: dict) -> str:
    """A copy of it whose provider is this one; the URL for the service's login."""
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER}')
    with psycopg.connect(cluster_url(), dbname=name, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO platform_idp_config (provider, issuer, client_id, audience, settings, is_active)"
            " VALUES ('okta', %(issuer)s, %(client)s, ARRAY[%(audience)s],"
            " jsonb_build_object('jwks_url', %(jwks)s::text), true)", provider)
    return url(SERVICE, name)


def drop(names: list):
    with psycopg.connect(cluster_url(), autocommit=True) as admin:
        for name in names:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
