"""CONTRACT section 3: what a token must be, each failure by its code. Tokens are made by PyJWT's primitives."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization

from harness.issuers import AUDIENCE, CLIENT_ID, OKTA, Key, b64, compact, hmac_token
from harness.programs import eventually
from harness.service import Service, problem, vestibule

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


@pytest.fixture(scope="module")
def keys(okta):
    """A published key of every algorithm, and some that must not be used."""
    keys = {algorithm: okta.publish(Key(algorithm)) for algorithm in ALGORITHMS}
    keys["weak"] = okta.publish(Key("RS256", bits=1024))
    for name, changes in {"encryption": {"use": "enc"}, "key_ops": {"use": None, "key_ops": ["sign"]},
                          "mismatch": {"alg": "RS384"}}.items():
        key = keys[name] = Key("RS256")
        okta.keys = okta.keys + [key.jwk(**changes)]
    return keys


@pytest.fixture(scope="module")
def service(folder, database, okta, clerk, keys):
    """Answers a valid token without a user, so that only the token decides."""
    database.settle_bootstrap()
    service = Service(folder, database.service_url, okta, clerk, VESTIBULE_UNPROVISIONED="allow")
    yield service
    assert service.stop() == 0, service.output()[-4000:]


def code_of(service, token: str) -> str:
    response = service.authorize(token)
    if response.status_code == 200:
        return "allowed"
    assert response.status_code == 401, response.text
    challenge = response.headers["WWW-Authenticate"]
    code = problem(response)
    # RFC 6750 section 3.1: whoever sent nothing is told of no error.
    assert challenge.startswith("Bearer realm=" if code == "token_missing" else 'Bearer error="invalid_token", '), challenge
    return code


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_is_accepted(service, okta, keys, algorithm):
    claims = okta.claims("ada@example.com")
    assert code_of(service, keys[algorithm].token(claims)) == "allowed"
    token = keys[algorithm].token(claims)
    altered = token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")
    assert code_of(service, altered) in ("token_signature_invalid", "token_malformed")
    other = okta.key.token(claims).rsplit(".", 1)[1]
    assert code_of(service, token.rsplit(".", 1)[0] + "." + other) == "token_signature_invalid"


def flipped(token: str) -> str:
    """Another token with the same signature: one claim differs."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{b64(compact(claims | {'scp': ['admin']}))}.{signature}"


def unused_bits(token: str) -> str:
    """The same bytes spelled otherwise: the last letter's unused bits are set. 256 bytes leave four such bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


MALFORMED = {
    "empty parts": lambda t: "..",
    "one part": lambda t: t.split(".")[0],
    "two parts": lambda t: t.rsplit(".", 1)[0],
    "four parts": lambda t: t + ".x",
    "empty signature": lambda t: t.rsplit(".", 1)[0] + ".",
    "padding": lambda t: t + "==",
    "standard alphabet": lambda t: t[:-2] + "+/",
    "unused bits": unused_bits,
    "not base64url": lambda t: t.replace(".", ".!", 1),
    "over 16 KiB": lambda t: t + "A" * (16 * 1024),
    "opaque": lambda t: "ak_live_0123456789",
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
def test_malformed(service, okta, change):
    assert code_of(service, change(okta.token("ada@example.com"))) == "token_malformed"


@pytest.mark.parametrize("signature", ["", "AAAA"])
@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", None])
def test_an_unsecured_token_is_refused_for_its_algorithm(service, okta, algorithm, signature):
    """Libraries write the token of `none` with nothing behind its second dot."""
    head = {"typ": "JWT"} | ({"alg": algorithm} if algorithm else {})
    body = b64(compact(okta.claims("ada@example.com")))
    assert code_of(service, f"{b64(compact(head))}.{body}.{signature}") == "token_algorithm_rejected"


def padded(okta, fits) -> tuple:
    """The longest token for which `fits`, or the shortest for which it does not, by the length of a claim."""
    low, high = 0, 16384
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(okta.token("ada@example.com", pad="x" * middle)) else (low, middle)
    return okta.token("ada@example.com", pad="x" * low), okta.token("ada@example.com", pad="x" * high)


def test_a_token_of_16_KiB_passes_and_a_longer_one_does_not(service, okta):
    longest, too_long = padded(okta, lambda token: len(token) <= 16384)
    assert 16382 <= len(longest) <= 16384 < len(too_long) <= 16386
    assert code_of(service, longest) == "allowed"
    assert code_of(service, too_long) == "token_malformed"


def with_head(text: str):
    return lambda okta: okta.key.token_of_bytes(text.replace("KID", okta.key.kid).encode(),
                                                compact(okta.claims("ada@example.com")))


def with_body(text: str):
    def make(okta):
        claims = compact(okta.claims("ada@example.com")).decode()
        return okta.key.token(text.replace("CLAIMS", claims[1:-1]).encode())
    return make


BAD_PARTS = {
    "header no JSON": with_head("not json"),
    "header an array": with_head('["alg"]'),
    "header with trailing bytes": with_head('{"alg":"RS256","kid":"KID"} x'),
    "alg twice": with_head('{"alg":"RS256","alg":"RS256","kid":"KID"}'),
    "alg twice by escape": with_head('{"alg":"RS256","\\u0061lg":"none","kid":"KID"}'),
    "kid a number": with_head('{"alg":"RS256","kid":7}'),
    "crit unknown": with_head('{"alg":"RS256","kid":"KID","crit":["b64"],"b64":true}'),
    "crit empty": with_head('{"alg":"RS256","kid":"KID","crit":[]}'),
    "typ another": with_head('{"alg":"RS256","kid":"KID","typ":"secevent+jwt"}'),
    "claims no JSON": with_body("not json"),
    "claims an array": with_body("[1]"),
    "claims twice": with_body('{CLAIMS,"sub":"eve@example.com"}'),
    "claims twice by escape": with_body('{CLAIMS,"\\u0073ub":"eve@example.com"}'),
    "claims not UTF-8": lambda okta: okta.key.token(
        compact(okta.claims("ada@example.com"))[:-1] + b',"x":"\xff"}'),
    "lone surrogate": with_body('{CLAIMS,"x":"\\ud800"}'),
    "claims too deep": with_body('{CLAIMS,"x":' + "[" * 100 + "]" * 100 + "}"),
}


@pytest.mark.parametrize("make", BAD_PARTS.values(), ids=BAD_PARTS)
def test_bad_header_or_claims(service, okta, make):
    assert code_of(service, make(okta)) == "token_malformed"


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "at+jwt", "AT+JWT"])
def test_accepted_types(service, okta, typ):
    assert code_of(service, okta.token("ada@example.com", {"typ": typ})) == "allowed"


@pytest.mark.parametrize("name", ["jku", "jwk", "x5u", "x5c"])
def test_keys_named_by_the_token_are_ignored(service, okta, name):
    """Signed by a stranger's key that the header brings along; and well signed, the member does no harm."""
    stranger = Key("RS256", kid=okta.key.kid)
    value = {"jwk": stranger.jwk(), "x5c": ["AAAA"]}.get(name, "https://evil.example/keys")
    assert code_of(service, stranger.token(okta.claims("eve@example.com"), {name: value})) == "token_signature_invalid"
    assert code_of(service, okta.token("ada@example.com", {name: value})) == "allowed"


def public_pem(key: Key) -> bytes:
    return key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


ALGORITHM_ATTACKS = {
    "none": lambda okta, keys: f"{b64(compact({'alg': 'none', 'kid': okta.key.kid}))}."
                               f"{b64(compact(okta.claims('eve@example.com')))}." + b64(b"x"),
    "None": lambda okta, keys: f"{b64(compact({'alg': 'None', 'kid': okta.key.kid}))}."
                               f"{b64(compact(okta.claims('eve@example.com')))}." + b64(b"x"),
    "HMAC with the public PEM": lambda okta, keys: hmac_token(
        okta.claims("eve@example.com"), public_pem(okta.key), okta.key.kid),
    "lower case": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), {"alg": "rs256"}),
    "RS key under ES name": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), {"alg": "ES256"}),
    "ES key under RS name": lambda okta, keys: keys["ES256"].token(okta.claims("ada@example.com"), {"alg": "RS256"}),
    "another curve": lambda okta, keys: keys["ES256"].token(okta.claims("ada@example.com"), {"alg": "ES384"}),
    "another than the JWK's alg": lambda okta, keys: keys["mismatch"].token(okta.claims("ada@example.com")),
    "PS by an RS key": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), algorithm="PS256"),
    "weak key": lambda okta, keys: keys["weak"].token(okta.claims("ada@example.com")),
    "key for encryption": lambda okta, keys: keys["encryption"].token(okta.claims("ada@example.com")),
    "key_ops without verify": lambda okta, keys: keys["key_ops"].token(okta.claims("ada@example.com")),
    "missing": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), {"alg": None}),
    "a number": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), {"alg": 256}),
    "unknown": lambda okta, keys: okta.key.token(okta.claims("ada@example.com"), {"alg": "RS1"}),
}


@pytest.mark.parametrize("make", ALGORITHM_ATTACKS.values(), ids=ALGORITHM_ATTACKS)
def test_algorithm_rejected(service, okta, keys, make):
    assert code_of(service, make(okta, keys)) == "token_algorithm_rejected"


def test_altered_claims(service, okta):
    assert code_of(service, flipped(okta.token("ada@example.com"))) == "token_signature_invalid"


def test_ES256_in_DER_is_no_signature(service, okta, keys):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    key = keys["ES256"]
    message = key.token(okta.claims("ada@example.com")).rsplit(".", 1)[0]
    der = key.private.sign(message.encode(), ec.ECDSA(hashes.SHA256()))
    assert code_of(service, f"{message}.{b64(der)}") in ("token_signature_invalid", "token_malformed")
    assert code_of(service, f"{message}.{b64(bytes(64))}") == "token_signature_invalid"


def now() -> int:
    return int(time.time())


CLAIM_CASES = {
    "exp long past": ({"exp": lambda: now() - 3600}, "token_expired"),
    "exp past the leeway": ({"exp": lambda: now() - 65}, "token_expired"),
    "exp within the leeway": ({"exp": lambda: now() - 50}, "allowed"),
    "exp fractional": ({"exp": lambda: now() + 100.5}, "allowed"),
    "exp in exponent form": ({"exp": lambda: 4e9}, "allowed"),
    "exp missing": ({"exp": None}, "token_claims_invalid"),
    "exp a text": ({"exp": lambda: str(now() + 60)}, "token_claims_invalid"),
    "exp negative": ({"exp": lambda: -1}, ("token_expired", "token_claims_invalid")),
    "exp zero": ({"exp": lambda: 0}, "token_expired"),
    "nbf ahead": ({"nbf": lambda: now() + 120}, "token_not_yet_valid"),
    "nbf within the leeway": ({"nbf": lambda: now() + 50}, "allowed"),
    "nbf a text": ({"nbf": lambda: "soon"}, "token_claims_invalid"),
    "iat ahead": ({"iat": lambda: now() + 120}, "token_not_yet_valid"),
    "iat within the leeway": ({"iat": lambda: now() + 50}, "allowed"),
    "iat a boolean": ({"iat": lambda: True}, "token_claims_invalid"),
    "sub missing": ({"sub": None}, "token_claims_invalid"),
    "sub empty": ({"sub": lambda: ""}, "token_claims_invalid"),
    "sub a number": ({"sub": lambda: 7}, "token_claims_invalid"),
    "aud another": ({"aud": lambda: "api://other"}, "token_audience_mismatch"),
    "aud missing": ({"aud": None}, "token_audience_mismatch"),
    "aud list with ours": ({"aud": lambda: ["api://other", AUDIENCE]}, "allowed"),
    "aud list without ours": ({"aud": lambda: ["api://other"]}, "token_audience_mismatch"),
    "aud list empty": ({"aud": lambda: []}, "token_audience_mismatch"),
    "aud ours as a part": ({"aud": lambda: AUDIENCE + "x"}, "token_audience_mismatch"),
    "aud in another case": ({"aud": lambda: AUDIENCE.upper()}, "token_audience_mismatch"),
    "aud a number": ({"aud": lambda: 7}, ("token_claims_invalid", "token_audience_mismatch")),
    "cid another": ({"cid": lambda: "0oaother"}, "token_audience_mismatch"),
    "iss another": ({"iss": lambda: "https://evil.example"}, "token_issuer_unknown"),
    "iss missing": ({"iss": None}, ("token_issuer_unknown", "token_claims_invalid")),
    "iss a list": ({"iss": lambda: ["x"]}, ("token_issuer_unknown", "token_claims_invalid")),
}


@pytest.mark.parametrize("changes, expected", CLAIM_CASES.values(), ids=CLAIM_CASES)
def test_claims(service, okta, changes, expected):
    token = okta.token("ada@example.com", **{
        name: value() if value is not None else None for name, value in changes.items()})
    assert code_of(service, token) in (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize("change", [lambda u: u + "/", lambda u: u.upper(), lambda u: u.replace("127.0.0.1", "localhost"),
                                    lambda u: u.rsplit("/", 1)[0], lambda u: u + "\x00", lambda u: " " + u])
def test_the_issuer_is_compared_exactly(service, okta, change):
    assert code_of(service, okta.token("ada@example.com", iss=change(okta.url))) == "token_issuer_unknown"


def test_keys_of_one_issuer_do_not_serve_another(service, okta, clerk):
    """Clerk's key with Okta's claims: the kid is not in Okta's set; and with Okta's kid, the signature is wrong."""
    claims = okta.claims("ada@example.com")
    assert code_of(service, clerk.key.token(claims)) == "token_key_unknown"
    assert code_of(service, clerk.key.token(claims, {"kid": okta.key.kid})) == "token_signature_invalid"


def test_an_unknown_kid(service, okta):
    assert code_of(service, okta.token("ada@example.com", {"kid": "nobody"})) == "token_key_unknown"
    odd = "../../etc/passwd'; DROP TABLE profiles;--"
    assert code_of(service, okta.token("ada@example.com", {"kid": odd})) == "token_key_unknown"


def test_no_kid_is_accepted_only_where_one_key_fits(service, okta, clerk, keys):
    assert code_of(service, okta.key.token(okta.claims("ada@example.com"), {"kid": None})) == "token_key_unknown"
    assert code_of(service, keys["EdDSA"].token(okta.claims("ada@example.com"), {"kid": None})) == "allowed"
    assert code_of(service, clerk.key.token(clerk.claims("ada@example.com"), {"kid": None})) == "allowed"


def test_okta_ID_tokens_are_a_class_of_their_own(service, okta):
    assert code_of(service, okta.id_token("ada@example.com")) == "allowed"
    assert code_of(service, okta.id_token("ada@example.com", aud="0oaother")) == "token_audience_mismatch"
    # Each class is held against its own audience: an ID token for the API's audience is none of ours.
    assert code_of(service, okta.id_token("ada@example.com", aud=AUDIENCE)) == "token_audience_mismatch"
    assert code_of(service, okta.token("ada@example.com", aud=CLIENT_ID)) == "token_audience_mismatch"


def test_both_okta_classes_are_one_subject(service, okta):
    access = service.authorize(okta.token("ada@example.com"))
    identity = service.authorize(okta.id_token("ada@example.com"))
    assert access.headers["X-Auth-Subject"] == identity.headers["X-Auth-Subject"] == okta.subject("ada@example.com")


CLERK_CASES = {
    "v1 with an org": ({"org_id": "org_1", "org_role": "org:admin", "org_slug": "acme"}, None, "allowed"),
    "v2 with an org": ({"v": 2, "sts": "active", "fea": "o:dash", "o": {
        "id": "org_1", "slg": "acme", "rol": "admin", "per": "manage,read", "fpm": "3"}}, None, "allowed"),
    "azp another": ({"azp": "https://evil.example"}, None, "token_audience_mismatch"),
    "azp missing": ({"azp": None}, None, "token_audience_mismatch"),
    "pending": ({"v": 2, "sts": "pending"}, None, "token_claims_invalid"),
    "no session": ({"sid": None}, None, "token_claims_invalid"),
    "machine": ({"sub": "mch_1"}, None, "token_claims_invalid"),
    "oauth": ({}, {"typ": "at+jwt"}, ("token_claims_invalid", "token_malformed")),
    "unknown header members": ({}, {"cat": "cl_B7d4PD111AAA", "oiat": 1}, "allowed"),
}


@pytest.mark.parametrize("changes, header, expected", CLERK_CASES.values(), ids=CLERK_CASES)
def test_clerk(service, clerk, changes, header, expected):
    found = code_of(service, clerk.token("ada@example.com", header, **changes))
    assert found in (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize("fields, status, code", [
    ([], 401, "token_missing"),
    ([("Authorization", "")], 401, ("token_missing", "token_malformed")),
    ([("Authorization", "Basic dTpw")], 401, ("token_missing", "token_malformed")),
    ([("Authorization", "Bearer")], 401, ("token_missing", "token_malformed")),
    ([("Authorization", "Bearer a b")], 401, "token_malformed"),
])
def test_where_the_token_is_missing(service, fields, status, code):
    response = service.get("/authorize/nginx", headers=fields)
    assert response.status_code == status
    assert problem(response) in (code if isinstance(code, tuple) else (code,))


def test_a_token_in_the_query_or_the_body_is_not_taken(service, okta):
    """RFC 9700 section 4.3.2: addresses stay in logs and histories."""
    token = okta.token("ada@example.com")
    for path in ("/profiles/me", "/authorize/nginx", "/orgs"):
        for name in ("access_token", "token", "id_token", "bearer"):
            response = service.get(f"{path}?{name}={token}", headers={
                "X-Original-Method": "GET", "X-Original-URI": f"/x?{name}={token}"})
            assert (response.status_code, problem(response)) == (401, "token_missing"), (path, name)
    form = service.request("POST", "/identities/provision", content=f"access_token={token}",
                           headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert form.status_code in (401, 415)
    body = service.request("POST", "/identities/provision", json={"access_token": token})
    assert (body.status_code, problem(body)) == (401, "token_missing")


@pytest.mark.parametrize("bound", [
    {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}, {"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"},
    {}, None], ids=["DPoP", "mTLS", "something", "null"])
def test_a_token_bound_to_its_sender_is_no_bearer_token(service, okta, bound):
    """Whoever stole it could not use it where it was meant to be used; here they could, so nobody can."""
    token = okta.key.token(okta.claims("ada@example.com") | {"cnf": bound})
    assert code_of(service, token) == "token_claims_invalid"
    assert "cnf" in service.authorize(token).json()["error"]


def test_the_scheme_has_no_case(service, okta):
    for scheme in ("bearer", "BEARER"):
        response = service.get("/authorize/nginx", headers={"Authorization": f"{scheme} {okta.token('ada@example.com')}"})
        assert response.status_code == 200


def test_several_authorizations_are_refused(service, okta):
    token = okta.token("ada@example.com")
    twice = service.get("/authorize/nginx", headers=[("Authorization", f"Bearer {token}")] * 2)
    assert twice.status_code == 400
    joined = service.get("/authorize/nginx", headers={"Authorization": f"Bearer {token}, Bearer {token}"})
    assert joined.status_code == 400 and problem(joined) == "bad_request"
    # Whatever stands before the comma.
    hidden = service.get("/authorize/nginx", headers={"Authorization": f"Basic dTpw, Bearer {token}"})
    assert hidden.status_code == 400 and problem(hidden) == "bad_request"


def test_the_clerk_cookie(service, clerk, okta):
    good = clerk.token("ada@example.com")
    assert service.get("/authorize/nginx", headers={"Cookie": f"a=b; __session={good}; c=d"}).status_code == 200
    bad = service.get("/authorize/nginx", headers={"Cookie": "__session=x"})
    assert bad.status_code == 401
    # Authorization goes before the cookie.
    both = service.get("/authorize/nginx", "broken", headers={"Cookie": f"__session={good}"})
    assert both.status_code == 401
    # A header of another scheme is no token of ours.
    other = service.get("/authorize/nginx", headers={"Authorization": "Basic dTpw", "Cookie": f"__session={good}"})
    assert other.status_code == 200
    assert service.get("/authorize/nginx", headers={"Cookie": f"next-auth.session-token={good}"}).status_code == 401


def test_rotation_is_noticed_by_the_unknown_kid(host, start, fresh_database):
    issuer = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, issuer, VESTIBULE_UNPROVISIONED="allow")
    assert code_of(service, issuer.token("ada@example.com")) == "allowed"
    before = issuer.jwks_fetches
    assert 1 <= before <= 2
    old = issuer.token("ada@example.com")
    issuer.rotate(keep=True)
    # The first refetch is free: the fetch at start does not count.
    assert code_of(service, issuer.token("ada@example.com")) == "allowed"
    assert code_of(service, old) == "allowed"
    assert issuer.jwks_fetches == before + 1
    # Many unknown kids within thirty seconds: no fetch more.
    with ThreadPoolExecutor(16) as pool:
        codes = set(pool.map(
            lambda number: code_of(service, issuer.token("ada@example.com", {"kid": f"unknown{number}"})),
            range(64)))
    assert codes == {"token_key_unknown"}
    assert issuer.jwks_fetches == before + 1


def test_a_flood_of_unknown_kids_is_one_fetch(host, start, fresh_database):
    issuer = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, issuer, VESTIBULE_UNPROVISIONED="allow")
    before = issuer.jwks_fetches
    issuer.rotate(keep=True)
    issuer.jwks_delay = 0.3
    tokens = [issuer.token(f"user{number}@example.com") for number in range(40)]
    with ThreadPoolExecutor(40) as pool:
        codes = list(pool.map(lambda token: code_of(service, token), tokens))
    assert set(codes) == {"allowed"}
    assert issuer.jwks_fetches == before + 1


def test_keys_that_cannot_be_had_are_our_outage(host, start, fresh_database):
    """No keys ever seen: 503 with Retry-After, never 401; and it mends itself."""
    issuer = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    issuer.jwks_status = 503
    service = start(fresh_database.service_url, issuer, ready=False, VESTIBULE_UNPROVISIONED="allow")
    token = issuer.token("ada@example.com")
    eventually(lambda: issuer.jwks_fetches > 0, "a first fetch")
    response = service.authorize(token)
    assert response.status_code == 503 and problem(response) == "jwks_unavailable"
    assert service.get("/readyz").status_code == 503
    issuer.jwks_status = 200
    eventually(lambda: service.authorize(token).status_code == 200, "recovery", 60)
    assert service.get("/readyz").status_code == 200
    # Keys that are known are served while the issuer is away.
    issuer.jwks_status = 503
    assert code_of(service, issuer.token("eve@example.com")) == "allowed"


def test_a_key_set_in_a_file_serves_until_the_issuer_answers(host, start, fresh_database, folder):
    issuer = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    file = folder / "okta-keys.json"
    file.write_text(json.dumps({"keys": [issuer.key.jwk()]}))
    issuer.jwks_status = 503
    service = start(fresh_database.service_url, issuer, OKTA_JWKS_FILE=file, VESTIBULE_UNPROVISIONED="allow")
    assert code_of(service, issuer.token("ada@example.com")) == "allowed"
    # What the issuer publishes goes before the file as soon as it can be had.
    old = issuer.token("ada@example.com")
    issuer.rotate(keep=False)
    issuer.jwks_status = 200
    eventually(lambda: code_of(service, issuer.token("ada@example.com")) == "allowed", "the issuer's own keys", 60)
    assert code_of(service, old) == "token_key_unknown"


@pytest.mark.parametrize("text, part", [(None, "can't be read"), ("{}", "keys"), ('{"keys": []}', "empty")])
def test_a_bad_key_set_file_stops_the_start(folder, text, part):
    file = folder / f"keys-{part[:4]}.json"
    if text is not None:
        file.write_text(text)
    done = vestibule("config", "check", env={"OKTA_ISSUER": "https://a.example", "OKTA_JWKS_FILE": str(file)})
    assert done.returncode == 2
    assert "OKTA_JWKS_FILE" in done.stderr and str(file) in done.stderr and part in done.stderr, done.stderr


def test_a_token_remembered_still_expires(service, okta):
    """A cache hit looks at the time again."""
    token = okta.token("ada@example.com", exp=now() - 58)
    assert code_of(service, token) == "allowed"
    eventually(lambda: code_of(service, token) == "token_expired", "expiry of a remembered token", 10)


def test_no_token_is_logged(service, okta):
    token = okta.token("secretive.person@example.com")
    service.authorize(token)
    service.authorize(flipped(token))
    service.authorize("x" * 100)
    log = service.output()
    for part in token.split("."):
        assert part not in log
    assert "secretive.person" not in log


def test_answers_hold_no_token(service, okta):
    token = flipped(okta.token("ada@example.com"))
    response = service.authorize(token)
    for part in token.split("."):
        assert part not in response.text
        assert all(part not in value for value in response.headers.values())
