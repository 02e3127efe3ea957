"""Two hundred first logins at once, in every mix, on two instances."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.issuers import CLERK, OKTA
from harness.service import problem
from harness.wholeness import flaws, missing


@pytest.mark.parametrize("links, has_owner, seed", [
    (False, False, 1), (False, True, 2), (True, False, 3), (True, True, 4)])
def test_two_hundred_first_logins_at_once(start, fresh_database, host, links, has_owner, seed):
    database, okta, clerk = fresh_database, host.issuer(OKTA), host.issuer(CLERK)
    if has_owner:
        database.settle_bootstrap()
    setting = {"VESTIBULE_LINK_BY_EMAIL": str(links).lower()}
    services = [start(database.service_url, okta, clerk, **setting) for _ in range(2)]
    first, second = database.org("first"), database.org("second")
    database.domain(first, "domain.example")
    database.domain(second, "other.example", verified=False)
    logins, kinds = [], {}
    for number in range(40):
        kind = ("invited", "twice", "domain", "both", "two issuers", "stranger", "unverified", "half")[number % 8]
        name = f"{kind.replace(' ', '-')}-{uuid.uuid4().hex[:8]}"
        email = f"{name}@{dict(domain='domain.example', both='domain.example', half='other.example').get(kind, 'n.example')}"
        kinds[email] = kind
        if kind in ("invited", "twice", "both", "two issuers", "unverified"):
            database.invite(first if kind != "both" else second, email, "org_admin")
        if kind == "twice":
            database.invite(second, email.upper())
        issuers = (okta, clerk, okta, clerk, okta) if kind == "two issuers" else (okta,) * 5
        for issuer in issuers:
            claims = {"email_verified": False} if kind == "unverified" else {}
            logins.append((email, issuer, issuer.token(email, **claims)))
    random.Random(seed).shuffle(logins)
    with ThreadPoolExecutor(len(logins)) as pool:
        answers = list(pool.map(lambda pair: services[pair[0] % 2].provision(pair[1][2]), enumerate(logins)))

    outcomes, acknowledged = {}, {}
    for (email, issuer, _), answer in zip(logins, answers):
        assert answer.status_code in (200, 201, 403, 409), answer.text
        if answer.status_code < 300:
            acknowledged[issuer.subject(email)] = answer.json()["data"]["user"]["id"]
        outcomes.setdefault(email, []).append(
            answer.json()["data"]["decision"]["outcome"] if answer.status_code < 300 else problem(answer))
        outcomes[email][-1] += " new" if answer.status_code == 201 else ""
    owners = [email for email, all_of_it in outcomes.items() if "platform_owner new" in all_of_it]
    assert len(owners) == (0 if has_owner else 1)
    for email, kind in kinds.items():
        seen = sorted(outcomes[email])
        if email in owners:
            assert kind in ("stranger", "half") and seen == ["existing"] * 4 + ["platform_owner new"], (email, seen)
        elif kind in ("stranger", "half"):
            assert set(seen) == {"invitation_required"}, (email, seen)
        elif kind == "unverified":
            assert set(seen) == {"email_unverified"}, (email, seen)
        elif kind == "two issuers" and links:
            assert seen == sorted(["invite new", "linked"] + ["existing"] * 3), (email, seen)
        elif kind == "two issuers":
            assert seen.count("invite new") == 1 and set(seen) == {"invite new", "existing", "identity_conflict"}
            assert seen.count("identity_conflict") in (2, 3), (email, seen)
        else:
            assert seen == sorted(["existing"] * 4 + ["domain new" if kind == "domain" else "invite new"]), (email, seen)
    assert flaws(database) == {} and missing(database, acknowledged) == []
    roles = dict(database.rows(
        "SELECT lower(u.email), string_agg(o.slug || ' ' || m.role, ', ' ORDER BY o.slug) FROM auth.users u"
        " JOIN org_members m ON m.user_id = u.id JOIN org o ON o.id = m.org_id GROUP BY 1"))
    for email, kind in kinds.items():
        expected = {"invited": "first org_admin", "twice": "first org_admin, second org_user", "domain": "first org_user",
                    "two issuers": "first org_admin"}.get(kind)
        if kind == "both":
            # The domain is looked at again at the next login of somebody who came by an invite.
            assert roles[email] in ("second org_admin", "first org_user, second org_admin")
        elif email not in owners:
            assert roles.get(email) == expected, (email, roles.get(email))
