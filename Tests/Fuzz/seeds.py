#!/usr/bin/env python3
"""Writes the fuzzers' first inputs, seeds.py TARGET FOLDER: those of seeds/TARGET.json, the test vectors, and what
fuzzing kept (corpora/TARGET.txt)."""

import base64
import json
import pathlib
import sys

here = pathlib.Path(__file__).parent
vectors = here.parent / "Vectors" / "tokens"
target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)


def decode(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return b""


def members(text: bytes) -> bytes | None:
    """The claims without those that the target adds itself."""
    try:
        claims = json.loads(text)
        claims.pop("exp", None)
        return b"," + json.dumps(claims).encode()[1:-1] if claims else b""
    except (ValueError, AttributeError, TypeError):
        return None


seeds = set()
for case in json.loads((vectors / "attacks.json").read_text())["cases"]:
    parts = [decode(part) for part in case["token"].split(".")]
    if len(parts) != 3 or len(case["token"]) > 4096:
        continue
    if target == "token":
        seeds |= {case["token"].encode(), b"\0".join(parts)}
    elif target == "json":
        seeds |= set(parts[:2])
    elif target == "claims" and (claims := members(parts[1])) is not None:
        seeds |= {bytes([choice]) + claims for choice in range(3)}
for case in json.loads((vectors / "jwks.json").read_text())["cases"]:
    if target == "keys":
        seeds.add(json.dumps({"keys": [case["jwk"]]}).encode())
written = here / "seeds" / f"{target}.json"
if written.exists():
    seeds |= {text.encode("latin-1") for text in json.loads(written.read_text())}
if target == "http":
    for vector in json.loads((here.parent / "Vectors/http/requests.json").read_text()):
        parts = [part if isinstance(part, list) else [part, 1] for part in vector["parts"]]
        data = b"".join(text.encode("latin-1") * count for text, count in parts)
        if len(data) < 1500:
            seeds.add(b"\x05" + data)
if target == "filter":
    filters = json.loads((here.parent / "Vectors/scim/filters.json").read_text())
    seeds |= {case["filter"].encode() for case in filters["accept"]} | {text.encode() for text in filters["refuse"]}
if target == "patch":
    patches = json.loads((here.parent / "Vectors/scim/patches.json").read_text())
    seeds |= {json.dumps(case["operations"]).encode() for case in patches["cases"]}
kept = here / "corpora" / f"{target}.txt"
if kept.exists():
    seeds |= {base64.b64decode(line) for line in kept.read_text().split()}
for number, seed in enumerate(sorted(seeds)):
    (folder / f"{number:05}").write_bytes(seed)
print(f"{target}: {len(seeds)} seeds")
