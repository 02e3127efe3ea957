"""CONTRACT section 1, `vestibule import`: users in bulk, once each, whatever interrupts it."""

import csv
import json
import os
import pty
import re
import select
import signal
import subprocess

import pytest

from harness.database import Relay
from harness.issuers import CLERK, OKTA
from harness.programs import BINARY, ROOT, clean_environment, eventually
from harness.service import issuer_environment, problem, vestibule

LONG = 90


def lines(path, people) -> str:
    with open(path, "w") as file:
        for one in people:
            file.write((one if isinstance(one, str) else json.dumps(one)) + "\n")
    return str(path)


def people(count: int, mark: str = "", **more):
    return ({"subject": f"00u{mark}{number}", "email": f"user{mark}{number}@bulk.example", **more}
            for number in range(count))


class Importer:
    """Runs the command against one database."""

    def __init__(self, database, *issuers, **more):
        self.database = database
        self.env = clean_environment(DATABASE_URL=database.service_url, **issuer_environment(*issuers), **more)

    def command(self, path, *flags, provider: str = "okta") -> list:
        return [str(BINARY), "import", str(path), "--provider", provider, *flags]

    def run(self, path, *flags, code: int | None = 0, **more):
        result = subprocess.run(self.command(path, *flags, **more), env=self.env, cwd=ROOT, text=True,
                                capture_output=True, timeout=LONG)
        assert code is None or result.returncode == code, result.stdout + result.stderr
        return result

    def start(self, path, *flags):
        return subprocess.Popen(self.command(path, *flags), env=self.env, cwd=ROOT, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def batches(self) -> int:
        return self.database.one("SELECT count(*) FROM import_batches")


def summary(result) -> dict:
    [line] = [line for line in result.stdout.splitlines() if re.match(r"\d+ lines", line)]
    return {name: int(number) for number, name in re.findall(r"(\d+) (?:would be )?(lines|created|joined|unchanged|refused)", line)}


def of(lines=0, created=0, joined=0, unchanged=0, refused=0) -> dict:
    return {"lines": lines, "created": created, "joined": joined, "unchanged": unchanged, "refused": refused}


def refusals(result) -> dict:
    found = (re.match(r"line (\d+): (\w+): .+", line) for line in result.stdout.splitlines())
    return {int(match[1]): match[2] for match in found if match}


@pytest.fixture
def okta(host):
    return host.issuer(OKTA)


@pytest.fixture
def bulk(fresh_database, okta):
    fresh_database.settle_bootstrap()
    return Importer(fresh_database, okta)


# What is written.


def test_imported_people_log_in(bulk, start, okta, tmp_path):
    """By the subject of the file, or by the verified e-mail; all with what the file gave them."""
    database = bulk.database
    org = database.org("acme")
    result = bulk.run(lines(tmp_path / "people.ndjson", [
        {"subject": okta.subject("ada@bulk.example"), "email": "Ada@bulk.example", "full_name": "Ada Lovelace",
         "first_name": "Ada", "last_name": "Lovelace", "org_slug": "acme", "role": "org_admin"},
        {"email": "bob@bulk.example", "email_verified": True, "first_name": "Bob", "org_slug": "acme"},
        {"email": "eve@bulk.example"}]))
    assert summary(result) == of(lines=3, created=3)
    service = start(database.service_url, okta)
    for email, roles in (("ada@bulk.example", ["org_admin"]), ("bob@bulk.example", ["org_user"]), ("eve@bulk.example", [])):
        for outcome in ("linked", "existing"):
            answer = service.provision(okta.token(email))
            assert answer.status_code == 200, answer.text
            data = answer.json()["data"]
            assert data["decision"]["outcome"] == outcome
        assert [one["role"] for one in data["organizations"]] == roles
        assert data["profile"]["current_org_id"] == (org if roles else None)
    assert database.one("SELECT full_name FROM profiles WHERE email = 'Ada@bulk.example'") == "Ada Lovelace"
    actions = {row[0] for row in database.rows("SELECT DISTINCT action FROM audit_log")}
    assert {"users.import", "org_members.import"} <= actions


def test_an_imported_subject_that_nobody_has_used_keeps_nobody_out(bulk, start, okta, clerk, tmp_path):
    """Of the same issuer or another, by the verified e-mail alone; once somebody has come in it is theirs."""
    database = bulk.database
    database.org("acme")
    bulk.run(lines(tmp_path / "people.ndjson", [
        {"subject": f"00u-of-the-file-{name}", "email": f"{name}@bulk.example", "org_slug": "acme"} for name in ("ada", "bob")]))
    service = start(database.service_url, okta, clerk)
    unverified = service.provision(clerk.token("ada@bulk.example", email_verified=False))
    assert (unverified.status_code, problem(unverified)) == (403, "email_unverified")
    for issuer, other, email in ((okta, clerk, "ada@bulk.example"), (clerk, okta, "bob@bulk.example")):
        answer = service.provision(issuer.token(email))
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["decision"]["outcome"] == "linked"
        assert [one["slug"] for one in answer.json()["data"]["organizations"]] == ["acme"]
        refused = service.provision(other.token(email))
        assert (refused.status_code, problem(refused)) == (409, "identity_conflict")


def test_whoever_was_refused_a_moment_ago_is_let_in_as_soon_as_they_are_imported(bulk, start, okta, tmp_path):
    """Well before the refusal would be forgotten by itself, after five seconds, and while the run goes on."""
    service = start(bulk.database.service_url, okta)
    tokens = [okta.token(email) for email in ("ada@bulk.example", "bob@bulk.example")]
    path = lines(tmp_path / "people.ndjson", [
        {"subject": okta.subject("ada@bulk.example"), "email": "ada@bulk.example"}, {"email": "bob@bulk.example"}])
    assert [service.authorize(token).status_code for token in tokens] == [403, 403]
    bulk.run(path)
    eventually(lambda: [service.authorize(token).status_code for token in tokens] == [200, 200], "the imported", 3)


def test_a_second_run_changes_nothing(bulk, tmp_path):
    bulk.database.org("acme")
    file = lines(tmp_path / "people.ndjson", people(2500, org_slug="acme"))
    assert summary(bulk.run(file)) == of(lines=2500, created=2500)
    counts = bulk.database.counts()
    assert summary(bulk.run(file)) == of(lines=2500, unchanged=2500)
    assert bulk.database.counts() == counts


def test_who_is_there_joins_and_is_never_lowered(bulk, tmp_path):
    database = bulk.database
    database.org("acme"), database.org("other")
    bulk.run(lines(tmp_path / "a.ndjson", people(3, org_slug="acme", role="org_owner")))
    result = bulk.run(lines(tmp_path / "b.ndjson", [
        {"email": "USER0@bulk.example", "org_slug": "acme", "role": "org_user"},
        {"subject": "00u1", "email": "user1@bulk.example", "org_slug": "other", "role": "org_admin"}]))
    assert summary(result) == of(lines=2, joined=1, unchanged=1)
    assert database.rows("SELECT o.slug, m.role, count(*) FROM org_members m JOIN org o ON o.id = m.org_id"
                         " GROUP BY 1, 2 ORDER BY 1, 2") == [("acme", "org_owner", 3), ("other", "org_admin", 1)]


def test_csv(bulk, tmp_path):
    bulk.database.org("acme")
    path = tmp_path / "people.csv"
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "full_name", "subject", "email_verified", "org_slug"])
        writer.writerow(["ann@bulk.example", 'Ann "Quote", of \ntwo lines', "s1", "true", "acme"])
        writer.writerow(["no address", "", "", "", ""])
        writer.writerow(["bo@bulk.example", "Bö", "", "", ""])
        writer.writerow(["cy@bulk.example"])
    result = bulk.run(path, code=1)
    # Lines are the file's, records may span some; control characters leave a name, as at a login.
    assert summary(result) == of(lines=4, created=2, refused=2)
    assert refusals(result) == {4: "email_invalid", 6: "line_invalid"}
    assert bulk.database.rows("SELECT full_name FROM profiles ORDER BY email") == [
        ('Ann "Quote", of two lines',), ("Bö",)]


# What is refused.

BAD = [
    ("{", "line_invalid"), ("[]", "line_invalid"), ('{"email":"a@b.example","email":"a@b.example"}', "line_invalid"),
    ({"email": "x@bulk.example", "age": 3}, "field_invalid"), ({"email": 3}, "field_invalid"),
    ({"email": "x@bulk.example", "email_verified": "yes"}, "field_invalid"),
    ({"subject": "s"}, "email_missing"), ({"email": "two@at@signs"}, "email_invalid"),
    ({"email": "x@bulk.example", "subject": "a\nb"}, "subject_invalid"),
    ({"email": "x@bulk.example", "subject": "x" * 256}, "subject_invalid"),
    ({"email": "x@bulk.example", "email_verified": False}, "email_unverified"),
    ({"email": "x@bulk.example", "role": "org_admin"}, "role_invalid"),
    ({"email": "x@bulk.example", "org_slug": "acme", "role": "king"}, "role_invalid"),
    ({"email": "x@bulk.example", "org_slug": "nowhere"}, "org_not_found"),
    ({"email": "x@bulk.example", "full_name": "x" * 65_536}, "line_too_long"),
    ({"email": "taken@bulk.example", "subject": "another"}, "identity_conflict"),
    ({"email": "x@bulk.example", "subject": "taken"}, "identity_conflict"),
    ({"email": "gone@bulk.example"}, "user_deactivated"),
]


def test_every_refused_line_is_reported_with_its_number_and_reason(bulk, tmp_path):
    database = bulk.database
    database.org("acme")
    bulk.run(lines(tmp_path / "before.ndjson", [
        {"subject": "taken", "email": "taken@bulk.example"}, {"subject": "gone", "email": "gone@bulk.example"}]))
    database.run("UPDATE auth.users SET is_active = false WHERE email = 'gone@bulk.example'")
    counts = database.counts()
    # A good one between any two, and a blank line, which counts but is no person.
    file = [""] + [one for bad, (line, _) in enumerate(BAD)
                   for one in (line, {"email": f"good{bad}@bulk.example", "subject": f"good{bad}"})]
    expected = {2 + 2 * number: reason for number, (_, reason) in enumerate(BAD)}
    path = lines(tmp_path / "people.ndjson", file)
    dry = bulk.run(path, "--dry-run", code=1)
    assert refusals(dry) == expected
    assert database.counts() == counts and bulk.batches() == 1
    report = tmp_path / "report.ndjson"
    result = bulk.run(path, "--report", report, code=1)
    assert summary(result) == summary(dry) == of(lines=2 * len(BAD), created=len(BAD), refused=len(BAD))
    told = [json.loads(line) for line in report.read_text().splitlines()]
    assert {one["line"]: one["reason"] for one in told} == expected
    assert all(one["detail"] and "bulk.example" not in one["detail"] for one in told)
    assert database.counts()["auth.users"] == counts["auth.users"] + len(BAD)


def test_a_line_of_the_greatest_size_is_taken_and_one_byte_more_is_not(bulk, tmp_path):
    def of_size(size: int, email: str) -> str:
        frame = json.dumps({"email": email, "last_name": ""})
        return frame[:-2] + "x" * 100 + '"' + " " * (size - len(frame) - 100) + "}"

    path = lines(tmp_path / "people.ndjson", [of_size(65_536, "a@bulk.example"), of_size(65_537, "b@bulk.example")])
    assert refusals(bulk.run(path, code=1)) == {2: "line_too_long"}
    assert bulk.database.rows("SELECT email FROM profiles") == [("a@bulk.example",)]


def test_of_lines_for_one_person_the_first_decides(bulk, tmp_path):
    """Within a batch and across batches that are written at the same time."""
    bulk.database.org("acme")
    many = [{"email": "one@bulk.example", "subject": "one", "full_name": f"Name {number}", "org_slug": "acme",
             "role": "org_admin" if number == 2900 else "org_user"} for number in range(3000)]
    assert summary(bulk.run(lines(tmp_path / "people.ndjson", many[:20] + list(people(2000)) + many[20:]))) == of(
        lines=5000, created=2001, joined=1, unchanged=2998)
    assert bulk.database.rows("SELECT full_name FROM profiles WHERE email = 'one@bulk.example'") == [("Name 0",)]
    assert bulk.database.rows("SELECT role FROM org_members") == [("org_admin",)]


def test_an_imported_subject_is_of_the_named_provider(fresh_database, host, okta, start, tmp_path):
    clerk = host.issuer(CLERK)
    bulk = Importer(fresh_database, okta, clerk)
    fresh_database.settle_bootstrap()
    start(fresh_database.service_url, okta, clerk)  # has the providers stored
    bulk.env = clean_environment(DATABASE_URL=fresh_database.service_url)
    bulk.run(lines(tmp_path / "people.ndjson", people(1)), provider="clerk")
    assert fresh_database.rows("SELECT provider_name, issuer FROM external_identities") == [("clerk", clerk.url)]


# Interruptions.


def test_killed_in_the_middle_and_run_again(bulk, tmp_path):
    """Nothing twice, nothing missing, and what an earlier start has done is not done again."""
    database = bulk.database
    database.org("acme")
    total = 48_000
    bad = {number: "email_invalid" for number in (1, 5_000, 47_999)}
    path = lines(tmp_path / "people.ndjson", [
        {"email": "none"} if number in bad else person
        for number, person in enumerate(people(total, org_slug="acme"), 1)])
    seen = [0]
    for _ in range(3):
        process = bulk.start(path)
        eventually(lambda: bulk.batches() > seen[-1], "another batch", 60, lambda: process.poll() is None)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        eventually(lambda: database.service_sessions() == 0, "the sessions' end", 30)
        counts = database.counts()
        done = database.rows("SELECT sum(created), sum(refused) FROM import_batches")[0]
        # Whole batches only, each with everything.
        assert counts["auth.users"] == counts["external_identities"] == counts["profiles"] == done[0]
        assert counts["org_members"] == done[0]
        seen.append(bulk.batches())
    assert seen[-1] < total // 4000, "killed too late to show anything"
    result = bulk.run(path, code=1)
    assert "going on behind" in result.stderr
    assert summary(result) == of(lines=total, created=total - 3, refused=3)
    assert refusals(result) == bad
    assert database.rows("SELECT count(*), count(DISTINCT email), count(DISTINCT user_id) FROM profiles") == [
        (total - 3,) * 3]
    assert database.one("SELECT count(*) FROM imports WHERE finished_at IS NOT NULL") == 1
    assert database.one("SELECT sum(created) FROM import_batches") == total - 3


def test_two_runs_of_one_file_at_the_same_time(bulk, tmp_path):
    path = lines(tmp_path / "people.ndjson", people(6000))
    processes = [bulk.start(path) for _ in range(2)]
    for process in processes:
        out, err = process.communicate(timeout=LONG)
        assert process.returncode == 0, out + err
    assert bulk.database.counts()["auth.users"] == bulk.database.counts()["external_identities"] == 6000


def test_a_server_that_goes_away_is_exit_3_and_the_same_command_goes_on(bulk, tmp_path):
    path = lines(tmp_path / "people.ndjson", people(20_000))
    relay = Relay()
    near, bulk.env["DATABASE_URL"] = bulk.env["DATABASE_URL"], relay.url("vestibule_e2e_service", bulk.database.name)
    process = bulk.start(path)
    eventually(lambda: bulk.batches() > 0, "a batch", 60, lambda: process.poll() is None)
    relay.cut()
    out, err = process.communicate(timeout=LONG)
    relay.close()
    assert process.returncode == 3, out + err
    assert "goes on" in err
    bulk.env["DATABASE_URL"] = near
    assert summary(bulk.run(path)) == of(lines=20_000, created=20_000)


# Progress and usage.


def test_a_terminal_gets_a_bar_with_rate_and_time_left(bulk, tmp_path):
    path = lines(tmp_path / "people.ndjson", people(15_000))
    leader, follower = pty.openpty()
    process = subprocess.Popen(bulk.command(path), env=bulk.env, cwd=ROOT, stdout=subprocess.PIPE, stderr=follower)
    os.close(follower)
    drawn = b""
    while select.select([leader], [], [], LONG)[0]:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    assert process.wait(LONG) == 0
    os.close(leader)
    bars = drawn.decode().split("\r")
    assert re.search(r"\[#+\.+\] \d+ %, [\d ]+ lines, [\d ]+ a second, .+ left", drawn.decode()), bars[:5]
    assert re.search(r"\[#{30}\] 100 %, 15 000 lines, [\d ]+ a second", bars[-2] + bars[-1]), bars[-2:]


def test_nothing_is_drawn_elsewhere(bulk, tmp_path):
    result = bulk.run(lines(tmp_path / "people.ndjson", people(3000)))
    assert "\r" not in result.stderr and "\x1b" not in result.stderr


@pytest.mark.parametrize("arguments, named", [
    ([], "file"), (["{file}"], "--provider"), (["{file}", "--provider", "auth0"], "--provider"),
    (["/nowhere.ndjson", "--provider", "okta"], "/nowhere.ndjson"), (["{file}", "b.csv", "--provider", "okta"], "one file"),
    (["{file}.txt", "--provider", "okta"], "--format"), (["{file}", "--provider", "okta", "--format", "xml"], "xml"),
    (["{file}", "--provider", "clerk"], "clerk is not configured"),
    (["{file}", "--provider", "okta", "--report", "/nowhere/report"], "/nowhere/report")])
def test_usage(bulk, tmp_path, arguments, named):
    file = lines(tmp_path / "people.ndjson", people(1))
    lines(tmp_path / "people.ndjson.txt", people(1))
    result = subprocess.run([str(BINARY), "import", *(word.format(file=file) for word in arguments)], env=bulk.env,
                            cwd=ROOT, text=True, capture_output=True, timeout=LONG)
    assert result.returncode == 2 and named in result.stderr, result.stdout + result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("text, named", [
    ("", "empty"), ("name,subject\n", "column 1"), ("subject,full_name\n", "email"), ("email,email\n", "two columns"),
    ('"email\n', "first line")])
def test_a_csv_without_a_usable_header(bulk, tmp_path, text, named):
    (tmp_path / "people.csv").write_text(text)
    result = bulk.run(tmp_path / "people.csv", code=2)
    assert named in result.stderr


def test_no_server(tmp_path):
    result = vestibule("import", lines(tmp_path / "people.ndjson", people(1)), "--provider", "okta",
                       env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert result.returncode == 3, result.stdout + result.stderr


def test_memory_does_not_grow_with_the_file(bulk, tmp_path):
    """Peak of a run over four times as many lines, all refused, so that it is the reading that is looked at."""
    def peak(count: int) -> int:
        path = lines(tmp_path / f"{count}.ndjson", ('{"email":"nobody","full_name":"%d"}' % n for n in range(count)))
        process = subprocess.Popen(bulk.command(path, "--report", "/dev/null"), env=bulk.env, cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        assert os.waitstatus_to_exitcode(status) == 1
        return usage.ru_maxrss

    small, large = peak(20_000), peak(80_000)
    assert large < small * 1.3, (small, large)
