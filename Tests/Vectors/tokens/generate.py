#!/usr/bin/env python3
"""Writes attacks.json (tokens and what must come of them) and jwks.json (keys and what must come of them).

Needs PyJWT, joserfc and cryptography; their verdicts are written beside ours as a second opinion. The keys are for tests
only; they are kept in keys.json so that a new run changes as little as possible (ECDSA and PSS signatures are random).

    python3 -m venv .venv && .venv/bin/pip install pyjwt joserfc cryptography
    .venv/bin/python Tests/Vectors/tokens/generate.py
"""
import base64, datetime, hashlib, hmac, json, pathlib, re, sys, warnings

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent
NOW = 1_750_000_000
SKEW = 60
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
ORDERS = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    "P-521": 0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
}
ED_ORDER = 2**252 + 27742317777372353535851937790883648493


def b64(data):
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def num(n, length=None):
    return n.to_bytes(length or (n.bit_length() + 7) // 8 or 1, "big")


# ---- keys -------------------------------------------------------------------------------------------------------------

def load_keys():
    file = HERE / "keys.json"
    kept = json.loads(file.read_text()) if file.exists() else {}

    def key(name, make):
        if name not in kept:
            kept[name] = make().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        return serialization.load_pem_private_key(kept[name].encode(), None, unsafe_skip_rsa_key_validation=True)

    keys = {}
    for name in ["rsa", "rsa2", "rsa-other", "attacker-rsa", "clerk-rsa", "oidc-rsa"]:
        keys[name] = key(name, lambda: rsa.generate_private_key(65537, 2048))
    keys["rsa-e3"] = key("rsa-e3", lambda: rsa.generate_private_key(3, 2048))
    keys["rsa1024"] = key("rsa1024", lambda: rsa.generate_private_key(65537, 1024))
    for curve, obj in CURVES.items():
        keys[curve] = key(curve, lambda: ec.generate_private_key(obj))
    keys["attacker-ec"] = key("attacker-ec", lambda: ec.generate_private_key(CURVES["P-256"]))
    keys["ed"] = key("ed", ed25519.Ed25519PrivateKey.generate)
    file.write_text(json.dumps(kept, indent=1) + "\n")
    return keys


KEYS = load_keys()


def jwk(name, **extra):
    public = KEYS[name].public_key()
    if isinstance(public, rsa.RSAPublicKey):
        n = public.public_numbers()
        out = {"kty": "RSA", "n": b64(num(n.n)), "e": b64(num(n.e))}
    elif isinstance(public, ec.EllipticCurvePublicKey):
        n = public.public_numbers()
        size = (public.key_size + 7) // 8
        crv = {256: "P-256", 384: "P-384", 521: "P-521"}[public.key_size]
        out = {"kty": "EC", "crv": crv, "x": b64(num(n.x, size)), "y": b64(num(n.y, size))}
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        out = {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
    return {**out, **extra}


def pem(name):
    return KEYS[name].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def sign(alg, key, data):
    if isinstance(data, str):
        data = data.encode()
    private = KEYS[key]
    if alg == "EdDSA":
        return private.sign(data)
    digest = HASHES[alg[2:]]
    if alg.startswith("RS"):
        return private.sign(data, padding.PKCS1v15(), digest)
    if alg.startswith("PS"):
        return private.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest)))
    size = (private.key_size + 7) // 8
    return num(r, size) + num(s, size)


# ---- issuers ----------------------------------------------------------------------------------------------------------

OKTA = "https://acme.okta.com/oauth2/default"
ORG = "https://acme.okta.com"
CLERK = "https://clerk.acme.com"
OIDC = "https://idp.acme.com/realm"
PINNED = "https://pinned.acme.com"
FORMER = "https://former.acme.com/oauth2/default"
ENDED = "https://ended.acme.com/oauth2/default"
EMPTY = "https://empty.acme.com/oauth2/default"
SINGLE = "https://single.acme.com/oauth2/default"
KASSE = "https://idp.acme.com/Kasse"
KASSE_OKTA = "https://idp.acme.com/Kasse/okta"
KASSE_CLERK = "https://idp.acme.com/Kasse/clerk"

P256X, P256Y = KEYS["P-256"].public_key().public_numbers().x, KEYS["P-256"].public_key().public_numbers().y
OKTA_KEYS = [
    jwk("rsa", kid="r1", use="sig"),
    jwk("rsa2", kid="r2", use="sig", alg="PS256", key_ops=["verify"]),
    jwk("rsa-other", kid="rs256", alg="RS256"),
    jwk("rsa-e3", kid="e3"),
    jwk("P-256", kid="e256", use="sig"),
    jwk("P-384", kid="e384"),
    jwk("P-521", kid="e521"),
    jwk("ed", kid="ed", use="sig", alg="EdDSA"),
    jwk("rsa", kid="k" * 256),
    jwk("rsa", kid="twin"), jwk("P-256", kid="twin"), jwk("rsa2", kid="twin"),
    # keys that can't be used; tokens that name them are refused for that
    jwk("rsa1024", kid="weak"),
    jwk("rsa", kid="enc", use="enc"),
    jwk("rsa", kid="ops", key_ops=["encrypt", "wrapKey"]),
    jwk("rsa", kid="oaep", alg="RSA-OAEP"),
    jwk("rsa", kid="hs", alg="HS256"),
    jwk("P-256", kid="mixed", alg="ES384"),
    {**jwk("P-256", kid="off"), "y": b64(num(P256Y ^ 1, 32))},
    {"kty": "oct", "kid": "oct", "k": b64(b"x" * 32)},
    {"kty": "OKP", "crv": "X25519", "kid": "x25519", "x": b64(b"\x09" + b"\0" * 31)},
    {"kty": "EC", "crv": "secp256k1", "kid": "k1", "x": b64(b"\1" * 32), "y": b64(b"\2" * 32)},
    {"kty": "OKP", "crv": "Ed25519", "kid": "small", "x": b64(b"\1" + b"\0" * 31)},
]
ISSUERS = [
    {"provider": "okta", "issuer": OKTA, "audiences": ["api://default"], "client_id": "0oaclient", "keys": OKTA_KEYS},
    {"provider": "okta", "issuer": ORG, "client_id": "0oaclient", "keys": [jwk("rsa", kid="org1")]},
    {"provider": "clerk", "issuer": CLERK, "authorized_parties": ["https://app.acme.com", "https://admin.acme.com"],
     "keys": [jwk("clerk-rsa", kid="ins_1", use="sig", alg="RS256")]},
    {"provider": "oidc", "issuer": OIDC, "audiences": ["vestibule"], "client_id": "web",
     "keys": [jwk("oidc-rsa", kid="o1"), jwk("P-256", kid="o2")]},
    {"provider": "oidc", "issuer": PINNED, "audiences": ["vestibule"], "algorithms": ["ES256"],
     "keys": [jwk("oidc-rsa", kid="o1"), jwk("P-256", kid="o2")]},
    {"provider": "okta", "issuer": FORMER, "audiences": ["api://default"], "accepted_until": NOW + 1,
     "keys": [jwk("rsa", kid="r1")]},
    {"provider": "okta", "issuer": ENDED, "audiences": ["api://default"], "accepted_until": NOW,
     "keys": [jwk("rsa", kid="r1")]},
    {"provider": "okta", "issuer": EMPTY, "audiences": ["api://default"], "keys": None},
    # names that Unicode has a second spelling of
    {"provider": "oidc", "issuer": KASSE, "audiences": ["api://Kasse", "caf\u00e9"], "client_id": "K1",
     "keys": [jwk("oidc-rsa", kid="K1"), jwk("P-256", kid="caf\u00e9")]},
    {"provider": "okta", "issuer": KASSE_OKTA, "audiences": ["api://default"], "client_id": "K1", "keys": [jwk("rsa", kid="r1")]},
    {"provider": "clerk", "issuer": KASSE_CLERK, "authorized_parties": ["https://Kasse.acme.com"],
     "keys": [jwk("clerk-rsa", kid="ins_1")]},
    {"provider": "okta", "issuer": SINGLE, "keys": [jwk("rsa"), jwk("P-256", kid="named")]},
]

# ---- making tokens ------------------------------------------------------------------------------------------------------

GONE = object()


def change(base, changes):
    out = dict(base)
    for name, value in changes.items():
        if value is GONE:
            out.pop(name, None)
        else:
            out[name] = value
    return out


def access(**changes):
    return change({
        "ver": 1, "jti": "AT.0123456789abcdef", "iss": OKTA, "aud": "api://default", "iat": NOW - 10, "exp": NOW + 3600,
        "cid": "0oaclient", "uid": "00u1abcdefGHIJKLM1d7", "scp": ["openid", "email"], "auth_time": NOW - 100,
        "sub": "jane@acme.com"}, changes)


def ident(**changes):
    return change({
        "ver": 1, "jti": "ID.0123456789abcdef", "iss": OKTA, "aud": "0oaclient", "iat": NOW - 10, "exp": NOW + 3600,
        "amr": ["pwd", "mfa"], "sub": "00u1abcdefGHIJKLM1d7", "email": "jane@acme.com", "email_verified": True}, changes)


def clerk1(**changes):
    return change({
        "azp": "https://app.acme.com", "exp": NOW + 60, "iat": NOW, "nbf": NOW - 5, "iss": CLERK, "fva": [5, -1],
        "sid": "sess_1", "sub": "user_1", "org_id": "org_1", "org_slug": "acme", "org_role": "org:admin",
        "org_permissions": ["org:dash:read"]}, changes)


def clerk2(**changes):
    return change({
        "v": 2, "jti": "abc", "sts": "active", "pla": "o:pro", "fea": "u:mail,o:dash,o:teams",
        "o": {"id": "org_1", "slg": "acme", "rol": "admin", "per": "manage,read", "fpm": "3,2"},
        "azp": "https://app.acme.com", "exp": NOW + 60, "iat": NOW, "nbf": NOW - 5, "iss": CLERK, "fva": [5, 7],
        "sid": "sess_1", "sub": "user_1"}, changes)


def oidc(**changes):
    return change({
        "iss": OIDC, "aud": "vestibule", "iat": NOW, "exp": NOW + 300, "sub": "s-1", "scope": "openid profile"}, changes)


def event(**changes):
    return change({
        "iss": OKTA, "aud": "https://vestibule.acme.com", "iat": NOW, "jti": "e1",
        "events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked": {
            "subject": {"format": "iss_sub", "iss": OKTA, "sub": "00u1"}, "event_timestamp": NOW * 1000}}}, changes)


def text(value):
    return value if isinstance(value, (str, bytes)) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def token(claims=None, alg="RS256", key="rsa", kid="r1", header=None, signature=None, **more):
    """A token; header and claims may be objects or the very text."""
    if header is None:
        header = {"alg": alg, **({"kid": kid} if kid is not None else {}), **more}
    signed = b64(text(header)) + "." + b64(text(access() if claims is None else claims))
    if signature is None:
        signature = sign(alg, key, signed)
    if callable(signature):
        signature = signature(signed.encode())
    return signed + "." + b64(signature)


CASES = []


def case(group, name, tok, expect, **more):
    """`expect` is `accept`, the check that must fail, `key_unknown` or `keys_missing`."""
    assert not any(c["group"] == group and c["name"] == name for c in CASES), (group, name)
    CASES.append({"group": group, "name": name, "token": tok, "expect": expect, **more})


def hs(alg, secret):
    digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}[alg]
    return lambda signed: hmac.new(secret, signed, digest).digest()


def accepted():
    g = "accepted"
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]:
        case(g, alg, token(alg=alg), "accept", subject="00u1abcdefGHIJKLM1d7", token_class="access")
    for alg, crv, kid in [("ES256", "P-256", "e256"), ("ES384", "P-384", "e384"), ("ES512", "P-521", "e521")]:
        case(g, alg, token(alg=alg, key=crv, kid=kid), "accept")
    case(g, "EdDSA", token(alg="EdDSA", key="ed", kid="ed"), "accept")
    case(g, "PS256 with a key bound to it", token(alg="PS256", key="rsa2", kid="r2"), "accept")
    case(g, "RS256 with a key bound to it", token(key="rsa-other", kid="rs256"), "accept")
    case(g, "RSA exponent 3", token(key="rsa-e3", kid="e3"), "accept")
    for alg, key in [("RS256", "rsa"), ("RS256", "rsa2"), ("ES256", "P-256")]:
        case(g, f"kid of three keys, {alg} {key}", token(alg=alg, key=key, kid="twin"), "accept")
    case(g, "the only fitting key without kid", token(access(iss=SINGLE), kid=None), "accept")
    case(g, "unknown header members", token(cat="cl_B7d4PD111AAA", oiat=NOW, cty="x", x="y"), "accept")
    case(g, "white space around the header's JSON", token(header=' {"alg" : "RS256" ,\n"kid":"r1"}\t'), "accept")
    case(g, "escapes in the header's names", token(header='{"\\u0061lg":"RS\\u0032\\u0035\\u0036","kid":"r1"}'), "accept")
    case(g, "ECDSA with the other s is mathematically the same signature",
         token(alg="ES256", key="P-256", kid="e256", signature=high_s), "accept")


def high_s(signed):
    raw = sign("ES256", "P-256", signed)
    s = int.from_bytes(raw[32:], "big")
    return raw[:32] + num(ORDERS["P-256"] - s, 32)


def shape():
    g = "shape"
    good = token()
    h, p, s = good.split(".")
    for name, tok in {
        "empty": "", "one dot": ".", "two dots": "..", "three dots": "...", "no dot": h + p + s, "one part": h,
        "two parts": h + "." + p, "four parts": good + "." + s, "five parts (JWE)": good + "." + s + "." + s,
        "empty header": "." + p + "." + s, "empty payload": h + ".." + s, "empty signature": h + "." + p + ".",
        "leading dot": "." + good, "trailing dot": good + ".", "dot in the middle of the signature": good[:-9] + "." + good[-9:],
        "flattened JSON serialization": json.dumps({"protected": h, "payload": p, "signature": s}),
        "general JSON serialization": json.dumps({"payload": p, "signatures": [{"protected": h, "signature": s}]}),
        "a word": "token", "a UUID": "123e4567-e89b-12d3-a456-426614174000", "an opaque Clerk token": "oat_0ef1e4",
    }.items():
        case(g, name, tok, "parts")
    forged = b64(json.dumps(access(sub="admin")))
    case(g, "JSON mixed with compact (CVE-2022-39227)",
         '{"  ' + h + "." + forged + "." + s + '":"","protected":"' + h + '", "payload":"' + p + '","signature":"' + s + '"}',
         "encoding")
    for part in range(3):
        name = ["header", "payload", "signature"][part]
        for what, change_ in {
            "padding": lambda x: x + "=", "double padding": lambda x: x + "==", "leading space": lambda x: " " + x,
            "trailing space": lambda x: x + " ", "newline inside": lambda x: x[:4] + "\n" + x[4:],
            "carriage return at the end": lambda x: x + "\r", "tab": lambda x: x[:8] + "\t" + x[8:],
            "NUL at the end": lambda x: x + "\0", "plus": lambda x: x[:-2] + "+" + x[-1:],
            "slash": lambda x: x[:-2] + "/" + x[-1:], "percent": lambda x: x[:4] + "%2e" + x[4:],
            "non-ASCII": lambda x: x[:4] + "é" + x[4:], "fullwidth letter": lambda x: x[:4] + "Ａ" + x[5:],
            "one letter too many": lambda x: x + "A" * ((1 - len(x)) % 4 or 4),
            "quote": lambda x: '"' + x, "comma": lambda x: x + ",",
        }.items():
            parts = [h, p, s]
            parts[part] = change_(parts[part])
            case(g, f"{what} in the {name}", ".".join(parts), "encoding")
    # 256 bytes of signature end in two letters with four spare bits; header and payload are made to have spare bits
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for bit in (1, 2, 4, 8):
        last = alphabet[alphabet.index(s[-1]) ^ bit]
        case(g, f"spare bit {bit} of the signature set", good[:-1] + last, "encoding")
    for target in ("header", "payload"):
        for pad in range(3):
            claims = access(x="y" * pad) if target == "payload" else access()
            tok = token(claims, **({"x": "y" * pad} if target == "header" else {}))
            parts = tok.split(".")
            i = 0 if target == "header" else 1
            if len(parts[i]) % 4 in (2, 3):
                parts[i] = parts[i][:-1] + alphabet[alphabet.index(parts[i][-1]) ^ 1]
                case(g, f"spare bit of the {target} set, length {len(parts[i]) % 4}", ".".join(parts), "encoding")
    base = len(token(access(fill="")))
    def of_size(size):
        for extra in range(0, 8):
            n = int((size - base) * 3 / 4) - 40
            for m in range(n, n + 60):
                tok = token(access(fill="x" * m), y="z" * extra)
                if len(tok) == size:
                    return tok
        raise AssertionError(size)
    case(g, "16,384 bytes", of_size(16384), "accept")
    case(g, "16,385 bytes", of_size(16385), "size")
    case(g, "100,000 bytes of a", "a" * 100000, "size")
    case(g, "16,384 dots", "." * 16384, "parts")


def header():
    g = "header"
    for name, head in {
        "empty object": None, "array": '["RS256"]', "string": '"RS256"', "number": "1", "null": "null", "true": "true",
        "not JSON": "alg=RS256", "nothing but white space": "  ", "two objects": '{"alg":"RS256"}{"alg":"none"}',
        "trailing comma": '{"alg":"RS256","kid":"r1",}', "single quotes": "{'alg':'RS256'}",
        "unquoted name": '{alg:"RS256"}', "comment": '{"alg":"RS256"/* */,"kid":"r1"}', "unterminated": '{"alg":"RS256"',
        "byte order mark": '\ufeff{"alg":"RS256","kid":"r1"}', "UTF-16": '{"alg":"RS256","kid":"r1"}'.encode("utf-16-le"),
        "invalid UTF-8": b'{"alg":"RS256","kid":"r1","x":"\xff"}', "overlong UTF-8": b'{"alg":"RS256","kid":"r1","x":"\xc0\xaf"}',
        "surrogate in UTF-8": b'{"alg":"RS256","kid":"r1","x":"\xed\xa0\x80"}',
        "lone surrogate escape": '{"alg":"RS256","kid":"r1","x":"\\ud800"}', "bad escape": '{"alg":"RS256","kid":"r1","x":"\\x41"}',
        "raw control character": '{"alg":"RS256","kid":"r1","x":"\n"}', "NaN": '{"alg":"RS256","kid":"r1","x":NaN}',
        "Infinity": '{"alg":"RS256","kid":"r1","x":Infinity}', "leading zero": '{"alg":"RS256","kid":"r1","x":01}',
        "plus sign": '{"alg":"RS256","kid":"r1","x":+1}', "hexadecimal": '{"alg":"RS256","kid":"r1","x":0x1}',
        "NUL behind the end": '{"alg":"RS256","kid":"r1"}\0', "form feed as space": '{"alg":"RS256",\f"kid":"r1"}',
        "alg twice": '{"alg":"RS256","alg":"RS256","kid":"r1"}', "alg twice, none first": '{"alg":"none","kid":"r1","alg":"RS256"}',
        "alg twice, none last": '{"alg":"RS256","kid":"r1","alg":"none"}',
        "alg twice, once escaped": '{"alg":"RS256","kid":"r1","\\u0061lg":"none"}',
        "kid twice": '{"alg":"RS256","kid":"r1","kid":"r2"}', "typ twice": '{"alg":"RS256","typ":"JWT","typ":"JWT","kid":"r1"}',
        "crit twice": '{"alg":"RS256","crit":["x"],"crit":[],"kid":"r1"}', "nested duplicate": '{"alg":"RS256","kid":"r1","x":{"a":1,"a":2}}',
        "33 levels": '{"alg":"RS256","kid":"r1","x":' + "[" * 32 + "]" * 32 + "}",
        "5,000 values": '{"alg":"RS256","kid":"r1","x":[' + "1," * 4999 + "1]}",
    }.items():
        if head is None:
            case(g, name, token(header="{}"), "algorithm")
        else:
            case(g, name, token(header=head), "header")
    case(g, "32 levels", token(header='{"alg":"RS256","kid":"r1","x":' + "[" * 31 + "]" * 31 + "}"), "accept")

    g = "algorithm"
    dummy = b"x" * 32
    for name in ["none", "None", "NONE", "nOnE", "NoNe", "", " ", "rs256", "Rs256", "RS256 ", " RS256", "RS-256", "RS1", "SHA256",
                 "RS256\u0000", "RS256\n", "HS256", "HS384", "HS512", "hs256", "ES256K", "ES521", "ES1", "PS1", "PS", "RSA", "EdDSA448",
                 "Ed25519", "Ed448", "eddsa", "EDDSA", "RSA-OAEP", "RSA1_5", "A128KW", "dir", "ECDH-ES", "A256GCMKW", "PBES2-HS256+A128KW",
                 "ＲＳ256", "RS256,none", "RS256;none", "*", "null", "undefined"]:
        case(g, f"alg {name!r}", token(header={"alg": name, "kid": "r1"}, signature=dummy), "algorithm")
    for name, value in {"missing": GONE, "null": None, "number": 256, "true": True, "array": ["RS256"], "object": {"a": "RS256"}}.items():
        case(g, f"alg {name}", token(header=change({"alg": "RS256", "kid": "r1"}, {"alg": value})), "algorithm")
    spki = {"PEM": pem("rsa"), "PEM without newline": pem("rsa").rstrip(),
            "DER": KEYS["rsa"].public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
            "PKCS1 PEM": KEYS["rsa"].public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1),
            "modulus": num(KEYS["rsa"].public_key().public_numbers().n), "JWK": json.dumps(jwk("rsa")).encode(), "nothing": b""}
    for name, secret in spki.items():
        for alg in ["HS256", "HS384", "HS512"]:
            case(g, f"{alg} keyed with the public key's {name}",
                 token(header={"alg": alg, "typ": "JWT", "kid": "r1"}, signature=hs(alg, secret)), "algorithm", pem="rsa")
    case(g, "HS256 keyed with the EC key's PEM", token(header={"alg": "HS256", "kid": "e256"}, signature=hs("HS256", pem("P-256"))), "algorithm")
    case(g, "HS256 with a JWK of kty oct", token(header={"alg": "HS256", "kid": "oct"}, signature=hs("HS256", b"x" * 32)), "algorithm")
    case(g, "not in the issuer's list", token(oidc(iss=PINNED), key="oidc-rsa", kid="o1"), "algorithm_allowed")
    case(g, "in the issuer's list", token(oidc(iss=PINNED), alg="ES256", key="P-256", kid="o2"), "accept")

    g = "crit"
    for name, value in {"empty": [], "exp": ["exp"], "b64": ["b64"], "unknown": ["x"], "string": "exp", "null": None, "object": {}, "number": 1,
                        "alg": ["alg"], "false": False}.items():
        case(g, name, token(crit=value, x=1), "critical")
    case(g, "b64 false, payload not encoded (RFC 7797)", token(header={"alg": "RS256", "kid": "r1", "b64": False, "crit": ["b64"]}), "critical")

    g = "typ"
    for value in ["JWT", "jwt", "Jwt", "at+jwt", "AT+JWT", "At+Jwt", "application/at+jwt"]:
        case(g, f"{value!r}", token(typ=value), "accept")
    for value in ["", "JWS", "JOSE", "JWE", "JOSE+JSON", "secevent+jwt", "logout+jwt", "dpop+jwt", "application/jwt", "jwt ", " JWT", "JWT\0", "rt+jwt",
                  "token-introspection+jwt", "oauth-authz-req+jwt", None, 1, ["JWT"], {"typ": "JWT"}, True]:
        case(g, f"{value!r}", token(typ=value), "type")


def key_choice():
    g = "kid"
    case(g, "256 bytes", token(kid="k" * 256), "accept")
    case(g, "257 bytes", token(kid="k" * 257), "key_id")
    case(g, "86 characters of 3 bytes", token(kid="€" * 86), "key_id")
    for name, value in {"number": 1, "null": None, "array": ["r1"], "object": {"kid": "r1"}, "true": True}.items():
        case(g, name, token(header={"alg": "RS256", "kid": value}), "key_id")
    for value in ["", "R1", "r1 ", " r1", "r1\0", "r", "r11", "unknown", "../../../../dev/null", "/dev/null", "r1' OR '1'='1", "' UNION SELECT 'key';--",
                  "http://evil.example/jwks.json", "file:///etc/passwd", "$(id)", "r1\n", "ins_1", "o1", "0", "kéy", "__proto__", "%00", "*"]:
        case(g, f"{value!r}", token(kid=value), "key_unknown", kid=value)
    case(g, "missing where several keys fit", token(kid=None), "key")
    case(g, "missing where no key fits", token(access(iss=SINGLE), alg="EdDSA", key="ed", kid=None), "key")
    case(g, "missing where one of two types fits", token(access(iss=SINGLE), alg="ES256", key="P-256", kid=None), "accept")
    for kid in ["weak", "enc", "ops", "oaep", "hs", "oct", "x25519", "k1", "small", "off", "mixed"]:
        alg = {"off": "ES256", "mixed": "ES256", "x25519": "EdDSA", "small": "EdDSA", "k1": "ES256"}.get(kid, "RS256")
        key = {"weak": "rsa1024", "off": "P-256", "mixed": "P-256", "x25519": "ed", "small": "ed", "k1": "P-256"}.get(kid, "rsa")
        case(g, f"of the unusable key {kid}", token(alg=alg, key=key, kid=kid), "key_fits")
    case(g, "an identity-point Ed25519 key that would verify anything",
         token(header={"alg": "EdDSA", "kid": "small"}, signature=b"\1" + b"\0" * 63), "key_fits")
    case(g, "no keys were ever fetched", token(access(iss=EMPTY)), "keys_missing")
    case(g, "no keys were ever fetched, no kid", token(access(iss=EMPTY), kid=None), "keys_missing")

    g = "key brought along"
    attacker = dict(key="attacker-rsa")
    for name, extra in {
        "jwk": {"jwk": jwk("attacker-rsa", kid="r1")}, "jku": {"jku": "https://evil.example/jwks.json"},
        "jku of the issuer with a redirect": {"jku": OKTA + "/v1/keys@evil.example"}, "x5u": {"x5u": "https://evil.example/cert.pem"},
        "x5c": {"x5c": [base64.b64encode(b"certificate").decode()]}, "x5t": {"x5t": b64(b"x" * 20)}, "x5t#S256": {"x5t#S256": b64(b"x" * 32)},
        "iss in the header": {"iss": "https://evil.example"}, "all of them": {"jwk": jwk("attacker-rsa"), "jku": "https://evil.example", "x5u": "https://evil.example"},
    }.items():
        case(g, name + ", known kid", token(**attacker, **extra), "signature")
        case(g, name + ", unknown kid", token(**attacker, kid="evil", **extra), "key_unknown", kid="evil")
    case(g, "jwk alone", token(**attacker, kid=None, jwk=jwk("attacker-rsa")), "key")
    case(g, "jwk of a good token is ignored", token(jwk=jwk("attacker-rsa")), "accept")
    case(g, "private jwk", token(**attacker, jwk={**jwk("attacker-rsa"), "d": "AA"}), "signature")

    g = "other issuer's key"
    case(g, "Okta's key for Clerk, Okta's kid", token(clerk1(), key="rsa", kid="r1"), "key_unknown", kid="r1")
    case(g, "Okta's key for Clerk, Clerk's kid", token(clerk1(), key="rsa", kid="ins_1"), "signature")
    case(g, "Clerk's key for Okta, Clerk's kid", token(key="clerk-rsa", kid="ins_1"), "key_unknown", kid="ins_1")
    case(g, "Clerk's key for Okta, Okta's kid", token(key="clerk-rsa", kid="r1"), "signature")
    case(g, "org server's key for the custom server", token(kid="org1"), "key_unknown", kid="org1")
    case(g, "same key, same kid, two issuers: held against its own", token(oidc(), alg="ES256", key="P-256", kid="o2"), "accept")

    g = "key and algorithm"
    for alg, key, kid in [
        ("RS256", "rsa", "e256"), ("RS256", "rsa", "ed"), ("PS256", "rsa", "e384"), ("ES256", "P-256", "r1"), ("ES256", "P-256", "e384"),
        ("ES256", "P-256", "e521"), ("ES256", "P-256", "ed"), ("ES384", "P-384", "e256"), ("ES384", "P-384", "r1"), ("ES512", "P-521", "e256"),
        ("ES512", "P-521", "e384"), ("EdDSA", "ed", "r1"), ("EdDSA", "ed", "e256"), ("RS256", "rsa2", "r2"), ("RS384", "rsa2", "r2"),
        ("PS384", "rsa2", "r2"), ("PS512", "rsa2", "r2"), ("RS384", "rsa-other", "rs256"), ("RS512", "rsa-other", "rs256"),
        ("PS256", "rsa-other", "rs256"), ("EdDSA", "ed", "twin"), ("ES384", "P-384", "twin"),
    ]:
        case(g, f"{alg} with key {kid}", token(alg=alg, key=key, kid=kid), "key_fits")


def signatures():
    g = "signature"
    good = token()
    signed = good.rsplit(".", 1)[0]
    raw = sign("RS256", "rsa", signed)
    n = KEYS["rsa"].public_key().public_numbers().n
    tries = {
        "first bit flipped": bytes([raw[0] ^ 0x80]) + raw[1:], "last bit flipped": raw[:-1] + bytes([raw[-1] ^ 1]),
        "middle bit flipped": raw[:128] + bytes([raw[128] ^ 8]) + raw[129:], "one byte short": raw[:-1], "first byte missing": raw[1:],
        "one byte long": raw + b"\0", "zero in front": b"\0" + raw, "one byte": b"\0", "all zero": b"\0" * 256, "one": num(1, 256),
        "all ones": b"\xff" * 256, "n": num(n, 256), "n-1": num(n - 1, 256), "n+1": num(n + 1, 256), "reversed": raw[::-1], "twice": raw + raw,
        "first half": raw[:128], "of another key": sign("RS256", "rsa2", signed), "of the attacker's key": sign("RS256", "attacker-rsa", signed),
        "of another message": sign("RS256", "rsa", signed + "x"), "of the payload only": sign("RS256", "rsa", signed.split(".")[1]),
        "of the header only": sign("RS256", "rsa", signed.split(".")[0]), "PSS": sign("PS256", "rsa", signed), "SHA-384": sign("RS384", "rsa", signed),
        "SHA-512": sign("RS512", "rsa", signed), "the hash itself": hashlib.sha256(signed.encode()).digest(), "64 bytes": b"\1" * 64,
        "4,096 bytes": b"\1" * 4096,
    }
    total = int.from_bytes(raw, "big") + n
    if total.bit_length() <= 2048:
        tries["plus n"] = num(total, 256)
    d = KEYS["rsa"].private_numbers().d
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed.encode()).digest()
    no_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + hashlib.sha256(signed.encode()).digest()
    sha1 = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha1(signed.encode()).digest()
    blocks = {
        "SHA-1 in the padding": b"\0\1" + b"\xff" * (253 - len(sha1)) + b"\0" + sha1,
        "hash without DigestInfo": b"\0\1" + b"\xff" * (253 - 32) + b"\0" + info[-32:],
        "short padding and rubbish behind": b"\0\1" + b"\xff" * 8 + b"\0" + info + b"\xaa" * (245 - len(info)),
        "block type 2": b"\0\2" + b"\xff" * (253 - len(info)) + b"\0" + info,
        "block type 0": b"\0\0" + b"\0" * (253 - len(info)) + b"\0" + info,
        "padding with another byte": b"\0\1" + b"\xff" * 100 + b"\xfe" + b"\xff" * (152 - len(info)) + b"\0" + info,
        "no separator": b"\0\1" + b"\xff" * (254 - len(info)) + info,
    }
    for name, block in blocks.items():
        assert len(block) == 256, name
        tries[name] = num(pow(int.from_bytes(block, "big"), d, n), 256)
    for name, signature in tries.items():
        case(g, f"RS256: {name}", signed + "." + b64(signature), "signature")
    case(g, "RS256: DigestInfo without NULL", signed + "." + b64(num(pow(int.from_bytes(
        b"\0\1" + b"\xff" * (253 - len(no_null)) + b"\0" + no_null, "big"), d, n), 256)), "signature")

    # Bleichenbacher 2006: a cube root of a block with rubbish behind the hash
    e3_header = {"alg": "RS256", "kid": "e3"}
    e3_signed = b64(json.dumps(e3_header)) + "." + b64(json.dumps(access(sub="admin")))
    e3_info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(e3_signed.encode()).digest()
    prefix = b"\0\1" + b"\xff" * 8 + b"\0" + e3_info
    target = int.from_bytes(prefix + b"\xff" * (256 - len(prefix)), "big")
    low, high = 0, 1 << 700
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= target else (low, middle - 1)
    assert num(low**3, 256).startswith(prefix)
    case(g, "RS256: forged for exponent 3", e3_signed + "." + b64(num(low, 256)), "signature")

    pss = token(alg="PS256")
    pss_signed = pss.rsplit(".", 1)[0].encode()
    for name, pad, digest in [
        ("no salt", padding.PSS(padding.MGF1(hashes.SHA256()), 0), hashes.SHA256()),
        ("salt of 20", padding.PSS(padding.MGF1(hashes.SHA256()), 20), hashes.SHA256()),
        ("salt of 31", padding.PSS(padding.MGF1(hashes.SHA256()), 31), hashes.SHA256()),
        ("salt of 33", padding.PSS(padding.MGF1(hashes.SHA256()), 33), hashes.SHA256()),
        ("longest salt", padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH), hashes.SHA256()),
        ("MGF1 with SHA-1", padding.PSS(padding.MGF1(hashes.SHA1()), 32), hashes.SHA256()),
        ("MGF1 with SHA-512", padding.PSS(padding.MGF1(hashes.SHA512()), 32), hashes.SHA256()),
        ("SHA-384", padding.PSS(padding.MGF1(hashes.SHA384()), 48), hashes.SHA384()),
        ("PKCS1 padding", padding.PKCS1v15(), hashes.SHA256()),
    ]:
        case(g, f"PS256: {name}", pss_signed.decode() + "." + b64(KEYS["rsa"].sign(pss_signed, pad, digest)), "signature")

    for alg, crv, kid in [("ES256", "P-256", "e256"), ("ES384", "P-384", "e384"), ("ES512", "P-521", "e521")]:
        tok = token(alg=alg, key=crv, kid=kid)
        signed = tok.rsplit(".", 1)[0]
        raw = sign(alg, crv, signed)
        size = len(raw) // 2
        order = ORDERS[crv]
        r, s = raw[:size], raw[size:]
        der = KEYS[crv].sign(signed.encode(), ec.ECDSA(HASHES[{"ES256": "256", "ES384": "384", "ES512": "512"}[alg]]))
        top = (1 << (8 * size)) - 1
        zero, one, big_n = num(0, size), num(1, size), num(order, size)
        tries = {
            "r and s zero (CVE-2022-21449)": zero + zero, "r zero": zero + s, "s zero": r + zero, "r is n": big_n + s, "s is n": r + big_n,
            "both n": big_n + big_n, "r and s one": one + one, "r is n-1, s is 1": num(order - 1, size) + one, "swapped": s + r, "all ones": num(top, size) * 2,
            "DER": der, "one byte short": raw[:-1], "one byte long": raw + b"\0", "zero in front": b"\0" + raw, "only r": r, "twice": raw + raw,
            "last bit flipped": raw[:-1] + bytes([raw[-1] ^ 1]), "first bit of s flipped": r + bytes([s[0] ^ 1]) + s[1:], "empty halves": b"\0",
            "of another key": sign("ES256", "attacker-ec", signed), "1,000 bytes": b"\1" * 1000,
        }
        if int.from_bytes(s, "big") + order <= top:
            tries["s plus n"] = r + num(int.from_bytes(s, "big") + order, size)
        for name, signature in tries.items():
            case(g, f"{alg}: {name}", signed + "." + b64(signature), "signature")
    case(g, "ES256: with SHA-384", token(alg="ES256", key="P-256", kid="e256", signature=lambda x: sign("ES384", "P-256", x)), "signature")
    case(g, "ES256: with SHA-512", token(alg="ES256", key="P-256", kid="e256", signature=lambda x: sign("ES512", "P-256", x)), "signature")

    tok = token(alg="EdDSA", key="ed", kid="ed")
    signed = tok.rsplit(".", 1)[0]
    raw = sign("EdDSA", "ed", signed)
    s = int.from_bytes(raw[32:], "little")
    for name, signature in {
        "S plus the order": raw[:32] + (s + ED_ORDER).to_bytes(32, "little"), "all zero": b"\0" * 64, "identity and zero": b"\1" + b"\0" * 63, "all ones": b"\xff" * 64,
        "R flipped": bytes([raw[0] ^ 1]) + raw[1:], "S flipped": raw[:-1] + bytes([raw[-1] ^ 1]), "high bits of S": raw[:-1] + bytes([raw[-1] | 0xE0]),
        "one byte short": raw[:-1], "one byte long": raw + b"\0", "R only": raw[:32], "halves swapped": raw[32:] + raw[:32], "of the hash": KEYS["ed"].sign(hashlib.sha512(signed.encode()).digest()),
    }.items():
        case(g, f"EdDSA: {name}", signed + "." + b64(signature), "signature")

    g = "altered"
    for name, change_ in {
        "another sub": {"sub": "admin"}, "another uid": {"uid": "00uadmin"}, "longer exp": {"exp": NOW + 7200}, "another scope": {"scp": ["admin"]},
        "one claim more": {"groups": ["admins"]}, "one claim less": {"scp": GONE},
    }.items():
        h, _, s = token().split(".")
        case(g, name, h + "." + b64(json.dumps(access(**change_))) + "." + s, "signature")
    h, p, s = token().split(".")
    case(g, "another header", b64(json.dumps({"alg": "RS256", "kid": "r1", "x": 1})) + "." + p + "." + s, "signature")
    case(g, "header spelled otherwise", b64('{"kid":"r1","alg":"RS256"}') + "." + p + "." + s, "signature")
    case(g, "payload spelled otherwise", h + "." + b64(json.dumps(access(), indent=1)) + "." + s, "signature")
    case(g, "another hash of the family, same signature", b64(json.dumps({"alg": "RS512", "kid": "r1"})) + "." + p + "." + s, "signature")


def claims():
    g = "claims"
    body = json.dumps(access())
    for name, text_ in {
        "array": "[" + body + "]", "string": json.dumps(body), "null": "null", "number": "1", "not JSON": "sub=admin", "two objects": body + body,
        "iss twice": body[:-1] + ',"iss":"https://evil.example"}', "sub twice": body[:-1] + ',"sub":"admin"}', "exp twice": body[:-1] + ',"exp":9999999999}',
        "aud twice": body[:-1] + ',"aud":"x"}', "sub twice, once escaped": body[:-1] + ',"s\\u0075b":"admin"}', "duplicate inside": body[:-1] + ',"x":{"a":1,"a":1}}',
        "duplicate inside an array": body[:-1] + ',"x":[{"a":1,"a":1}]}', "byte order mark": "\ufeff" + body, "NUL behind the end": body + "\0",
        "invalid UTF-8": body[:-1].encode() + b',"x":"\xff\xfe"}', "Latin-1": body[:-1].encode() + b',"x":"\xe9"}', "lone low surrogate": body[:-1] + ',"x":"\\udc00"}',
        "surrogates in the wrong order": body[:-1] + ',"x":"\\udc00\\ud800"}', "trailing comma": body[:-1] + ",}", "comment": body[:-1] + "//x\n}", "33 levels": body[:-1] + ',"x":' + "[" * 32 + "]" * 32 + "}",
        "unterminated": body[:-1], "NaN": body[:-1] + ',"x":NaN}', "number without digits": body[:-1] + ',"x":-}', "fraction without digits": body[:-1] + ',"x":1.}',
        "capital True": body[:-1] + ',"x":True}', "vertical tab as space": body[:-1] + ',\x0b"x":1}', "5,000 values": body[:-1] + ',"x":[' + "1," * 4999 + "1]}",
    }.items():
        case(g, name, token(text_), "claims")
    case(g, "empty object", token("{}"), "issuer")
    case(g, "32 levels", token(body[:-1] + ',"x":' + "[" * 31 + "]" * 31 + "}"), "accept")
    case(g, "escapes and emoji", token(body[:-1] + ',"x":"\\ud83d\\ude00 \\u00e9 \\/ \\" \\b"}'), "accept")
    case(g, "same name in two objects", token(body[:-1] + ',"a":{"sub":"x"},"b":{"sub":"y"}}'), "accept")
    case(g, "names that differ in case", token(body[:-1] + ',"SUB":"admin","Sub":"admin"}'), "accept", subject="00u1abcdefGHIJKLM1d7")
    case(g, "a name with NUL", token(body[:-1] + ',"sub\\u0000":"admin"}'), "accept", subject="00u1abcdefGHIJKLM1d7")

    g = "iss"
    for name, value in {
        "missing": GONE, "null": None, "number": 1, "array": [OKTA], "object": {"a": OKTA}, "empty": "", "trailing slash": OKTA + "/", "upper-case host": OKTA.replace("acme", "ACME"),
        "http": OKTA.replace("https", "http"), "upper-case scheme": OKTA.replace("https", "HTTPS"), "port": OKTA.replace(".com/", ".com:443/"), "prefix": OKTA[:-1], "longer": OKTA + "2",
        "suffix of evil host": "https://evil.example/?" + OKTA, "user part": OKTA.replace("https://", "https://x@"), "evil host after at": OKTA.replace("acme.okta.com", "acme.okta.com@evil.example"),
        "space in front": " " + OKTA, "newline behind": OKTA + "\n", "NUL behind": OKTA + "\0", "percent-encoded": OKTA.replace("default", "d%65fault"), "dot segment": OKTA.replace("/oauth2", "/./oauth2"),
        "Cyrillic a": OKTA.replace("acme", "\u0430cme"), "no scheme": OKTA[8:], "domain only": "acme.okta.com", "attacker's": "https://evil.example", "unicode normal form": OKTA + "\u0301",
    }.items():
        case(g, name, token(access(iss=value)), "issuer")
    case(g, "escaped slashes are the same text", token(json.dumps(access()).replace("/", "\\/")), "accept")
    case(g, "former issuer, last second of its grace", token(access(iss=FORMER)), "accept")
    case(g, "former issuer, grace over", token(access(iss=ENDED)), "issuer_grace")

    g = "times"
    for name, value, expect in [
        ("exp now", NOW, "accept"), ("exp at the end of the leeway", NOW - 60, "expiry"), ("exp a second before the end of the leeway", NOW - 59, "accept"),
        ("exp a microsecond inside", NOW - 59.999999, "accept"), ("exp a fraction outside", NOW - 60.5, "expiry"), ("exp long ago", 1, "expiry"), ("exp zero", 0, "expiry"),
        ("exp fraction", NOW + 0.5, "accept"), ("exp missing", GONE, "times"), ("exp null", None, "times"), ("exp string", str(NOW + 60), "times"), ("exp true", True, "times"),
        ("exp false", False, "times"), ("exp negative", -1, "times"), ("exp array", [NOW + 60], "times"), ("exp object", {}, "times"), ("exp in milliseconds", (NOW + 60) * 1000, "times"),
        ("exp year 9999", 253402300799, "accept"), ("exp year 10000", 253402300800, "times"), ("exp 2^63", 2**63, "times"), ("exp 2^64+1", 2**64 + NOW, "times"),
        ("nbf now", NOW, "accept"), ("nbf at the leeway", NOW + 60, "accept"), ("nbf beyond the leeway", NOW + 61, "not_before"), ("nbf a fraction beyond", NOW + 60.5, "not_before"),
        ("nbf a fraction inside", NOW + 59.5, "accept"), ("nbf zero", 0, "accept"), ("nbf string", str(NOW), "times"), ("nbf null", None, "times"), ("nbf negative", -1, "times"), ("nbf huge", 1e20, "times"),
        ("nbf true", True, "times"), ("iat now", NOW, "accept"), ("iat at the leeway", NOW + 60, "accept"), ("iat beyond the leeway", NOW + 61, "issued_at"), ("iat a fraction beyond", NOW + 60.25, "issued_at"),
        ("iat missing", GONE, "accept"), ("iat string", str(NOW), "times"), ("iat null", None, "times"), ("iat negative", -5, "times"), ("iat in milliseconds", NOW * 1000, "times"), ("iat zero", 0, "accept"),
    ]:
        case(g, name, token(access(**{name.split()[0]: value})), expect)
    for name, number, expect in [("1.75e9", "1.75e9", "accept"), ("1e400", "1e400", "times"), ("-0", "-0", "expiry"), ("1E10", "1E10", "accept"), ("1e-400", "1e-400", "expiry"),
                                 ("many digits", "1750000000." + "9" * 300, "accept"), ("huge exponent", "1e999999999", "times")]:
        case(g, f"exp written {name}", token(json.dumps(access()).replace(f'"exp": {NOW + 3600}', f'"exp": {number}')), expect)
    case(g, "an expired token of an unknown key is not looked for", token(access(exp=NOW - 100), kid="unknown"), "expiry")
    case(g, "an expired token with a wrong signature is expired", token(access(exp=NOW - 100), key="attacker-rsa"), "expiry")

    g = "sub"
    for name, value, expect in [
        ("missing", GONE, "subject"), ("null", None, "subject"), ("empty", "", "subject"), ("number", 7, "subject"), ("array", ["a"], "subject"), ("object", {}, "subject"), ("true", True, "subject"),
        ("255 bytes", "s" * 255, "accept"), ("256 bytes", "s" * 256, "subject"), ("255 bytes in 85 characters", "€" * 85, "accept"), ("258 bytes in 86 characters", "€" * 86, "subject"),
        ("NUL", "a\0b", "subject"), ("newline", "a\nb", "subject"), ("DEL", "a\x7f", "subject"), ("C1 control", "a\x85", "subject"), ("emoji", "😀", "accept"), ("spaces", "Jane Doe", "accept"),
    ]:
        case(g, name, token(access(sub=value)), expect)

    g = "aud"
    for name, value, expect in [
        ("the audience", "api://default", "accept"), ("in an array", ["api://default"], "accept"), ("among others", ["x", "api://default", "y"], "accept"), ("missing", GONE, "audience"), ("null", None, "audience"),
        ("empty", "", "audience"), ("empty array", [], "audience"), ("another", "api://other", "audience"), ("others", ["a", "b"], "audience"), ("upper case", "API://DEFAULT", "audience"),
        ("trailing slash", "api://default/", "audience"), ("prefix", "api://defaul", "audience"), ("longer", "api://default2", "audience"), ("joined by comma", "x,api://default", "audience"),
        ("joined by space", "x api://default", "audience"), ("number", 1, "audience"), ("object", {"api://default": True}, "audience"), ("array with a number", ["api://default", 1], "audience"),
        ("array in array", [["api://default"]], "audience"), ("star", "*", "audience"), ("space behind", "api://default ", "audience"), ("NUL behind", "api://default\0", "audience"), ("true", True, "audience"),
    ]:
        case(g, name, token(access(aud=value)), expect)


def providers():
    g = "okta"
    case(g, "access token without uid: sub is the subject", token(access(uid=GONE)), "accept", subject="jane@acme.com")
    case(g, "uid null counts as absent", token(access(uid=None)), "accept", subject="jane@acme.com")
    for name, value in {"empty": "", "number": 5, "control character": "a\0", "256 bytes": "u" * 256, "array": ["x"]}.items():
        case(g, f"uid {name}", token(access(uid=value)), "subject")
    case(g, "uid of 255 bytes", token(access(uid="u" * 255)), "accept", subject="u" * 255)
    case(g, "another cid", token(access(cid="0oaother")), "client")
    case(g, "cid null", token(access(cid=None)), "client")
    case(g, "cid array", token(access(cid=["0oaclient"])), "client")
    case(g, "no cid, aud without the client", token(access(cid=GONE)), "client")
    case(g, "no cid, aud with the client", token(access(cid=GONE, aud=["api://default", "0oaclient"])), "accept")
    case(g, "access token whose aud is the client id", token(access(aud="0oaclient")), "audience")
    case(g, "scp as a string", token(access(scp="openid email")), "accept")
    case(g, "ID token", token(ident()), "accept", subject="00u1abcdefGHIJKLM1d7", token_class="identity", email="jane@acme.com", email_verified=True)
    case(g, "ID token with the access token's audience", token(ident(aud="api://other")), "audience")
    case(g, "ID token for another client", token(ident(aud="0oaother")), "audience")
    case(g, "ID token with cid counts as access token", token(ident(cid="0oaclient")), "audience")
    case(g, "ID token typed at+jwt counts as access token", token(ident(), typ="at+jwt"), "audience")
    case(g, "an ID token's uid is no subject", token(ident(uid="00uadmin")), "accept", subject="00u1abcdefGHIJKLM1d7")
    case(g, "email not verified", token(ident(email_verified=False)), "accept", email_verified=False)
    case(g, "email_verified as text", token(ident(email_verified="true")), "accept", email_verified=True)
    case(g, "email_verified as another text", token(ident(email_verified="yes")), "accept", email_verified=False)
    case(g, "email_verified as number", token(ident(email_verified=1)), "accept", email_verified=False)
    case(g, "email not a text", token(ident(email=["jane@acme.com"])), "claim_form")
    case(g, "email with NUL", token(ident(email="jane@acme.com\0")), "claim_form")
    case(g, "sid not a text", token(ident(sid=5)), "claim_form")
    case(g, "sid of 256 bytes", token(ident(sid="s" * 256)), "claim_form")
    case(g, "sid of 255 bytes", token(ident(sid="s" * 255)), "accept")
    org = "okta_organization_access_token"
    case(g, "access token of the org server", token(access(iss=ORG, aud=ORG), kid="org1"), "token_class", refused_class=org)
    case(g, "access token of the org server, unpublished key", token(access(iss=ORG, aud=ORG), key="attacker-rsa", kid="unpublished"), "token_class", refused_class=org)
    case(g, "typed access token of the org server", token(ident(iss=ORG), kid="org1", typ="at+jwt"), "token_class", refused_class=org)
    case(g, "ID token of the org server", token(ident(iss=ORG), kid="org1"), "accept")
    case(g, "security event instead of a caller's token", token(event(exp=NOW + 60, sub="x")), "token_class", refused_class="security_event")

    g = "clerk"
    def clerk(claims, **more):
        return token(claims, **{"key": "clerk-rsa", "kid": "ins_1", **more})
    case(g, "version 1", clerk(clerk1()), "accept", subject="user_1", token_class="session", org="org_1", role="admin", permissions=["org:dash:read"])
    case(g, "version 2", clerk(clerk2()), "accept", subject="user_1", org="org_1", role="admin", permissions=["org:dash:manage", "org:dash:read", "org:teams:read"])
    case(g, "without organization", clerk(clerk2(o=GONE)), "accept", org=None)
    case(g, "typ JWT and Clerk's header members", clerk(clerk2(), typ="JWT", cat="cl_B7d4PD111AAA", oiat=NOW), "accept")
    case(g, "no sid: template", clerk(clerk1(sid=GONE)), "token_class", refused_class="clerk_template")
    case(g, "sid empty", clerk(clerk1(sid="")), "token_class", refused_class="clerk_template")
    case(g, "sid null", clerk(clerk1(sid=None)), "token_class", refused_class="clerk_template")
    case(g, "sid number", clerk(clerk1(sid=1)), "token_class", refused_class="clerk_template")
    case(g, "machine", clerk(clerk1(sub="mch_1", sid=GONE)), "token_class", refused_class="clerk_machine")
    case(g, "machine with sid", clerk(clerk1(sub="mch_1")), "token_class", refused_class="clerk_machine")
    case(g, "organization as subject", clerk(clerk1(sub="org_1")), "token_class", refused_class="clerk_machine")
    case(g, "sub that only contains user_", clerk(clerk1(sub="mch_user_1")), "token_class", refused_class="clerk_machine")
    case(g, "OAuth", clerk(clerk1(sid=GONE), typ="at+jwt"), "token_class", refused_class="clerk_oauth")
    case(g, "OAuth with sid", clerk(clerk1(), typ="AT+JWT"), "token_class", refused_class="clerk_oauth")
    case(g, "sub missing", clerk(clerk1(sub=GONE)), "subject")
    case(g, "sub empty", clerk(clerk1(sub="")), "subject")
    case(g, "sts pending", clerk(clerk2(sts="pending")), "session_status")
    case(g, "sts unknown", clerk(clerk2(sts="frozen")), "session_status")
    case(g, "sts null", clerk(clerk2(sts=None)), "session_status")
    case(g, "azp second party", clerk(clerk1(azp="https://admin.acme.com")), "accept")
    for name, value in {"missing": GONE, "null": None, "empty": "", "another": "https://evil.example", "trailing slash": "https://app.acme.com/", "upper case": "https://APP.acme.com", "array": ["https://app.acme.com"],
                        "suffix": "https://app.acme.com.evil.example", "prefix": "https://app.acme.co", "number": 1, "http": "http://app.acme.com"}.items():
        case(g, f"azp {name}", clerk(clerk1(azp=value)), "authorized_party")
    def o(**changes):
        return {"id": "org_1", "slg": "acme", "rol": "admin", "per": "manage,read", "fpm": "3,2", **changes}
    case(g, "o null", clerk(clerk2(o=None)), "accept", org=None)
    case(g, "o a string", clerk(clerk2(o="org_1")), "claim_form")
    case(g, "o an array", clerk(clerk2(o=["org_1"])), "claim_form")
    case(g, "o without id", clerk(clerk2(o={"rol": "admin"})), "claim_form")
    case(g, "o.id number", clerk(clerk2(o=o(id=1))), "claim_form")
    case(g, "o.rol number", clerk(clerk2(o=o(rol=1))), "claim_form")
    case(g, "o.rol with prefix", clerk(clerk2(o=o(rol="org:admin"))), "accept", role="admin")
    case(g, "org_id number", clerk(clerk1(org_id=1)), "claim_form")
    case(g, "org_id empty", clerk(clerk1(org_id="")), "accept", org=None)
    for name, fea, per, fpm, granted in [
        ("bits in order", "o:a,o:b", "x,y,z", "1,6", ["org:a:x", "org:b:y", "org:b:z"]), ("no bits", "o:a", "x", "0", []), ("more bits than permissions", "o:a", "x", "255", ["org:a:x"]),
        ("more numbers than features", "o:a", "x", "1,1,1", ["org:a:x"]), ("fewer numbers than features", "o:a,o:b", "x", "1", ["org:a:x"]), ("user features left out", "u:z,o:a", "x", "1", ["org:a:x"]),
        ("features of both", "uo:a,o:b", "x", "1,1", ["org:a:x", "org:b:x"]), ("not a number", "o:a,o:b", "x", "abc,1", ["org:b:x"]), ("negative", "o:a", "x", "-1", []), ("empty", "o:a", "x", "", []),
        ("no permissions", "o:a", "", "1", []), ("no features", "", "x", "1", []), ("spaces", "o:a, o:b", "x, y", "1, 2", ["org:a:x", "org:b:y"]), ("huge number", "o:a", "x", "9" * 40, []),
        ("feature without scope", "a,o:b", "x", "1", ["org:b:x"]), ("empty feature name", "o:,o:b", "x", "1", ["org:b:x"]), ("hole in the permissions", "o:a", "x,,z", "7", ["org:a:x", "org:a:z"]),
    ]:
        case(g, f"bitmaps: {name}", clerk(clerk2(fea=fea, o=o(per=per, fpm=fpm))), "accept", permissions=granted)
    case(g, "bitmaps: not texts", clerk(clerk2(fea=1, o=o(per=["x"], fpm=3))), "accept", permissions=[])

    g = "oidc"
    def other(claims, **more):
        return token(claims, **{"key": "oidc-rsa", "kid": "o1", **more})
    case(g, "access token (RFC 9068)", other(oidc(), typ="at+jwt"), "accept", token_class="access")
    case(g, "plain access token", other(oidc()), "accept", token_class="access")
    case(g, "ID token", other(oidc(aud="web", nonce="n", scope=GONE)), "accept", token_class="identity")
    case(g, "ID token without nonce", other(oidc(aud="web", scope=GONE)), "accept", token_class="identity")
    case(g, "ID token for another client", other(oidc(aud="other", nonce="n")), "audience")
    case(g, "ID token with the API's audience", other(oidc(nonce="n")), "audience")
    case(g, "ID token of several audiences, azp ours", other(oidc(aud=["web", "x"], nonce="n", azp="web")), "accept")
    case(g, "ID token, azp another", other(oidc(aud=["web", "x"], nonce="n", azp="x")), "client")
    case(g, "access token for the client", other(oidc(aud="web"), typ="at+jwt"), "audience")
    case(g, "ID token typed at+jwt", other(oidc(aud="web", nonce="n"), typ="at+jwt"), "audience")
    for type_ in ["Refresh", "Offline", "refresh", "Logout"]:
        case(g, f"claim typ {type_}", other(oidc(typ=type_)), "token_class", refused_class="refresh")
    case(g, "claim typ Bearer", other(oidc(typ="Bearer")), "accept", token_class="access")
    case(g, "claim typ ID", other(oidc(typ="ID", aud="web")), "accept", token_class="identity")
    case(g, "logout token", other(oidc(events={"http://schemas.openid.net/event/backchannel-logout": {}})), "token_class", refused_class="security_event")
    case(g, "events null", other(oidc(events=None)), "token_class", refused_class="security_event")

    g = "purpose"
    case(g, "ID token as ID token", token(ident()), "accept", purpose="identity")
    case(g, "access token as ID token", token(access()), "token_class", purpose="identity", refused_class="not_identity")
    case(g, "typed access token as ID token", token(access(), typ="at+jwt"), "type", purpose="identity")
    case(g, "Clerk session as ID token", token(clerk1(), key="clerk-rsa", kid="ins_1"), "token_class", purpose="identity", refused_class="not_identity")
    case(g, "event", token(event(), typ="secevent+jwt"), "accept", purpose="event", token_class="security_event")
    case(g, "event with media type", token(event(), typ="application/secevent+jwt"), "accept", purpose="event")
    case(g, "event without typ", token(event()), "accept", purpose="event")
    case(g, "event typed at+jwt", token(event(), typ="at+jwt"), "type", purpose="event")
    case(g, "event for others", token(event(aud="https://other.example")), "audience", purpose="event")
    case(g, "event without aud", token(event(aud=GONE)), "audience", purpose="event")
    case(g, "event without events", token(event(events=GONE)), "token_class", purpose="event", refused_class="no_security_event")
    case(g, "event with events as array", token(event(events=[])), "token_class", purpose="event", refused_class="no_security_event")
    case(g, "event without iat", token(event(iat=GONE)), "token_class", purpose="event", refused_class="no_security_event")
    case(g, "event without jti", token(event(jti=GONE)), "token_class", purpose="event", refused_class="no_security_event")
    case(g, "event that has expired", token(event(exp=NOW - 100)), "expiry", purpose="event")
    case(g, "event from the future", token(event(iat=NOW + 100)), "issued_at", purpose="event")
    case(g, "event of an unknown issuer", token(event(iss="https://evil.example")), "issuer", purpose="event")
    case(g, "event with a wrong signature", token(event(), key="attacker-rsa"), "signature", purpose="event")
    case(g, "access token as event", token(access()), "token_class", purpose="event", refused_class="no_security_event")


# ---- what the others say -------------------------------------------------------------------------------------------------

def peers():
    """Adds the verdicts of PyJWT and joserfc, set up as carefully as their documentation asks for."""
    import jwt
    import jwt.api_jwt
    from joserfc import jwt as jose
    from joserfc.jwk import import_key
    from joserfc.registry import HeaderParameter

    class Frozen(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(NOW, tz)

    jwt.api_jwt.datetime = Frozen
    everything = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
    for entry in CASES:
        if entry.get("purpose") == "event" or len(entry["token"]) > 20000:
            continue
        tok = entry["token"]
        issuer, key = None, None
        try:
            body = json.loads(base64.urlsafe_b64decode(tok.split(".")[1] + "=="))
            issuer = next((i for i in ISSUERS if i["issuer"] == body.get("iss")), None)
            head = json.loads(base64.urlsafe_b64decode(tok.split(".")[0] + "=="))
            named = [k for k in (issuer or ISSUERS[0])["keys"] or [] if k.get("kid") == head.get("kid")]
            key = named[0] if named else None
        except Exception:
            pass
        issuer = issuer or ISSUERS[0]
        key = key or (issuer["keys"] or OKTA_KEYS)[0]
        audience = (issuer.get("audiences") or []) + ([issuer["client_id"]] if "client_id" in issuer else [])
        verdicts = {}
        try:
            jwt.decode(tok, jwt.PyJWK(key, algorithm=None if "alg" in key else head["alg"]), algorithms=issuer.get("algorithms", everything),
                       issuer=issuer["issuer"], audience=audience or None, leeway=SKEW,
                       options={"require": ["exp", "sub"], "verify_aud": bool(audience)})
            verdicts["PyJWT"] = "accept"
        except Exception as error:
            verdicts["PyJWT"] = "refuse"
        try:
            found = jose.decode(tok, import_key(key), algorithms=issuer.get("algorithms", everything))
            rules = {"iss": {"essential": True, "value": issuer["issuer"]}, "exp": {"essential": True}, "sub": {"essential": True}}
            if audience:
                rules["aud"] = {"essential": True, "values": audience}
            jose.JWTClaimsRegistry(now=NOW, leeway=SKEW, **rules).validate(found.claims)
            verdicts["joserfc"] = "accept"
        except Exception as error:
            verdicts["joserfc"] = "refuse"
        entry["peers"] = verdicts


# ---- keys as data ---------------------------------------------------------------------------------------------------------

def jwk_cases():
    out = []

    def add(name, key, expect):
        out.append({"name": name, "jwk": key, "expect": expect})

    def modulus(bits):
        return b64(num((1 << (bits - 1)) | int.from_bytes(hashlib.shake_256(str(bits).encode()).digest(bits // 8 - 1), "big") | 1))

    r, p256, p384, p521, ed = jwk("rsa"), jwk("P-256"), jwk("P-384"), jwk("P-521"), jwk("ed")
    for name, key in {"RSA": r, "P-256": p256, "P-384": p384, "P-521": p521, "Ed25519": ed}.items():
        add(name, key, "usable")
        add(name + ", use sig", {**key, "use": "sig"}, "usable")
        add(name + ", use enc", {**key, "use": "enc"}, "wrong_use")
        add(name + ", kid number", {**key, "kid": 1}, "malformed")
        add(name + ", alg HS256", {**key, "alg": "HS256"}, "wrong_algorithm")
    for bits, expect in [(1024, "weak"), (2040, "weak"), (2047, "weak"), (2048, "usable"), (3072, "usable"), (4096, "usable"), (8192, "usable"), (8193, "huge"), (8200, "huge"), (16384, "huge")]:
        n = modulus(bits) if bits % 8 == 0 else b64(num((1 << (bits - 1)) | (1 << 77) | 1))
        add(f"modulus of {bits} bits", {**r, "n": n}, expect)
    for e, expect in [(1, "bad_exponent"), (2, "bad_exponent"), (3, "usable"), (4, "bad_exponent"), (17, "usable"), (65536, "bad_exponent"), (65537, "usable"), (2**32 + 1, "usable"), (2**33 - 1, "usable"),
                      (2**33 + 1, "bad_exponent"), (2**64 + 1, "bad_exponent"), (2**256 + 1, "bad_exponent")]:
        add(f"exponent {e}", {**r, "e": b64(num(e))}, expect)
    add("exponent 0", {**r, "e": b64(b"\0")}, "bad_exponent")
    add("even modulus", {**r, "n": b64(num(KEYS["rsa"].public_key().public_numbers().n - 1))}, "bad_exponent")
    add("leading zero in the modulus", {**r, "n": b64(b"\0" + num(KEYS["rsa"].public_key().public_numbers().n))}, "usable")
    add("modulus padded", {**r, "n": r["n"] + "=="}, "malformed")
    add("modulus with plus", {**r, "n": "+" + r["n"][1:]}, "malformed")
    add("modulus empty", {**r, "n": ""}, "malformed")
    add("modulus missing", {k: v for k, v in r.items() if k != "n"}, "malformed")
    add("modulus a number", {**r, "n": 5}, "malformed")
    add("exponent missing", {k: v for k, v in r.items() if k != "e"}, "malformed")
    add("all zero modulus", {**r, "n": b64(b"\0" * 256)}, "weak")
    for member in ["d", "p", "q", "dp", "dq", "qi"]:
        add(f"private member {member} is not looked at", {**r, member: "not even base64!"}, "usable")
    size = 32
    x, y = num(P256X, 32), num(P256Y, 32)
    add("y off the curve", {**p256, "y": b64(num(P256Y ^ 1, 32))}, "invalid")
    add("x and y zero", {**p256, "x": b64(b"\0" * 32), "y": b64(b"\0" * 32)}, "invalid")
    add("x beyond the field", {**p256, "x": b64(b"\xff" * 32)}, "invalid")
    add("x short", {**p256, "x": b64(x[1:])}, "malformed")
    add("x long", {**p256, "x": b64(b"\0" + x)}, "malformed")
    add("y missing", {k: v for k, v in p256.items() if k != "y"}, "malformed")
    add("y short", {**p256, "y": b64(y[:-1])}, "malformed")
    add("P-256 coordinates called P-384", {**p256, "crv": "P-384"}, "malformed")
    add("P-384 coordinates called P-256", {**p384, "crv": "P-256"}, "malformed")
    add("P-521 off the curve", {**p521, "x": p521["y"], "y": p521["x"]}, "invalid")
    add("P-384 off the curve", {**p384, "x": p384["y"], "y": p384["x"]}, "invalid")
    for crv in ["secp256k1", "P-192", "P-224", "p-256", "brainpoolP256r1", "Ed25519", "", None, 256]:
        add(f"EC crv {crv!r}", {**p256, "crv": crv}, "unknown_curve")
    for crv in ["X25519", "Ed448", "X448", "P-256", "ed25519", None]:
        add(f"OKP crv {crv!r}", {**ed, "crv": crv}, "unknown_curve")
    add("Ed25519 short", {**ed, "x": b64(b"\2" * 31)}, "malformed")
    add("Ed25519 long", {**ed, "x": b64(b"\2" * 33)}, "malformed")
    for encoded in ["0100000000000000000000000000000000000000000000000000000000000000", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
                    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                    "0100000000000000000000000000000000000000000000000000000000000080", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"]:
        add(f"Ed25519 point of small order {encoded[:4]}…{encoded[-2:]}", {**ed, "x": b64(bytes.fromhex(encoded))}, "invalid")
    for kty in ["oct", "rsa", "Rsa", "ec", "EC2", "", None, 1, ["RSA"]]:
        add(f"kty {kty!r}", {**r, "kty": kty}, "unknown_type")
    add("kty missing", {k: v for k, v in r.items() if k != "kty"}, "unknown_type")
    for use in ["", "SIG", "Sig", "sign", None, 1, ["sig"]]:
        add(f"use {use!r}", {**r, "use": use}, "wrong_use")
    add("key_ops verify", {**r, "key_ops": ["verify"]}, "usable")
    add("key_ops sign and verify", {**r, "key_ops": ["sign", "verify"]}, "usable")
    add("key_ops sign", {**r, "key_ops": ["sign"]}, "wrong_operations")
    add("key_ops empty", {**r, "key_ops": []}, "wrong_operations")
    add("key_ops a string", {**r, "key_ops": "verify"}, "malformed")
    add("key_ops null", {**r, "key_ops": None}, "malformed")
    for alg in ["RS256", "RS512", "PS384"]:
        add(f"RSA alg {alg}", {**r, "alg": alg}, "usable")
    for alg in ["ES256", "EdDSA", "RSA-OAEP", "none", "rs256", "", None, 1]:
        add(f"RSA alg {alg!r}", {**r, "alg": alg}, "wrong_algorithm")
    add("P-256 alg ES256", {**p256, "alg": "ES256"}, "usable")
    add("P-256 alg ES384", {**p256, "alg": "ES384"}, "wrong_algorithm")
    add("P-521 alg ES512", {**p521, "alg": "ES512"}, "usable")
    add("Ed25519 alg EdDSA", {**ed, "alg": "EdDSA"}, "usable")
    add("Ed25519 alg ES256", {**ed, "alg": "ES256"}, "wrong_algorithm")
    add("kid of 256 bytes", {**r, "kid": "k" * 256}, "usable")
    add("kid of 257 bytes", {**r, "kid": "k" * 257}, "long_id")
    add("x5c is not looked at", {**r, "x5c": ["rubbish"], "x5u": "https://evil.example", "x5t": 5}, "usable")
    for name, value in {"a string": "key", "null": None, "an array": [r], "a number": 1}.items():
        add(name, value, "not_an_object")
    return out


def spellings():
    """The Kelvin sign is canonically equivalent to K, e with a combining accent to é: not the same letters (RFC 7519 §7.3)."""
    g = "spelling"
    kelvin, accent = "\u212a", "cafe\u0301"

    def kasse(claims, **more):
        return token(claims, **{"key": "oidc-rsa", "kid": "K1", **more})
    def at(**changes):
        return oidc(**{"iss": KASSE, "aud": "api://Kasse", **changes})
    case(g, "as configured", kasse(at()), "accept")
    case(g, "iss", kasse(at(iss=KASSE.replace("K", kelvin))), "issuer")
    case(g, "aud", kasse(at(aud=f"api://{kelvin}asse")), "audience")
    case(g, "aud in an array", kasse(at(aud=["x", f"api://{kelvin}asse"])), "audience")
    case(g, "aud composed, as configured", kasse(at(aud="caf\u00e9")), "accept")
    case(g, "aud decomposed", kasse(at(aud=accent)), "audience")
    case(g, "kid", kasse(at(), kid=kelvin + "1"), "key_unknown", kid=kelvin + "1")
    case(g, "kid composed, as published", kasse(at(), alg="ES256", key="P-256", kid="caf\u00e9"), "accept")
    case(g, "kid decomposed", kasse(at(), alg="ES256", key="P-256", kid=accent), "key_unknown", kid=accent)
    case(g, "aud of an ID token", kasse(at(aud=kelvin + "1", nonce="n", scope=GONE)), "audience")
    case(g, "azp of an ID token", kasse(at(aud="K1", nonce="n", scope=GONE, azp=kelvin + "1")), "client")
    case(g, "cid", token(access(iss=KASSE_OKTA, cid=kelvin + "1")), "client")
    case(g, "Clerk's azp", token(clerk1(iss=KASSE_CLERK, azp=f"https://{kelvin}asse.acme.com"), key="clerk-rsa", kid="ins_1"), "authorized_party")
    case(g, "Clerk's azp as configured", token(clerk1(iss=KASSE_CLERK, azp="https://Kasse.acme.com"), key="clerk-rsa", kid="ins_1"), "accept")
    case(g, "a subject keeps its spelling", kasse(at(sub=accent)), "accept", subject=accent)
    case(g, "alg with a fullwidth letter", kasse(at(), header={"alg": "R\uff33256", "kid": "K1"}, signature=b"x" * 32), "algorithm")
    case(g, "typ with a dotless letter", token(typ="at+\u017fwt"), "type")


def main():
    for part in (accepted, shape, header, key_choice, signatures, claims, providers, spellings):
        part()
    peers()
    pems = {name: pem(name).decode() for name in ("rsa", "rsa2", "clerk-rsa", "oidc-rsa", "P-256", "P-384", "P-521", "ed")}
    data = {"now": NOW, "skew": SKEW, "event_audience": "https://vestibule.acme.com", "issuers": ISSUERS, "pems": pems}
    lines = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in CASES)
    head = json.dumps(data, indent=1)[:-2]
    (HERE / "attacks.json").write_text(head + ',\n "cases": [\n' + lines + "\n]}\n")
    keys = jwk_cases()
    (HERE / "jwks.json").write_text('{"cases": [\n' + ",\n".join(json.dumps(k, ensure_ascii=True) for k in keys) + "\n]}\n")
    differ = [c for c in CASES if c["expect"] != "accept" and "accept" in c.get("peers", {}).values()]
    print(len(CASES), "tokens,", len(keys), "keys;", len(differ), "tokens that a peer accepts and we refuse")


main()
