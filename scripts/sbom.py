"""The bill of materials of a program, as SPDX 2.3: sbom.py PROGRAM VERSION SECONDS_SINCE_1970 > FILE.

What the program is linked with is asked of the program, versions of dpkg, and Swift's of the toolchain. The same program on the
same system gives the same bytes.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

#: Of what the program itself names; docs/dependencies.md and NOTICE say the same.
LICENCES = {
    "libssl3": "Apache-2.0", "libpq5": "PostgreSQL", "libcurl4": "curl", "libc-ares2": "MIT", "libhiredis0.14": "BSD-3-Clause",
    "libjwt0": "MPL-2.0", "libjansson4": "MIT", "libc6": "LGPL-2.1-or-later", "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
}


def output(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}).stdout


def libraries(program: str) -> dict:
    """Each library by name, with the file that it is."""
    return dict(re.findall(r"^\s+(\S+) => (/\S+)", output("ldd", program), re.M))


def owners(files: list) -> dict:
    """The Debian package of each file, which may be known by its name from before /usr was merged."""
    names = {name: file for file in files
             for real in [os.path.realpath(file)] for name in (file, real, real.removeprefix("/usr"))}
    # One search for all of them: each reads dpkg's whole list. It complains of the names that it does not know.
    done = subprocess.run(["dpkg-query", "-S", *sorted(names)], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    found = {}
    for line in done.stdout.splitlines():
        packages, _, name = line.rpartition(": ")
        if name in names:
            found[names[name]] = packages.split(",")[0].split(":")[0]
    for file in files:
        if file not in found:
            sys.exit(f"{file} belongs to no Debian package: its version is not known")
    return found


def identifier(name: str) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name: str, version: str, **more) -> dict:
    return {"SPDXID": identifier(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION"} | more


def debian(name: str) -> dict:
    version, source, architecture, home = output(
        "dpkg-query", "-W", "-f", "${Version}\t${source:Package}\t${Architecture}\t${Homepage}\n", name).splitlines()[0].split("\t")
    release = re.search(r'^VERSION_ID="?(\d+)', Path("/etc/os-release").read_text(), re.M)
    url = f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"
    if release:
        url += f"&distro=debian-{release[1]}"
    return package(
        name, version, supplier="Organization: Debian", sourceInfo=f"Debian source package {source}",
        licenseDeclared=LICENCES.get(name, "NOASSERTION"), **({"homepage": home} if home else {}),
        externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}])


def swift() -> dict:
    version = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    return package("swift", version, supplier="Organization: Swift.org", homepage="https://swift.org/",
                   licenseDeclared="Apache-2.0 WITH Swift-exception",
                   externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": f"pkg:github/swiftlang/swift@swift-{version}-RELEASE"}])


def main():
    program, version, epoch = sys.argv[1], sys.argv[2], int(sys.argv[3])
    digest = hashlib.sha256(Path(program).read_bytes()).hexdigest()
    named = set(re.findall(r"\(NEEDED\).*\[(.*?)\]", output("readelf", "-d", program)))
    linked = libraries(program)
    of_swift = {name for name, file in linked.items() if "/swift/" in file}
    owned = owners(sorted(file for name, file in linked.items() if name not in of_swift))
    found = {name: debian(name) for name in sorted(set(owned.values()))}
    direct = {owned[file] for name, file in linked.items() if file in owned and name in named}
    own = package(
        "vestibule", version, supplier="Organization: The Vestibule authors", licenseDeclared="Apache-2.0",
        copyrightText="Copyright 2026 The Vestibule authors", primaryPackagePurpose="APPLICATION",
        checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    toolchain = swift()
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"]),
                 (own["SPDXID"], "DYNAMIC_LINK" if of_swift else "STATIC_LINK", toolchain["SPDXID"])]
    relations += [(own["SPDXID"], "DYNAMIC_LINK" if name in direct else "DEPENDS_ON", found[name]["SPDXID"]) for name in found]
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"vestibule-{version}",
        "documentNamespace": f"https://vestibule.invalid/spdx/vestibule-{version}-{digest}",
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
                         "creators": ["Tool: vestibule-sbom", "Organization: The Vestibule authors"]},
        "packages": [own, toolchain, *found.values()],
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
