"""CONTRACT section 4: how soon after the commit of a change no instance allows by the old state any more."""

import statistics
import time

import pytest

from harness.asker import Asker, until
from harness.delays import Delays, quantile
from harness.issuers import OKTA

TRIALS = 40  # of each kind; six kinds
LIMIT = 0.100
measured = []


#: What takes a right away and gives it back, and what an answer is before and after: status, org role.
KINDS = {
    "user deactivated": (
        "UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %(user)s",
        "UPDATE auth.users SET is_active = true, deactivated_at = NULL WHERE id = %(user)s",
        (200, "org_admin"), (403, "")),
    "profile deleted": (
        "UPDATE profiles SET deleted_at = now() WHERE user_id = %(user)s",
        "UPDATE profiles SET deleted_at = NULL WHERE user_id = %(user)s",
        (200, "org_admin"), (403, "")),
    "role changed": (
        "UPDATE org_members SET role = 'org_user' WHERE user_id = %(user)s",
        "UPDATE org_members SET role = 'org_admin' WHERE user_id = %(user)s",
        (200, "org_admin"), (200, "org_user")),
    "membership removed": (
        "DELETE FROM org_members WHERE user_id = %(user)s",
        "WITH back AS (INSERT INTO org_members (org_id, user_id, role) VALUES (%(org)s, %(user)s, 'org_admin'))"
        " UPDATE profiles SET current_org_id = %(org)s WHERE user_id = %(user)s",
        (200, "org_admin"), (200, "")),
    "provider switched off": (
        "UPDATE platform_idp_config SET is_active = false, version = version + 1",
        "UPDATE platform_idp_config SET is_active = true, version = version + 1",
        (200, "org_admin"), (401, "")),
    "session ended": (
        "INSERT INTO session_revocations (issuer, session_id) VALUES (%(issuer)s, %(session)s)", None,
        (200, "org_admin"), (401, "")),
}


@pytest.fixture(scope="module")
def instances(folder, database, host):
    from harness.service import Service
    okta = host.issuer(OKTA)
    database.settle_bootstrap()
    org = database.org("revocations")
    database.invite(org, "ada@example.com", "org_admin")
    services = [Service(folder, database.service_url, okta) for _ in range(2)]
    user = services[0].provision(okta.token("ada@example.com")).json()["data"]["user"]["id"]
    yield okta, services, {"user": user, "org": org, "issuer": okta.url}
    for service in services:
        assert service.stop() == 0, service.output()[-4000:]


@pytest.mark.parametrize("kind", KINDS)
def test_no_instance_allows_by_the_old_state_later_than_100_ms_after_commit(instances, database, kind, capsys):
    okta, services, values = instances
    revoke, restore, before, after = KINDS[kind]
    taken, given = [], []
    with Delays() as delays:
        # Two connections for each instance: its loops share the listening port.
        def askers_of(token):
            return [Asker(service, token) for service in services for _ in range(2)]

        askers = askers_of(okta.token("ada@example.com"))
        for trial in range(TRIALS):
            if restore is None:
                session = f"session-{trial}"
                values["session"] = session
                for asker in askers:
                    asker.close()
                askers = askers_of(okta.token("ada@example.com", sid=session))
            until(askers, before, time.monotonic())
            database.superuser.execute(revoke, values)
            taken.append(until(askers, after, time.monotonic()))
            if restore:
                database.superuser.execute(restore, values)
                given.append(until(askers, before, time.monotonic()))
        for asker in askers:
            asker.close()
    late = quantile(delays.seen, 0.99)
    with capsys.disabled():
        print(f"\n{kind}: {len(taken)} trials, two instances, after commit"
              f" p50 {statistics.median(taken) * 1000:.1f} ms, p99 {quantile(taken, 0.99) * 1000:.1f} ms,"
              f" max {max(taken) * 1000:.1f} ms (scheduling delay meanwhile: p99 {late * 1000:.1f} ms,"
              f" max {max(delays.seen) * 1000:.1f} ms)")
    measured.extend(taken)
    assert quantile(taken, 0.99) < LIMIT + late
    # One that the machine itself held up is no fault of the service.
    assert max(taken) < LIMIT + max(delays.seen)


def test_figures_of_all_kinds_together(capsys):
    if len(measured) < 200:
        pytest.skip("not all kinds were measured")
    with capsys.disabled():
        print(f"\nrevocation, {len(measured)} trials: p50 {statistics.median(measured) * 1000:.1f} ms,"
              f" p99 {quantile(measured, 0.99) * 1000:.1f} ms, max {max(measured) * 1000:.1f} ms")


def test_what_is_revoked_over_the_interface_of_one_instance_is_over_on_the_other(instances, database):
    """Measured from the request, which commits before it is answered."""
    okta, services, values = instances
    first, second = services
    admin = okta.token("root@example.com")
    org = database.org("roots")
    database.invite(org, "root@example.com", "org_owner")
    root = first.provision(admin).json()["data"]["user"]["id"]
    database.run("UPDATE profiles SET global_role = 'platform_admin' WHERE user_id = %s", root)
    asker = Asker(second, okta.token("ada@example.com"))
    until([asker], (200, "org_admin"), time.monotonic())
    for _ in range(5):
        begun = time.monotonic()
        response = first.request("DELETE", f"/identities/{values['user']}", admin)
        assert response.status_code == 200, response.text
        answered = time.monotonic()
        until([asker], (403, ""), begun)
        assert time.monotonic() - answered < 1, "busy or not, this is not a revocation"
        assert first.request("POST", f"/identities/{values['user']}/reactivate", admin).status_code == 200
        until([asker], (200, "org_admin"), begun)
    asker.close()
