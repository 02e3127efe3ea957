"""How often a token must be verified, and a person looked up, by the fleet: with requests given to instances in turn, and
with each token always given to the same one."""

import re

import httpx
from fleet import Fleet

from harness.crowd import acquaint

PEOPLE, PASSES = 1000, 4
#: Of all requests that could have been answered from memory, at least so many must have been.
LIMIT = 0.98


def remembered(fleet: Fleet) -> int:
    """Tokens that all instances together have verified and remember."""
    pattern = r"^vestibule_token_cache_entries (\d+)"
    found = [re.search(pattern, service.get("/metrics").text, re.M) for service in fleet.services]
    return sum(int(one.group(1)) for one in found if one)


def measure(quick: bool) -> bool:
    fleet, good = Fleet(LOG_LEVEL="warning"), True
    try:
        fleet.start()
        print(f"| nginx before three instances, {PEOPLE} people who ask {PASSES} times | tokens verified | answered from memory | "
              "limit |\n|---|---|---|---|")
        for balance in ("in turn", "hash $http_authorization consistent"):
            people = acquaint(fleet.database, fleet.okta, "by-" + balance.split()[0], PEOPLE)
            tokens = [fleet.okta.token(email) for email in people]
            gateway = fleet.gateway("nginx", fleet.services, balance if balance.startswith("hash") else "")
            before = remembered(fleet)
            asked = 0
            with httpx.Client(trust_env=False) as client:
                for token in tokens * PASSES:
                    client.get(gateway.url, headers={"Authorization": f"Bearer {token}"}).raise_for_status()
                    asked += 1
            verified = remembered(fleet) - before
            share = 1 - (verified - PEOPLE) / (asked - PEOPLE)
            hashed = balance.startswith("hash")
            holds = not hashed or share >= LIMIT
            good &= holds
            print(f"| {balance} | {verified} of {asked} | {share * 100:.1f} % of what can be | "
                  f"{f'{LIMIT * 100:.0f} %' if hashed else ''}{'' if holds else ', missed'} |", flush=True)
    finally:
        fleet.close()
    print()
    return good
