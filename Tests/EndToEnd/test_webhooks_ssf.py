"""CONTRACT section 9: POST /webhooks/ssf, Security Event Tokens signed with PyJWT's primitives and by joserfc."""

import json
import time
import uuid

import pytest
from joserfc import jws
from joserfc.jwk import RSAKey
from cryptography.hazmat.primitives import serialization

from harness.issuers import AUDIENCE, CLIENT_ID, Key, hmac_token
from harness.people import Person
from harness.programs import eventually
from harness.service import Service, problem

CAEP = "https://schemas.openid.net/secevent/caep/event-type/"
RISC = "https://schemas.openid.net/secevent/risc/event-type/"
REVOKED = CAEP + "session-revoked"


@pytest.fixture(scope="module")
def twin(folder, database, okta, clerk, service):
    twin = Service(folder, database.service_url, okta, clerk)
    yield twin
    twin.stop()


@pytest.fixture
def someone(service, database, okta):
    return Person(service, database, okta)


def claims(okta, subject: dict | None, kind: str = REVOKED, at: float | None = None, **changes) -> dict:
    event = {"event_timestamp": int((at or time.time()) * 1000), "reason_admin": {"en": "because"}}
    if subject:
        event["subject"] = subject
    claims = {"iss": okta.url, "aud": AUDIENCE, "iat": int(time.time()), "jti": uuid.uuid4().hex, "events": {kind: event}}
    return {name: value for name, value in (claims | changes).items() if value is not None}


def iss_sub(okta, person) -> dict:
    return {"format": "iss_sub", "iss": okta.url, "sub": okta.subject(person.email)}


def push(service, token: str, kind: str = "application/secevent+jwt"):
    return service.request("POST", "/webhooks/ssf", headers={"Content-Type": kind, "Accept": "application/json"},
                           content=token.encode())


def event_token(okta, *args, key=None, header=None, **more) -> str:
    return (key or okta.key).token(claims(okta, *args, **more), {"typ": "secevent+jwt"} | (header or {}))


def taken(answer):
    assert answer.status_code == 202, answer.text
    assert answer.content == b""


def refused(answer, code: str):
    """RFC 8935 section 2.3."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert set(body) == {"err", "description"} and body["err"] == code and body["description"], body
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("kind", [CAEP + "session-revoked", CAEP + "credential-change", RISC + "sessions-revoked",
                                  RISC + "credential-compromise"])
def test_the_subjects_sessions_end_everywhere(service, twin, okta, someone, kind):
    at = time.time() - 10
    before, after = (okta.token(someone.email, iat=int(at) + n) for n in (0, 2))
    assert service.authorize(before).status_code == twin.authorize(before).status_code == 200
    taken(push(service, event_token(okta, iss_sub(okta, someone), kind, at)))
    for instance in (service, twin):
        eventually(lambda: instance.authorize(before).status_code == 401, "the end of the sessions", 5)
        assert problem(instance.authorize(before)) == "token_revoked"
        assert instance.authorize(after).status_code == 200


@pytest.mark.parametrize("form", [
    lambda okta, person: {"format": "email", "email": person.email.upper()},
    lambda okta, person: {"subject_type": "iss-sub", "iss": okta.url, "sub": okta.subject(person.email)},
    lambda okta, person: {"user": {"format": "iss_sub", "iss": okta.url, "sub": okta.subject(person.email)}}],
    ids=["email", "older", "complex"])
def test_the_forms_of_a_subject(service, okta, someone, form):
    taken(push(service, event_token(okta, form(okta, someone))))
    eventually(lambda: service.authorize(someone.token).status_code == 401, "the end of the sessions", 5)


def test_the_subject_may_stand_beside_the_events(service, okta, someone):
    taken(push(service, event_token(okta, None, sub_id=iss_sub(okta, someone))))
    eventually(lambda: service.authorize(someone.token).status_code == 401, "the end of the sessions", 5)


def test_another_signer_is_understood(service, okta, someone):
    pem = okta.key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    header = {"alg": "RS256", "kid": okta.key.kid, "typ": "secevent+jwt"}
    body = claims(okta, iss_sub(okta, someone), aud=["https://elsewhere", CLIENT_ID])
    taken(push(service, jws.serialize_compact(header, json.dumps(body), RSAKey.import_key(pem))))
    eventually(lambda: service.authorize(someone.token).status_code == 401, "the end of the sessions", 5)


def test_an_account_is_disabled_and_enabled(service, okta, someone):
    subject, now = iss_sub(okta, someone), time.time()
    taken(push(service, event_token(okta, subject, RISC + "account-disabled", now - 20)))
    eventually(lambda: service.authorize(someone.token).status_code == 403, "the lock", 5)
    assert problem(service.authorize(someone.token)) == "user_deactivated"
    taken(push(service, event_token(okta, subject, RISC + "account-enabled", now - 30)))
    assert service.authorize(someone.token).status_code == 403
    taken(push(service, event_token(okta, subject, RISC + "account-enabled", now - 10)))
    eventually(lambda: service.authorize(someone.token).status_code == 200, "the way back", 5)


def test_a_token_is_done_once_and_an_older_one_changes_nothing(service, database, okta, someone):
    at = time.time() - 10
    token = event_token(okta, iss_sub(okta, someone), at=at, jti="once")
    for _ in range(3):
        taken(push(service, token))
    assert database.rows("SELECT status, attempts FROM webhook_deliveries WHERE delivery_id = %s",
                         f"once {okta.url}") == [("done", 3)]
    taken(push(service, event_token(okta, iss_sub(okta, someone), at=at - 60, jti="older")))
    assert database.one("SELECT status FROM webhook_deliveries WHERE delivery_id = %s", f"older {okta.url}") == "ignored"


def test_an_event_that_nobody_understands_is_recorded(service, database, okta):
    taken(push(service, event_token(okta, None, "https://example.com/event", jti="strange")))
    assert database.rows("SELECT status, event_type FROM webhook_deliveries WHERE delivery_id = %s",
                         f"strange {okta.url}") == [("ignored", "unknown")]


def test_a_key_that_is_new_there_is_fetched(start, fresh_database, host):
    issuer = host.issuer("okta")
    service = start(fresh_database.service_url, issuer)
    issuer.rotate()
    taken(push(service, event_token(issuer, {"format": "email", "email": "nobody@people.example"})))


class TestRefused:
    """Signed by nobody, or not meant for us: nothing is recorded."""

    @pytest.fixture(autouse=True)
    def nothing(self, database):
        count = "SELECT count(*) FROM webhook_deliveries WHERE provider = 'ssf'"
        before = database.one(count)
        yield
        assert database.one(count) == before

    def test_another_media_type(self, service, okta, someone):
        refused(push(service, event_token(okta, iss_sub(okta, someone)), "application/json"), "invalid_request")

    @pytest.mark.parametrize("body", ["", "x", "a.b.c", "a.b", "x" * 20_000])
    def test_no_token(self, service, body):
        refused(push(service, body), "invalid_request")

    def test_another_issuer(self, service, okta, host, someone):
        other = host.issuer("okta")
        refused(push(service, event_token(other, iss_sub(okta, someone))), "invalid_issuer")

    def test_another_key(self, service, okta, someone):
        forger = Key(kid=okta.key.kid)
        refused(push(service, event_token(okta, iss_sub(okta, someone), key=forger)), "authentication_failed")
        refused(push(service, event_token(okta, iss_sub(okta, someone), key=Key())), "invalid_key")
        assert service.authorize(someone.token).status_code == 200

    def test_no_signature(self, service, okta, someone):
        body = claims(okta, iss_sub(okta, someone))
        refused(push(service, hmac_token(body, b"secret", okta.key.kid)), "invalid_key")
        refused(push(service, "e30.e30."), "invalid_key")
        refused(push(service, okta.key.token(body, {"alg": "none"}).rsplit(".", 1)[0] + "."), "invalid_key")

    @pytest.mark.parametrize("audience", [None, "", [], "https://elsewhere", ["https://elsewhere"], 1])
    def test_another_audience(self, service, okta, someone, audience):
        refused(push(service, event_token(okta, iss_sub(okta, someone), aud=audience)), "invalid_audience")

    def test_the_audience_of_another_issuer(self, service, okta, clerk, database, someone):
        # Clerk has none configured, so that it can't borrow Okta's.
        body = claims(okta, iss_sub(okta, someone), iss=clerk.url)
        refused(push(service, clerk.key.token(body, {"typ": "secevent+jwt"})), "invalid_audience")

    def test_an_access_token(self, service, okta, someone):
        refused(push(service, someone.token), "invalid_request")

    def test_a_subject_of_another_issuer(self, service, okta, clerk, someone):
        subject = {"format": "iss_sub", "iss": clerk.url, "sub": okta.subject(someone.email)}
        refused(push(service, event_token(okta, subject)), "access_denied")

    @pytest.mark.parametrize("subject", [None, {}, {"format": "opaque", "id": "x"}, {"format": "iss_sub", "sub": "x"},
                                         {"format": "email", "email": "no address"}, {"format": "email"}])
    def test_a_subject_that_is_none(self, service, okta, subject):
        refused(push(service, event_token(okta, subject)), "invalid_request")

    @pytest.mark.parametrize("changes", [{"jti": None}, {"jti": ""}, {"jti": "x" * 256}, {"jti": 1}, {"events": None},
                                         {"events": {}}, {"events": []}, {"exp": 1}, {"nbf": 9_000_000_000}])
    def test_claims_that_are_none(self, service, okta, someone, changes):
        refused(push(service, event_token(okta, iss_sub(okta, someone), **changes)), "invalid_request")


def test_a_security_event_is_no_way_in(service, okta, someone):
    for typ in ("secevent+jwt", "JWT"):
        token = event_token(okta, iss_sub(okta, someone), header={"typ": typ}, sub=someone.email)
        assert service.authorize(token).status_code == 401


def test_while_the_keys_are_away_the_transmitter_is_to_try_again(start, fresh_database, host):
    issuer = host.issuer("okta")
    issuer.jwks_status = 500
    service = start(fresh_database.service_url, issuer, ready=False)
    token = event_token(issuer, {"format": "email", "email": "a@b.example"})
    answer = eventually(lambda: (a := push(service, token)).status_code == 503 and a, "the answer", 20)
    assert problem(answer) == "jwks_unavailable"
