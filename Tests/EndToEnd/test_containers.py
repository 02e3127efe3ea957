"""docker/: the image's description and the compose file, and its services at work by the same commands, without
containers. Tests/Containers/run builds and starts the image itself."""

import os
import re

import compose_spec
import pytest
import yaml

from harness.manifests import KEYS
from harness.pod import COMPOSE, Pod, list_of
from harness.programs import BINARY, ROOT, eventually
from harness.service import vestibule

DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
INSTRUCTIONS = [line.split(maxsplit=1) for line in re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.M)
                .replace("\\\n", " ").splitlines() if line.strip()]
STAGES = [position for position, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"]
OURS = [name for name, service in COMPOSE["services"].items() if service["image"] == "vestibule"]


def test_the_bases_are_pinned():
    bases = [value.split("=", 1)[1] for name, value in INSTRUCTIONS[:STAGES[0]] if name == "ARG"]
    assert len(bases) == 2 and all(re.search(r"/library/(debian|swift):\d+\.\d+(\.\d+)?-\w+$", base) for base in bases)
    assert [INSTRUCTIONS[stage][1] for stage in STAGES] == ["${SWIFT} AS build", "${DEBIAN} AS root", "scratch"]
    assert "ADD" not in {name for name, _ in INSTRUCTIONS}


def test_the_image_is_nobodys_and_says_how_it_is():
    last = {name: value for name, value in INSTRUCTIONS[STAGES[-1]:]}
    assert last["USER"] == "65532:65532" and last["ENTRYPOINT"] == '["/usr/bin/vestibule"]' and last["CMD"] == '["serve"]'
    assert last["HEALTHCHECK"].endswith('CMD ["/usr/bin/vestibule", "healthcheck"]')
    assert "RUN" not in last and "static-swift-stdlib" in DOCKERFILE
    for setting in re.findall(r"(\w+)=", last["ENV"]):
        assert setting in KEYS
    assert last["ENV"].endswith(":" + last["EXPOSE"])


def test_it_is_built_of_what_a_checkout_is_built_of():
    wanted = set(re.findall(r"[\w.+-]+-dev\b", (ROOT / "scripts/setup.sh").read_text().split("test_packages")[0]))
    build = " ".join(value for _, value in INSTRUCTIONS[STAGES[0]:STAGES[1]])
    assert set(re.findall(r"[\w.+-]+-dev\b", build)) == wanted and len(wanted) > 5


def test_what_is_copied_is_there_and_is_sent():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name, value in INSTRUCTIONS:
        if name == "COPY" and not value.startswith("--from"):
            source = value.split()[0]
            assert (ROOT / source).exists() and f"!{source}" in ignored, source


def test_the_compose_file_has_its_form():
    compose_spec.PyCompose.from_yaml(yaml.safe_dump(COMPOSE))
    with pytest.raises(ValueError, match="read_onyl"):
        compose_spec.PyCompose.from_yaml(yaml.safe_dump(COMPOSE | {"services": {"a": {"image": "a", "read_onyl": True}}}))
    for name, service in COMPOSE["services"].items():
        assert name in OURS or re.search(r":\d+\.\d+[\w.-]*$", service["image"]), "not pinned"
        for other in service.get("depends_on", {}):
            assert other in COMPOSE["services"]
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
        for network in service.get("networks", ()):
            assert network == "default" or network in COMPOSE["networks"]


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_locked_in_with_settings_that_there_are(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"] and "user" not in service and "privileged" not in service
    assert set(service.get("environment", {})) <= set(KEYS)
    assert list_of(service["command"])[0] in vestibule("help").stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")
def test_the_services_work_together(tmp_path):
    """What the file's first lines tell to try."""
    pod = Pod(tmp_path)
    try:
        pod.start_postgres()
        migration = pod.start("migrate")
        assert migration.wait(60) == 0, migration.output()
        started = {name: pod.start(name) for name in ("vestibule", "idp", "nginx", "backend")}

        def ready():
            assert all(program.alive() for program in started.values())
            return pod.curl("http://127.0.0.1:8080/readyz").startswith("200")

        eventually(ready, "readiness", 60)
        eventually(lambda: pod.curl("http://127.0.0.1:9001/okta/.well-known/jwks.json")[:3] != "000", "the IdP")
        published = {port.split(":")[1]: port.split(":")[2] for port in COMPOSE["services"]["vestibule"]["ports"]}
        api, gateway, idp = (f"http://127.0.0.1:{published[port]}" for port in ("8080", "8000", "9000"))
        eventually(lambda: pod.curl(gateway)[:3] == "401", "nginx")
        status, token = pod.curl(f"{idp}/token?shape=okta&email=ada@example.com").split(maxsplit=1)
        assert status == "200", token
        header = ("-H", f"Authorization: Bearer {token.strip()}")
        assert pod.curl("-X", "POST", *header, f"{api}/identities/provision")[:3] in ("200", "201")
        answer = pod.curl(*header, "-H", "X-Auth-Email: eve@example.com", gateway)
        assert re.match(r"200 user [0-9a-f-]{36}, ada@example.com, org_owner of [0-9a-f-]{36}", answer), answer
        # The image's own question whether it is well.
        assert pod.run("env", "VESTIBULE_LISTEN=0.0.0.0:8080", BINARY, "healthcheck").returncode == 0
    finally:
        pod.close()
