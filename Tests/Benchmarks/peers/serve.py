"""Started by the kit: makes the database of this instance, and becomes the service."""

import os

from people import copy_for

name, issuer, audience, jwks = (os.environ[f"PEERS_{key}"] for key in ("NAME", "ISSUER", "AUDIENCE", "JWKS_URL"))
template = os.environ["PEERS_TEMPLATE"]
os.environ["DATABASE_URL"] = copy_for(
    template, f"{template}_{name}",
    {"issuer": issuer, "audience": audience, "client": "0oa9f3kbench2Xp5d7", "jwks": jwks})
# From here on the process is the service and nothing else, as its figures are to be.
os.execv(os.environ["VESTIBULE_BINARY"], [os.environ["VESTIBULE_BINARY"], "serve"])
