"""What can happen to the identity provider, and to Redis."""

import signal
import time

from cases import calm, during, fault
from database_faults import strike
from storm import Client

from harness.issuers import Key
from harness.redis import Redis


def keeps_logins(world, storm):
    """Who needs nothing of the issuer but its known keys is let in all the while."""
    came = storm.count("newcomer", "during")
    if set(came) - {200, 201} or not came:
        world.flaw(f"newcomers whose tokens say all: {dict(came)}")


@fault("issuer down")
def down(world):
    storm, recovered = strike(world, world.way.cut, world.way.mend, unready=False, seconds=3)
    keeps_logins(world, storm)
    return storm, recovered


@fault("issuer silent")
def silent(world):
    storm, recovered = strike(world, world.way.freeze, world.way.mend, unready=False, seconds=7)
    keeps_logins(world, storm)
    return storm, recovered


@fault("issuer slow (0.3 s a packet)")
def slow(world):
    storm, recovered = strike(world, lambda: setattr(world.way, "delay", 0.3),
                              lambda: setattr(world.way, "delay", 0.0), unready=False)
    keeps_logins(world, storm)
    return storm, recovered


@fault("issuer down at the start of the service", limit=75)
def down_at_start(world):
    """Nobody is let in on a word that can't be verified; the pause between fetches doubles up to a minute."""
    world.begin()
    storm = world.storm()
    world.is_broken = True
    world.tolerate("known", "503 jwks_unavailable")
    with storm:
        calm(storm)
        storm.phase = "during"
        world.way.cut()
        world.services[0].program.process.kill()
        world.services[0].program.wait()
        world.services[0] = world.service(ready=False)
        world.unready(world.services[0])
        client = Client(world.services[0])
        status, body = client.ask("GET", "/authorize/nginx", world.known[0].token)
        if (status, body.get("code")) != (503, "jwks_unavailable"):
            world.flaw(f"without any keys: {status} {body}")
        during(storm, 2)
        world.way.mend()
        recovered = world.recovered(storm, world.limit)
        calm(storm)
    return storm, recovered


LIES = {
    "garbage": lambda issuer: b"\x00\xff<html>not today</html>",
    "nothing": lambda issuer: b"",
    "an empty set": lambda issuer: {"keys": []},
    "a huge set": lambda issuer: {"keys": [Key("ES256").jwk()] * 2000},
    "keys that are none": lambda issuer: {"keys": [{"kty": "RSA", "kid": issuer.key.kid, "n": "AQAB", "e": "AQAB"}, {}, 7]},
    "a deep nest": lambda issuer: b"[" * 100_000,
}


def lying(world, lie):
    """An unknown key makes the instances fetch; what they get is no reason to forget what they know."""
    answer, okta = world.host.answer, world.okta

    def false(path, fields):
        if path.endswith("/userinfo"):
            return 200, lie(okta), {}
        if okta.path in path:
            return 200, lie(okta), {}
        return answer(path, fields)

    def begin():
        world.host.answer = false
        invented = Key("ES256").token(okta.claims("invented@domain.example"))
        for service in world.services:
            client = Client(service)
            status, body = client.ask("GET", "/authorize/nginx", invented)
            if status == 200 or status >= 500 and body.get("code") != "jwks_unavailable":
                world.flaw(f"an invented key: {status} {body}")
            client.close()

    storm, recovered = strike(world, begin, lambda: setattr(world.host, "answer", answer), unready=False)
    keeps_logins(world, storm)
    return storm, recovered


def _add_lies():
    for name, lie in LIES.items():
        fault(f"issuer lying: {name}")(lambda world, lie=lie: lying(world, lie))


_add_lies()


@fault("issuer lying: another issuer's discovery and people")
def lying_about_people(world):
    answer, okta = world.host.answer, world.okta

    def false(path, fields):
        status, body, more = answer(path, fields)
        if path.endswith("/userinfo") and isinstance(body, dict):
            # Somebody else, verified.
            return 200, {"sub": "00uSomebodyElse", "email": world.known[0].email, "email_verified": True}, more
        if "openid-configuration" in path:
            return 200, body | {"issuer": "https://elsewhere.example"}, more
        return status, body, more

    storm, recovered = strike(world, lambda: setattr(world.host, "answer", false),
                              lambda: setattr(world.host, "answer", answer), unready=False)
    keeps_logins(world, storm)
    return storm, recovered


@fault("issuer rotating its keys")
def rotating(world):
    """Signed with the new key from one moment to the next; the former one is still published."""
    storm, recovered = strike(world, lambda: world.okta.rotate(algorithm="ES256"), lambda: None, unready=False)
    came = storm.count("newcomer", "during") + storm.count("known", "during")
    if set(came) - {200, 201}:
        world.flaw(f"after the rotation: {dict(came)}")
    return storm, recovered


@fault("Redis killed, frozen, back", limit=5, quick=False)
def redis(world):
    redis = Redis(world.folder)
    world.closing(redis.stop)
    world.settings |= {"REDIS_URL": redis.url, "VESTIBULE_RATE_LIMIT": 1_000_000}

    def begin():
        redis.stop()
        time.sleep(1.5)
        redis.start()
        time.sleep(1)
        redis.program.send(signal.SIGSTOP)
    storm, recovered = strike(world, begin, lambda: redis.program.send(signal.SIGCONT), unready=False)
    for kind in ("newcomer", "known", "writer"):
        came = storm.count(kind)
        if set(came) - {200, 201}:
            world.flaw(f"{kind} without Redis: {dict(came)}")
    return storm, recovered
