"""Config/gateways/aws.tf: the function runs with the very settings of the file, and answers what it tells the gateway."""

import re

import hcl2
import pytest

from harness.gateway_events import allows, arn, event, is_sound
from harness.lambda_api import Function, RuntimeAPI, SecretsExtension
from harness.programs import ROOT

FILE = ROOT / "Config/gateways/aws.tf"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf"


def plain(value):
    """Without the quotes and marks that the reader leaves around values."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"^\$\{(.*)\}$", r"\1", value.strip('"'), flags=re.DOTALL)
    return value


@pytest.fixture(scope="module")
def terraform():
    with FILE.open() as file:
        parsed = plain(hcl2.load(file))
    resources = {}
    for block in parsed["resource"]:
        for kind, named in block.items():
            for name, body in named.items():
                resources[f"{kind}.{name}"] = body
    return parsed, resources


def test_the_gateway_keeps_no_answer_longer_than_the_shortest_token_lives(terraform):
    parsed, resources = terraform
    assert parsed["locals"][0]["cache_seconds"] <= 60
    for name in ("aws_apigatewayv2_authorizer.http", "aws_api_gateway_authorizer.rest"):
        assert resources[name]["authorizer_result_ttl_in_seconds"] == "local.cache_seconds"
        assert resources[name]["authorizer_uri"] == "aws_lambda_function.vestibule.invoke_arn"


def test_what_is_named_is_there(terraform):
    parsed, resources = terraform
    text = FILE.read_text()
    variables = {name for block in parsed["variable"] for name in block}
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables
    for kind, name in re.findall(r"\b(aws_\w+)\.(\w+)\.", text):
        assert f"{kind}.{name}" in resources


def test_the_function_runs_with_its_settings(terraform, folder, fresh_database, okta):
    _, resources = terraform
    function = resources["aws_lambda_function.vestibule"]
    assert function["runtime"] == "provided.al2023" and function["handler"] == "bootstrap"
    settings = function["environment"][0]["variables"]
    values = {"var.okta_issuer": okta.url, "var.okta_audience": "api://default", "var.database_secret_arn": SECRET}
    settings = {name: values.get(value, value) for name, value in settings.items()}
    assert not any(value.startswith("var.") for value in settings.values())
    fresh_database.settle_bootstrap()
    org = fresh_database.org("acme")
    fresh_database.invite(org, "ada@example.com", "org_admin")
    secrets, api = SecretsExtension("session", {SECRET: fresh_database.service_url}), RuntimeAPI()
    started = Function(api, folder, VESTIBULE_IDP_ALLOW_HTTP="true", AWS_SESSION_TOKEN="session",
                       PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=secrets.port, **settings)
    try:
        token = okta.token("ada@example.com")
        http, rest = resources["aws_apigatewayv2_authorizer.http"], resources["aws_api_gateway_authorizer.rest"]
        form = {"1.0": "http_1", "2.0": "http_2"}[http["authorizer_payload_format_version"]]
        kind, answer, _ = api.invoke(event(form, token))
        assert kind == "response" and answer["context"]["org_role"] == "org_admin", answer
        # The form of the answer is the one that the gateway was told of.
        if http["enable_simple_responses"] in (True, "true"):
            assert answer["isAuthorized"] is True
        else:
            is_sound(answer)
            assert allows(answer["policyDocument"], arn(stage="$default"))
            # It is kept under the token alone, so it must be right for every route of the stage.
            assert allows(answer["policyDocument"], arn("DELETE", "/elsewhere", stage="$default"))
        kind, answer, _ = api.invoke(event({"TOKEN": "rest_token", "REQUEST": "rest_request"}[rest["type"]], token))
        is_sound(answer)
        assert allows(answer["policyDocument"], arn())
    finally:
        started.stop()
        secrets.close()
        api.close()
