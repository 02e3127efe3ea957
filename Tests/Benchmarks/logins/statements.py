"""The statements of a first login, as they stand in the sources, put together as one function of the database."""

import re
from pathlib import Path

STORAGE = Path(__file__).resolve().parents[3] / "Sources/Storage"

#: What a login sends, in its order, with what stands for each parameter. (LoginReading, LoginWriting)
FACTS = [
    ("login_request", ["'bench'", "'127.0.0.1'"]),
    ("login_lock_identity", ["v_issuer", "v_subject"]),
    ("login_lock_email", ["v_email"]),
    ("login_lock_first_owner", []),
    ("account_by_identity", ["v_issuer", "v_subject", "false"]),
    ("login_is_barred", ["v_issuer", "v_subject"]),
    ("login_email_owner", ["v_email", "v_email"]),
    ("login_invites", ["v_email", "v_issuer", "v_subject", "v_email"]),
    ("login_domain", ["v_domain", "v_email", "v_issuer", "v_subject"]),
    ("login_platform", []),
]
WRITES = [
    ("login_silence", []),
    ("login_create_user", ["v_user", "v_email"]),
    ("login_create_identity", ["v_identity", "v_user", "'okta'", "v_issuer", "v_subject", "v_email", "'{\"claimed\": {}}'::jsonb"]),
    ("login_create_profile", ["v_user", "v_email", *["NULL::text"] * 5, "'global_user'", "v_org"]),
    ("login_join", ["v_org", "v_user", "'org_user'", "NULL::uuid"]),
]
INVITE = [("login_accept_invite", ["v_invite", "v_user"])]
RECORDS = [
    ("auth_event", ["v_outcome", "v_user", "'okta'", "v_issuer", "v_subject", "v_email", "v_org", "NULL::text", "'bench'",
                    "'127.0.0.1'::inet", "'{}'::jsonb"]),
    ("login_audit", ["v_user", "'user.login.' || v_outcome", "v_org", "jsonb_build_object('outcome', v_outcome)", "'bench'",
                     "'127.0.0.1'::inet"]),
    ("account_by_identity", ["v_issuer", "v_subject", "false"]),
]


TEXT = r'(?:"""\n(.*?)"""|"((?:[^"\\]|\\.)*)")'


def _sources() -> dict:
    found, parts = {}, {}
    for path in STORAGE.rglob("*.swift"):
        owner = None
        for kind, name, part, statement, block, line in re.findall(
                rf'\b(enum|struct) (\w+)|(?:static let (\w+): SQL =|Statement(?:<[^>]+>)?\(\s*"(\w+)",)\s*{TEXT}',
                path.read_text(), re.S):
            if kind:
                owner = name
            elif part:
                parts[f"{owner}.{part}"] = block or line
            else:
                found[statement] = block or line
    return {name: re.sub(r"\\\(([\w.]+)\)", lambda match: parts.get(match[1], match[0]), text) for name, text in found.items()}


def function(name: str) -> str:
    """A function of a number that does what the login of that number does."""
    sources = _sources()

    def calls(statements) -> str:
        lines = []
        for statement, values in statements:
            text = sources[statement].strip()
            used = {int(number) for number in re.findall(r"\$(\d+)", text)}
            if used != set(range(1, len(values) + 1)):
                raise SystemExit(f"{statement} has other parameters now; mend {__file__}")
            text = re.sub(r"\$(\d+)", lambda match: f"({values[int(match[1]) - 1]})", text)
            lines.append(re.sub(r"^SELECT\b", "PERFORM", text) + ";")
        return "\n".join(lines)

    return f"""
    CREATE FUNCTION {name}(v_number bigint, v_issuer text, v_org uuid) RETURNS void LANGUAGE plpgsql AS $bench$
    #variable_conflict use_column
    DECLARE
        v_by_invite boolean := v_number % 2 = 0;
        v_outcome text := CASE WHEN v_by_invite THEN 'invite' ELSE 'domain' END;
        v_domain text := v_outcome || '.example';
        v_subject text := '00ubench' || v_number;
        v_email text := 'bench-' || v_number || '@' || v_domain;
        v_user uuid := gen_random_uuid();
        v_identity uuid := gen_random_uuid();
        v_invite uuid := invite_id(v_number);
    BEGIN
        {calls(FACTS)}
        {calls(WRITES)}
        IF v_by_invite THEN
            {calls(INVITE)}
        END IF;
        {calls(RECORDS)}
    END
    $bench$"""
