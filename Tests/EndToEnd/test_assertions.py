"""Internal assertion tokens: what services get that trust no header. Checked by PyJWT."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from joserfc.jwk import ECKey, OKPKey

from harness.issuers import Key
from harness.service import Service, vestibule


def pem(key: Key) -> str:
    return key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.fixture(scope="module", params=["ES256", "EdDSA"])
def signed(request, folder, database, okta):
    database.settle_bootstrap()
    org = database.org(f"asserted-{request.param.lower()}")
    database.invite(org, f"{request.param.lower()}@example.com", "org_admin")
    key, former = Key(request.param), Key("ES256")
    service = Service(folder, database.service_url, okta, VESTIBULE_ASSERTION_KEY=pem(key) + pem(former),
                      VESTIBULE_ASSERTION_AUDIENCE="orders", VESTIBULE_ASSERTION_ISSUER="https://auth.example.com")
    yield service, request.param, key, org
    assert service.stop() == 0, service.output()[-4000:]


def test_an_assertion_says_who_it_is(signed, okta):
    service, algorithm, key, org = signed
    email = f"{algorithm.lower()}@example.com"
    token = okta.token(email)
    answer = service.authorize(token)
    assert answer.status_code == 200, answer.text
    assertion = answer.headers["X-Auth-Assertion"]
    published = service.get("/.well-known/jwks.json").json()["keys"]
    assert [set(one) & {"d"} for one in published] == [set(), set()]
    kind = OKPKey if algorithm == "EdDSA" else ECKey
    assert published[0]["kid"] == kind.import_key(published[0]).thumbprint()
    header = jwt.get_unverified_header(assertion)
    assert header == {"alg": algorithm, "kid": published[0]["kid"], "typ": "JWT"}
    claims = jwt.decode(assertion, jwt.PyJWK(published[0]).key, algorithms=[algorithm], audience="orders",
                        issuer="https://auth.example.com")
    assert claims["sub"] == answer.headers["X-Auth-User-Id"] and claims["email"] == email
    assert claims["org_id"] == str(org) and claims["org_role"] == "org_admin"
    assert claims["exp"] - claims["iat"] <= 60 and abs(claims["iat"] - time.time()) < 5


def test_an_assertion_is_used_again(signed, okta):
    service, algorithm, _, _ = signed
    token = okta.token(f"{algorithm.lower()}@example.com")
    service.authorize(token)
    # One for each thread at most.
    assert len({service.authorize(token).headers["X-Auth-Assertion"] for _ in range(20)}) <= 2


def test_assertions_are_off_without_a_key(folder, database, okta, start):
    database.settle_bootstrap()
    service = start(database.service_url, okta, VESTIBULE_UNPROVISIONED="allow")
    assert "X-Auth-Assertion" not in service.authorize(okta.token("ada@example.com")).headers
    assert service.get("/.well-known/jwks.json").json() == {"keys": []}


@pytest.mark.parametrize("text", ["nonsense", pem(Key("RS256")), pem(Key("ES384"))])
def test_another_key_is_a_configuration_error(text):
    result = vestibule("config", "check", env={"DATABASE_URL": "postgresql://u@h/d", "VESTIBULE_ASSERTION_KEY": text})
    assert result.returncode == 2 and "VESTIBULE_ASSERTION_KEY" in result.stderr and text not in result.stderr


def test_line_ends_may_be_escaped():
    text = pem(Key("EdDSA")).replace("\n", "\\n")
    result = vestibule("config", "check", env={"DATABASE_URL": "postgresql://u@h/d", "VESTIBULE_ASSERTION_KEY": text})
    assert result.returncode == 0, result.stderr


def test_keys_change_with_an_overlap(folder, database, okta, start):
    """First the new key is published behind the old one, then it signs, then the old one goes."""
    database.settle_bootstrap()
    old, new = Key("ES256"), Key("EdDSA")
    stages = [start(database.service_url, okta, VESTIBULE_UNPROVISIONED="provision", VESTIBULE_ASSERTION_KEY=keys)
              for keys in (pem(old) + pem(new), pem(new) + pem(old), pem(new))]
    database.invite(database.org("rotation"), "rotation@example.com")
    token = okta.token("rotation@example.com")
    sets = [{one["kid"]: one for one in stage.get("/.well-known/jwks.json").json()["keys"]} for stage in stages]
    assert [len(keys) for keys in sets] == [2, 2, 1]
    signed = [stage.authorize(token).headers["X-Auth-Assertion"] for stage in stages]
    kids = [jwt.get_unverified_header(one)["kid"] for one in signed]
    assert kids[0] != kids[1] == kids[2]
    # Published before it signs, and still published after it did.
    for assertion, kid, published in zip(signed, kids, (sets[:2], sets, sets)):
        for keys in published:
            claims = jwt.decode(
                assertion, jwt.PyJWK(keys[kid]).key, algorithms=["ES256", "EdDSA"], audience="internal")
            assert claims["email"] == "rotation@example.com"
