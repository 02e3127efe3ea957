"""Config/kubernetes: its form by the schemas, and that names, ports, labels, paths and settings fit each other and the
service."""

import re

import jsonschema
import kubernetes_validate
import pytest
import yaml

from harness.manifests import KEYS, MANIFESTS, lets_in, lets_out, manifest, selects
from harness.programs import ROOT

CUSTOM = yaml.safe_load((ROOT / "Tests/Vectors/kubernetes/custom.yaml").read_text())
PODS = {name: manifest(kind, name)["spec"]["template"] for kind, name in (
    ("Deployment", "vestibule"), ("Job", "vestibule-migrate"))}
#: The headers by which services know people, from the program itself.
IDENTITY = {name.lower() for name in re.findall(
    r'"(X-Auth-[\w-]+)"', (ROOT / "Sources/Gateway/Decisions/IdentityHeaders.swift").read_text())}


@pytest.mark.parametrize("part", MANIFESTS, ids=lambda part: f'{part["kind"]}-{part["metadata"]["name"]}')
def test_a_manifest_has_its_schemas_form(part):
    if part["kind"] in CUSTOM:
        assert set(part) == {"apiVersion", "kind", "metadata", "spec"}
        assert part["apiVersion"] == CUSTOM[part["kind"]]["api"]
        jsonschema.Draft202012Validator(CUSTOM[part["kind"]]["spec"]).validate(part["spec"])
    else:
        kubernetes_validate.validate(part, "1.37", strict=True)
    assert part["kind"] == "Namespace" or part["metadata"]["namespace"]


def test_a_misspelled_field_is_found():
    part = manifest("SecurityPolicy")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(part["spec"] | {"extAuht": {}}, CUSTOM["SecurityPolicy"]["spec"])
    deployment = manifest("Deployment")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment | {"spec": deployment["spec"] | {"replica": 2}}, "1.37", strict=True)


@pytest.mark.parametrize("name", PODS)
def test_a_pod_may_do_little(name):
    pod = PODS[name]["spec"]
    assert pod["automountServiceAccountToken"] is False and pod["enableServiceLinks"] is False
    assert pod["securityContext"] == {"runAsNonRoot": True, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
                                      "seccompProfile": {"type": "RuntimeDefault"}}
    assert pod["serviceAccountName"] == manifest("ServiceAccount")["metadata"]["name"]
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]
        assert re.search(r":\d+\.\d+\.\d+$", container["image"])
    assert len({container["image"] for pod in PODS.values() for container in pod["spec"]["containers"]}) == 1


@pytest.mark.parametrize("name, secret", [("vestibule", "vestibule"), ("vestibule-migrate", "vestibule-owner")])
def test_every_setting_is_one_and_secrets_are_files_of_the_pods_own(name, secret):
    pod = PODS[name]["spec"]
    (container,), (volume,) = pod["containers"], pod["volumes"]
    (mount,) = container["volumeMounts"]
    assert mount["name"] == volume["name"] and mount["readOnly"]
    assert volume["secret"] == {"secretName": secret, "defaultMode": 0o440}
    guide = (ROOT / "docs/deploy-kubernetes.md").read_text()
    for setting in container["env"]:
        plain = setting["name"].removesuffix("_FILE")
        assert plain in KEYS and ("secret: true" in KEYS[plain]) == (plain != setting["name"]), setting["name"]
        if plain != setting["name"]:
            assert setting["value"] == f'{mount["mountPath"]}/{plain}'
            assert re.search(rf"create secret generic {secret} [^$]*--from-literal={plain}=", guide), plain


def test_the_ports_and_labels_fit_each_other():
    labels = PODS["vestibule"]["metadata"]["labels"]
    container = PODS["vestibule"]["spec"]["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    settings = {setting["name"]: setting.get("value") for setting in container["env"]}
    assert settings["VESTIBULE_LISTEN"] == f'0.0.0.0:{ports["http"]}'
    service = manifest("Service")
    offered = {port["name"]: port for port in service["spec"]["ports"]}
    assert offered["http"]["targetPort"] in ports
    assert selects({"matchLabels": service["spec"]["selector"]}, labels)
    assert not selects({"matchLabels": service["spec"]["selector"]}, PODS["vestibule-migrate"]["metadata"]["labels"])
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert selects(manifest(kind)["spec"]["selector"], labels)
    for name, pod in PODS.items():
        assert selects(manifest("NetworkPolicy", name)["spec"]["podSelector"], pod["metadata"]["labels"])
    monitor = manifest("ServiceMonitor")["spec"]
    assert selects(monitor["selector"], service["metadata"]["labels"]) and monitor["endpoints"][0]["port"] in offered
    target = manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert manifest(target["kind"], target["name"])["apiVersion"] == target["apiVersion"]
    for backend in (manifest("SecurityPolicy")["spec"]["extAuth"]["http"]["backendRefs"]
                    + manifest("HTTPRoute")["spec"]["rules"][0]["backendRefs"]):
        assert (backend["name"], backend["port"]) == (service["metadata"]["name"], offered["http"]["port"])


@pytest.mark.parametrize("namespace, labels, gets_in", [
    ("envoy-gateway-system", {"app.kubernetes.io/name": "envoy"}, True),
    ("monitoring", {"app.kubernetes.io/name": "prometheus"}, True),
    ("envoy-gateway-system", {"app.kubernetes.io/name": "other"}, False),
    ("monitoring", {"app.kubernetes.io/name": "grafana"}, False),
    ("default", {"app.kubernetes.io/name": "envoy"}, False),
    ("vestibule", {"app.kubernetes.io/name": "vestibule-migrate"}, False),
])
def test_who_gets_in(namespace, labels, gets_in):
    assert lets_in(manifest("NetworkPolicy"), namespace, labels, "http") == gets_in
    assert not lets_in(manifest("NetworkPolicy", "vestibule-migrate"), namespace, labels, "http")


@pytest.mark.parametrize("address, port, service, migration", [
    ("10.0.10.7", 5432, True, True), ("10.0.11.7", 5432, False, False), ("203.0.113.9", 443, True, False),
    ("203.0.113.9", 80, False, False), ("169.254.169.254", 443, False, False), ("10.0.0.1", 443, False, False),
    ("192.168.1.1", 443, False, False),
])
def test_what_is_reached(address, port, service, migration):
    assert lets_out(manifest("NetworkPolicy"), address, port) == service
    assert lets_out(manifest("NetworkPolicy", "vestibule-migrate"), address, port) == migration


def test_no_identity_header_of_a_client_survives_and_every_one_is_set():
    assert len(IDENTITY) == 10
    headers = manifest("ClientTrafficPolicy")["spec"]["headers"]
    assert set(headers["earlyRequestHeaders"]["remove"]) == IDENTITY
    assert headers["withUnderscoresAction"] != "Allow" and headers["requestID"] == "Generate"
    policy = manifest("SecurityPolicy")["spec"]["extAuth"]
    assert set(policy["http"]["headersToBackend"]) == IDENTITY and policy["failOpen"] is False
    # What a decision may depend on besides what Envoy always sends.
    assert {"cookie", "x-org-id", "x-forwarded-for"} <= set(policy["headersToExtAuth"])
    grant = manifest("ReferenceGrant")["spec"]
    assert grant["from"][0]["namespace"] == manifest("SecurityPolicy")["metadata"]["namespace"]
    assert grant["to"][0]["name"] == policy["http"]["backendRefs"][0]["name"]


def test_the_gateway_offers_the_api_and_not_the_authorizer(service):
    """Of the running service's own document: all but the gateways' questions and the operators'."""
    prefixes = [match["path"]["value"] for match in manifest("HTTPRoute")["spec"]["rules"][0]["matches"]]
    documented = service.get("/openapi.json").json()["paths"]
    for path in documented:
        offered = any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)
        hidden = path.startswith("/authorize") or path in ("/metrics", "/healthz", "/readyz")
        assert offered != hidden, path
    for prefix in prefixes:
        if prefix != "/organizations":
            assert any(path == prefix or path.startswith(prefix + "/") for path in documented), prefix
    assert manifest("SecurityPolicy")["spec"]["extAuth"]["http"]["path"] + "/{rest}" in documented


def test_probes_metrics_and_scaling_ask_for_what_there_is(service):
    container = PODS["vestibule"]["spec"]["containers"][0]
    for probe, path in (("startupProbe", "/readyz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/healthz")):
        assert container[probe]["httpGet"] == {"path": path, "port": "http"}
        assert service.get(path).status_code == 200
    settings = {setting["name"]: setting.get("value") for setting in container["env"]}
    # Prometheus is in the pods' network like the gateway.
    assert settings["VESTIBULE_METRICS_PEERS"] == settings["VESTIBULE_TRUSTED_PROXIES"]
    metrics = service.get(manifest("ServiceMonitor")["spec"]["endpoints"][0]["path"]).text
    for metric in manifest("HorizontalPodAutoscaler")["spec"]["metrics"]:
        if metric["type"] == "Pods":
            assert f'# TYPE {metric["pods"]["metric"]["name"]} gauge' in metrics
    grace = PODS["vestibule"]["spec"]["terminationGracePeriodSeconds"]
    assert grace > 25 + container["lifecycle"]["preStop"]["sleep"]["seconds"]


def test_envoy_gateway_is_told_what_the_tests_of_envoy_itself_run():
    """Config/gateways/envoy.yaml, which Tests/Gateways has a real Envoy run: the same question, asked the same way."""
    envoy = yaml.safe_load(re.sub(r"\$\{\w+\}", "1", (ROOT / "Config/gateways/envoy.yaml").read_text()))
    manager = envoy["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    (question,) = [entry["typed_config"] for entry in manager["http_filters"] if "ext_authz" in entry["name"]]
    policy, client = manifest("SecurityPolicy")["spec"]["extAuth"], manifest("ClientTrafficPolicy")["spec"]
    assert question["http_service"]["path_prefix"] == policy["http"]["path"]
    assert question["failure_mode_allow"] == policy["failOpen"]
    assert [entry["exact"] for entry in question["allowed_headers"]["patterns"]] == policy["headersToExtAuth"]
    (early,) = manager["early_header_mutation_extensions"]
    # The policy removes by name alone.
    removed = [entry["remove"] for entry in early["typed_config"]["mutations"] if "remove" in entry]
    assert removed == client["headers"]["earlyRequestHeaders"]["remove"]
    assert manager["path_with_escaped_slashes_action"] == "REJECT_REQUEST"
    assert client["path"] == {
        "escapedSlashesAction": "RejectRequest", "disableMergeSlashes": not manager["merge_slashes"]}
