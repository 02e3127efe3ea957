"""Identity providers hosted by the tests themselves, signed with PyJWT's primitives: a second opinion."""

import base64
import hashlib
import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

OKTA, CLERK, OIDC = "okta", "clerk", "oidc"
AUDIENCE, CLIENT_ID, AUTHORIZED_PARTY = "api://default", "0oaendtoend", "http://localhost:3000"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class Key:
    """A private key with the id and algorithm under which it is published."""

    def __init__(self, algorithm: str = "RS256", kid: str | None = None, bits: int = 2048):
        self.algorithm = algorithm
        self.kid = kid or uuid.uuid4().hex
        if algorithm[:2] in ("RS", "PS"):
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            curve = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}[algorithm]
            self.private = ec.generate_private_key(curve())

    def jwk(self, **changes) -> dict:
        kind = {"R": RSAAlgorithm, "P": RSAAlgorithm, "E": ECAlgorithm}[self.algorithm[0]]
        if self.algorithm == "EdDSA":
            kind = OKPAlgorithm
        published = json.loads(kind.to_jwk(self.private.public_key()))
        published.pop("key_ops", None)
        published |= {"kid": self.kid, "use": "sig", "alg": self.algorithm} | changes
        return {name: value for name, value in published.items() if value is not None}

    def sign(self, message: bytes, algorithm: str | None = None) -> bytes:
        return jwt.get_algorithm_by_name(algorithm or self.algorithm).sign(message, self.private)

    def token(self, claims, header: dict | None = None, algorithm: str | None = None) -> str:
        """Signs anything: `claims` may be raw bytes, a header member may be None to be left out."""
        algorithm = algorithm or self.algorithm
        head = {"alg": algorithm, "kid": self.kid, "typ": "JWT"} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        body = claims if isinstance(claims, bytes) else compact(claims)
        return self.token_of_bytes(compact(head), body, algorithm)

    def token_of_bytes(self, head: bytes, body: bytes, algorithm: str | None = None) -> str:
        message = f"{b64(head)}.{b64(body)}"
        return f"{message}.{b64(self.sign(message.encode(), algorithm))}"


def hmac_token(claims: dict, secret: bytes, kid: str) -> str:
    message = f"{b64(compact({'alg': 'HS256', 'kid': kid, 'typ': 'JWT'}))}.{b64(compact(claims))}"
    code = hmac.HMAC(secret, hashes.SHA256())
    code.update(message.encode())
    return f"{message}.{b64(code.finalize())}"


class Issuer:
    """One issuer: its keys, who it knows, and how its endpoints behave."""

    def __init__(self, host: "IssuerHost", shape: str, path: str):
        self.shape, self.path = shape, path
        self.url = host.origin + path
        self.key = Key()
        self.keys = [self.key]
        self.jwks_status = 200
        self.jwks_fetches = 0
        self.jwks_delay = 0.0
        self.people: dict[str, dict] = {}
        self.userinfo_calls = 0
        self.backend_calls = 0

    @property
    def keys_path(self) -> str:
        return f"{self.path}/v1/keys" if self.shape == OKTA else f"{self.path}/.well-known/jwks.json"

    def rotate(self, keep: bool = True, algorithm: str = "RS256") -> Key:
        self.key = Key(algorithm)
        self.keys = [self.key] + (self.keys if keep else [])
        return self.key

    def publish(self, key: Key) -> Key:
        self.keys = self.keys + [key]
        return key

    def subject(self, email: str) -> str:
        digest = hashlib.sha256(f"{self.path} {email.lower()}".encode()).hexdigest()
        return {OKTA: "00u" + digest[:17], CLERK: "user_" + digest[:27], OIDC: digest[:32]}[self.shape]

    def claims(self, email: str, /, **changes) -> dict:
        """An Okta access token's, a Clerk session token's, or an OIDC token's claims; None removes one."""
        now = int(time.time())
        subject = self.subject(email)
        self.people[subject] = {"email": email, "email_verified": True, "name": email.split("@")[0].title()}
        claims = {"iss": self.url, "iat": now, "exp": now + 3600}
        if self.shape == OKTA:
            claims |= {"ver": 1, "jti": "AT." + uuid.uuid4().hex, "aud": AUDIENCE, "sub": email, "uid": subject,
                       "cid": CLIENT_ID, "scp": ["openid", "profile", "email"], "auth_time": now, "email": email}
        elif self.shape == CLERK:
            claims |= {"azp": AUTHORIZED_PARTY, "fva": [0, -1], "nbf": now - 5, "exp": now + 60,
                       "sid": "sess_" + uuid.uuid4().hex, "sub": subject, "email": email, "email_verified": True}
        else:
            claims |= {"aud": AUDIENCE, "sub": subject, "email": email, "email_verified": True,
                       "name": email.split("@")[0].title()}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, email: str, /, header: dict | None = None, **changes) -> str:
        return self.key.token(self.claims(email, **changes), header)

    def id_claims(self, email: str, /, **changes) -> dict:
        """An Okta ID token's claims."""
        now = int(time.time())
        claims = {"ver": 1, "jti": "ID." + uuid.uuid4().hex, "iss": self.url, "aud": CLIENT_ID,
                  "sub": self.subject(email), "iat": now, "exp": now + 3600, "amr": ["pwd"], "idp": "00oe2e",
                  "auth_time": now, "email": email, "email_verified": True, "name": "Ada Lovelace",
                  "given_name": "Ada", "family_name": "Lovelace", "preferred_username": email}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def id_token(self, email: str, /, **changes) -> str:
        return self.key.token(self.id_claims(email, **changes))


class IssuerHost:
    """The web server of all issuers of a test session."""

    def __init__(self):
        host = self

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, body, fields = host.answer(self.path, self.headers)
                data = json.dumps(body).encode() if not isinstance(body, bytes) else body
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json"} | fields).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 256

            def handle_error(self, *_):
                pass

        self._server = Server(("127.0.0.1", 0), Answers)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.issuers: dict[str, Issuer] = {}
        self.asked: list[tuple[str, str, str]] = []
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def issuer(self, shape: str) -> Issuer:
        """A new issuer with keys of its own."""
        path = f"/{shape}-{uuid.uuid4().hex[:8]}"
        if shape == OKTA:
            path += "/oauth2/default"
        issuer = Issuer(self, shape, path)
        self.issuers[path] = issuer
        return issuer

    def traces(self) -> list[tuple[str, str, str]]:
        """What callers have told of their traces: the path's end, `traceparent` and `tracestate`."""
        return list(self.asked)

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, fields) -> tuple:
        path = path.split("?")[0]
        if "traceparent" in fields:
            self.asked.append(("/" + path.rsplit("/", 1)[-1], fields["traceparent"], fields.get("tracestate", "")))
        bearer = (fields.get("Authorization") or "").removeprefix("Bearer ")
        for issuer in self.issuers.values():
            if path == f"{issuer.path}-api/v1/users/{path.rsplit('/', 1)[-1]}":
                return self._backend_user(issuer, path.rsplit("/", 1)[-1], bearer)
            if not path.startswith(issuer.path + "/"):
                continue
            if path == issuer.keys_path:
                issuer.jwks_fetches += 1
                time.sleep(issuer.jwks_delay)
                if issuer.jwks_status != 200:
                    return issuer.jwks_status, {"error": "away"}, {}
                return 200, {"keys": [key if isinstance(key, dict) else key.jwk() for key in issuer.keys]}, {}
            if path.endswith("/.well-known/openid-configuration"):
                base = self.origin
                userinfo = f"{issuer.url}/v1/userinfo" if issuer.shape == OKTA else f"{issuer.url}/userinfo"
                return 200, {
                    "issuer": issuer.url, "jwks_uri": base + issuer.keys_path, "userinfo_endpoint": userinfo,
                    "authorization_endpoint": f"{issuer.url}/authorize", "token_endpoint": f"{issuer.url}/token",
                    "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"]}, {}
            if path.endswith("/userinfo"):
                issuer.userinfo_calls += 1
                return self._userinfo(issuer, bearer)
        return 404, {"error": "not found"}, {}

    @staticmethod
    def _userinfo(issuer: Issuer, token: str) -> tuple:
        try:
            claims = jwt.decode(token, issuer.key.private.public_key(), algorithms=[issuer.key.algorithm],
                                options={"verify_aud": False})
        except jwt.PyJWTError:
            return 401, {"error": "invalid_token"}, {}
        subject = claims.get("uid", claims["sub"])
        return 200, {"sub": subject} | issuer.people.get(subject, {}), {}

    @staticmethod
    def _backend_user(issuer: Issuer, subject: str, key: str) -> tuple:
        issuer.backend_calls += 1
        if not key.startswith("sk_"):
            return 401, {"errors": [{"code": "clerk_key_invalid"}]}, {}
        if subject not in issuer.people:
            return 404, {"errors": [{"code": "resource_not_found"}]}, {}
        person = issuer.people[subject]
        status = "verified" if person["email_verified"] else "unverified"
        return 200, {
            "id": subject, "object": "user", "primary_email_address_id": "idn_1", "first_name": "Ada",
            "last_name": "Lovelace", "email_addresses": [
                {"id": "idn_0", "email_address": "other@example.org", "verification": {"status": "verified"}},
                {"id": "idn_1", "email_address": person["email"], "verification": {"status": status}}]}, {}
