"""Writes what an identity provider knows of its users as lines for `vestibule import`. Python 3.9 or later, nothing else.

    OKTA_API_TOKEN=… python3 users.py okta --url https://acme.okta.com >people.ndjson
    CLERK_SECRET_KEY=… python3 users.py clerk --url https://api.clerk.com >people.ndjson
    python3 users.py okta listing.json …            from files that hold the provider's answers (an array each)
    --orgs members.csv                              email,org_slug,role: a line for each org that a person is in

Who is not active at the provider is left out; how many of which status is said on standard error.
"""

import argparse
import collections
import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request


def fetch(url: str, authorization: str):
    """One answer; waits where the provider says that it is too much (429)."""
    while True:
        request = urllib.request.Request(url, headers={"Authorization": authorization, "Accept": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers
        except urllib.error.HTTPError as error:
            if error.code != 429:
                sys.exit(f"{url} answers {error.code}: {error.read(500).decode(errors='replace')}")
            reset = error.headers.get("X-Rate-Limit-Reset")
            wait = int(reset) - time.time() if reset else float(error.headers.get("Retry-After") or 10)
            time.sleep(min(max(wait, 0.1), 60))


def okta_pages(url: str):
    token = os.environ.get("OKTA_API_TOKEN") or sys.exit("OKTA_API_TOKEN is not set: Okta → Security → API → Tokens")
    next_url = url.rstrip("/") + "/api/v1/users?limit=200"
    while next_url:
        page, headers = fetch(next_url, "SSWS " + token)
        yield page
        links = [link.split(";") for header in headers.get_all("Link", []) for link in header.split(",")]
        next_url = next((link[0].strip(" <>") for link in links if 'rel="next"' in link[-1]), None)
        if next_url and not next_url.startswith(url.rstrip("/") + "/"):
            sys.exit(f"the next page is at another host ({next_url}): the token is not sent there")


def clerk_pages(url: str):
    key = os.environ.get("CLERK_SECRET_KEY") or sys.exit("CLERK_SECRET_KEY is not set: Clerk → Configure → API Keys")
    offset = 0
    while True:
        page, _ = fetch(f"{url.rstrip('/')}/v1/users?limit=500&offset={offset}&order_by=created_at", "Bearer " + key)
        yield page
        offset += len(page)
        if not page:
            return


def okta_person(user: dict):
    profile = user.get("profile", {})
    person = {"subject": user["id"], "email": profile.get("email") or profile.get("login"),
              "full_name": profile.get("displayName"), "first_name": profile.get("firstName"), "last_name": profile.get("lastName")}
    return person, None if user.get("status") in ("ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY", "PROVISIONED", "STAGED") \
        else user.get("status")


def clerk_person(user: dict):
    addresses = user.get("email_addresses") or []
    address = next((one for one in addresses if one["id"] == user.get("primary_email_address_id")), None) or {}
    person = {"subject": user["id"], "email": address.get("email_address"),
              "email_verified": (address.get("verification") or {}).get("status") == "verified",
              "first_name": user.get("first_name"), "last_name": user.get("last_name")}
    return person, "banned" if user.get("banned") else None


def memberships(path):
    """The orgs of each address, in lower case."""
    found = collections.defaultdict(list)
    if path:
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                found[row["email"].strip().lower()].append(
                    {name: row[name].strip() for name in ("org_slug", "role") if row.get(name, "").strip()})
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("provider", choices=["okta", "clerk"])
    parser.add_argument("files", nargs="*", help="the provider's answers")
    parser.add_argument("--url", help="ask the provider itself")
    parser.add_argument("--orgs", help="CSV: email,org_slug,role")
    options = parser.parse_args()
    if bool(options.files) == bool(options.url):
        parser.error("give either --url or files")
    if options.url:
        pages = (okta_pages if options.provider == "okta" else clerk_pages)(options.url)
    else:
        pages = (json.load(open(name)) for name in options.files)
    convert = okta_person if options.provider == "okta" else clerk_person
    orgs, left_out, written = memberships(options.orgs), collections.Counter(), 0
    for user in (user for page in pages for user in page):
        person, problem = convert(user)
        problem = problem or (None if person["email"] else "no e-mail")
        if problem:
            left_out[problem] += 1
            continue
        person = {name: value for name, value in person.items() if value not in (None, "")}
        for org in orgs.get(person["email"].lower(), [{}]):
            print(json.dumps(person | org, ensure_ascii=False))
        written += 1
    print(f"{written} people, left out: {dict(left_out) or 'none'}", file=sys.stderr)


if __name__ == "__main__":
    main()
