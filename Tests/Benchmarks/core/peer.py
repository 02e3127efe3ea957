"""`POST /api/v1/core/rbac/check` as one would write it with FastAPI and asyncpg: the key remembered, one statement a check.

The key's digest is read once and kept, in its favour; nothing tells it of a change.
"""

import hashlib
import hmac
import os
import uuid

import asyncpg
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel

app = FastAPI()
digests: dict[str, bytes] = {}


class Check(BaseModel):
    user_id: uuid.UUID
    permission: str
    resource_id: str | None = None
    tenant_id: uuid.UUID | None = None


@app.on_event("startup")
async def begin():
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=16, max_size=16)


async def must_be_known(key: str):
    name = key.split("_")[1]
    if name not in digests:
        digests[name] = await app.state.pool.fetchval(
            "SELECT digest FROM api_keys WHERE key_id = $1 AND revoked_at IS NULL", name)
    if not digests[name] or not hmac.compare_digest(digests[name], hashlib.sha256(key.encode()).digest()):
        raise HTTPException(401)


def grants(held: str, asked: list[str]) -> bool:
    segments = held.split(":")
    return len(segments) == len(asked) and all(own in ("*", other) for own, other in zip(segments, asked))


@app.post("/api/v1/core/rbac/check")
async def check(body: Check, x_api_key: str = Header()):
    await must_be_known(x_api_key)
    rows = await app.state.pool.fetch(
        "SELECT effective_permissions($1, coalesce($2, (SELECT current_org_id FROM profiles WHERE user_id = $1)))",
        body.user_id, body.tenant_id)
    asked = body.permission.split(":")
    return {"allowed": any(grants(row[0], asked) for row in rows)}
