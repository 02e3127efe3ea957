"""Deliveries as the providers send them: Clerk's signed by the Svix library, Okta's in its event hooks' form."""

import base64
import json
import secrets
import time
import uuid
from datetime import datetime, timedelta, timezone

from svix.webhooks import Webhook


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def milliseconds(ago: float = 0) -> int:
    return int((time.time() - ago) * 1000)


def svix_headers(secret: str, body: str, message: str, ago: float = 0, name: str = "svix") -> dict:
    moment = datetime.now(tz=timezone.utc) - timedelta(seconds=ago)
    signature = Webhook(secret).sign(message, moment, body)
    return {f"{name}-id": message, f"{name}-timestamp": str(int(moment.timestamp())), f"{name}-signature": signature,
            "Content-Type": "application/json"}


def clerk_user(subject: str, email: str | None, updated_ago: float = 0, verified: str = "verified", **more) -> dict:
    addresses = [{"id": "idn_0", "email_address": "old@elsewhere.example", "verification": {"status": "verified"}}]
    if email:
        addresses.append({"id": "idn_1", "object": "email_address", "email_address": email,
                          "verification": {"status": verified, "strategy": "email_code"}})
    return {"id": subject, "object": "user", "primary_email_address_id": "idn_1" if email else None,
            "email_addresses": addresses, "first_name": "Ada", "last_name": "Lovelace", "banned": False,
            "image_url": "https://img.clerk.com/x", "updated_at": milliseconds(updated_ago),
            "private_metadata": {"note": "s3cr3t-note"}} | more


class Clerk:
    """Sends what Clerk would."""

    def __init__(self, service, secret: str):
        self.service, self.secret = service, secret

    def post(self, kind: str, data: dict, message: str | None = None, ago: float = 0, headers: dict | None = None,
             body: str | None = None, **more):
        body = body or json.dumps({"type": kind, "object": "event", "data": data, "timestamp": milliseconds(ago)})
        message = message or "msg_" + uuid.uuid4().hex
        headers = headers or svix_headers(self.secret, body, message, **more)
        return self.service.request("POST", "/webhooks/clerk", headers=headers, content=body.encode())

    def done(self, kind: str, data: dict, outcome: str = "done", **more):
        answer = self.post(kind, data, **more)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"success": True, "data": {"outcome": outcome}}, answer.text


class Okta:
    """Sends what Okta's event hooks would."""

    def __init__(self, service, secret: str):
        self.service, self.secret = service, secret

    @staticmethod
    def event(kind: str, subject: str, ago: float = 0, **more) -> dict:
        moment = datetime.now(tz=timezone.utc) - timedelta(seconds=ago)
        return {"uuid": str(uuid.uuid4()), "published": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "eventType": kind, "version": "0", "displayMessage": "x", "severity": "INFO",
                "actor": {"id": "00uadmin", "type": "User", "alternateId": "admin@corp.example", "displayName": "Boss"},
                "outcome": {"result": "SUCCESS"},
                "target": [{"id": subject, "type": "User", "alternateId": "who@corp.example", "displayName": "Who Else"}],
                } | more

    def post(self, *events: dict, authorization: str | None = None, body: bytes | None = None):
        delivery = {"eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "cloudEventsVersion": "0.1",
                    "source": "https://corp.okta.com/api/v1/eventHooks/who", "eventId": str(uuid.uuid4()),
                    "data": {"events": list(events)}, "eventTime": "2030-01-01T00:00:00.000Z",
                    "contentType": "application/json"}
        return self.service.request(
            "POST", "/webhooks/okta",
            headers={"Authorization": authorization or self.secret, "Content-Type": "application/json"},
            content=body or json.dumps(delivery).encode())

    def done(self, *events: dict, **outcomes):
        answer = self.post(*events)
        assert answer.status_code == 200, answer.text
        wanted = {"done": 0, "ignored": 0, "repeated": 0} | (outcomes or {"done": len(events)})
        assert answer.json() == {"success": True, "data": wanted}, answer.text
