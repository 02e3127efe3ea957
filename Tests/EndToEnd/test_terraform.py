"""Config/aws: names, arguments, permissions and cache by the files; and the function at work with the very settings that
they come to, answering what they tell the gateway."""

import json
import re

import pytest

from harness.gateway_events import allows, arn, event, is_sound
from harness.lambda_api import Function, RuntimeAPI, SecretsExtension
from harness.manifests import KEYS
from harness.programs import ROOT
from harness.terraform import (
    FOLDER, MODULES, SECRET, TERRAFORM, balanced, evaluate, expression, parts, run, text)

TYPES = json.loads((ROOT / "Tests/Vectors/terraform/aws.json").read_text())["types"]
#: Of every resource and module.
META = {"count", "for_each", "depends_on", "lifecycle", "provider"}
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="no terraform")


def references(source: str) -> set[str]:
    """The addresses that a module's expressions name."""
    source = re.sub(r"^\s*#.*$", "", source, flags=re.M)
    return {match[0] for match in re.finditer(
        r"(?<![\w./:\"-])(?:data\.aws_\w+\.\w+|aws_\w+\.\w+|(?:var|local|module)\.\w+)", source)}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_named_is_there_and_every_variable_is_used(module):
    there, named = set(parts(MODULES[module])), references(text(MODULES[module]))
    assert named and not named - there
    assert {name for name in there if name.startswith("var.")} <= named


def unknown_arguments(body: dict, form: dict, where: str) -> list[str]:
    known, blocks = set(form["required"]) | set(form["optional"]) | META, form.get("blocks", {})
    problems = [f"{where} needs {name}" for name in form["required"]
                if name not in body and name not in [entry for entry in body.get("dynamic", {})]]
    for name, value in body.items():
        if name == "dynamic":
            for entry in value:
                for block, inner in entry.items():
                    problems += unknown_arguments(inner["content"][0], blocks[block], f"{where}.{block}")
        elif name not in known:
            problems.append(f"{where} has no {name}")
        elif name in blocks:
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    problems += unknown_arguments(inner, blocks[name], f"{where}.{name}")
    return problems


@pytest.mark.parametrize("module", MODULES)
def test_every_argument_is_one_of_the_providers(module):
    checked = {address: body for address, body in parts(MODULES[module]).items() if "aws_" in address.split(".")[-2]}
    assert checked
    for address, body in checked.items():
        assert not unknown_arguments(body, TYPES[address.rsplit(".", 1)[0]], address)


def test_a_misspelled_argument_is_found():
    body = parts(FOLDER)["aws_lambda_function.authorizer"]
    form = TYPES["aws_lambda_function"]
    assert unknown_arguments(body | {"memory": 1}, form, "f") == ["f has no memory"]
    assert unknown_arguments(body | {"environment": [{"variable": {}}]}, form, "f") == ["f.environment has no variable"]


def test_the_modules_are_given_what_they_take():
    for module, above, name in (("service", FOLDER, "service"), (".", MODULES["examples/dev"], "vestibule")):
        given = set(parts(above)[f"module.{name}"]) - META - {"source"}
        taken = {address.removeprefix("var."): body for address, body in parts(MODULES[module]).items()
                 if address.startswith("var.")}
        assert given <= set(taken) and {key for key, body in taken.items() if "default" not in body} <= given
        assert all(module == "service" or body["description"] for body in taken.values())


@needs_terraform
def test_terraform_is_content_with_the_form():
    assert run(FOLDER, "fmt", "-check", "-recursive").returncode == 0


def test_it_has_the_platforms_form():
    assert {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "examples"} <= {path.name for path in FOLDER.iterdir()}
    outputs = {name.removeprefix("output.") for name in parts(FOLDER) if name.startswith("output.")}
    assert {"lambda_function_arns", "lambda_function_names", "iam_role_arn", "api_routes", "layer_arn"} <= outputs
    taken = {"environment", "module_name", "sns_topic_arn", "log_level", "common_tags"}
    assert {f"var.{name}" for name in taken} <= set(parts(FOLDER))
    function = parts(FOLDER)["aws_lambda_function.authorizer"]
    assert function["filename"] == "var.package" and function["source_code_hash"] == "filebase64sha256(var.package)"
    for alarm in ("errors", "duration", "throttles"):
        assert parts(FOLDER)[f"aws_cloudwatch_metric_alarm.{alarm}"]["alarm_actions"] == "local.alarm_actions"
    assert parts(FOLDER)["aws_cloudwatch_metric_alarm.errors"]["threshold"] == 5
    for folder in (FOLDER, FOLDER / "service"):
        groups = [body for name, body in parts(folder).items() if name.startswith("aws_cloudwatch_log_group.")]
        assert groups and all(group["retention_in_days"] == "var.log_retention_days" for group in groups)


@needs_terraform
@pytest.mark.parametrize("variables, complaint", [
    ({"environment": "production"}, "dev, tst, stg, prd"), ({"module_name": "Vestibule!"}, "2 to 20"),
    ({"log_level": "loud"}, "log level"), ({"log_retention_days": 7}, "at least 30"), ({"settings": {}}, "Name an issuer"),
    ({"settings": {"OKTA_ISSUER": "http://example.com"}}, "https://"), ({"cache_seconds": 61}, "At most 60"),
    ({"cache_seconds": -1}, "At most 60"), ({"image": "vestibule:latest"}, "by its digest"),
    ({"secrets": {"DATABASE_URL": "postgresql://here"}}, "whole ARN"),
    ({"secrets": {"DATABASE_URL": SECRET + "*"}}, "whole ARN"),
    ({"settings": {"OKTA_ISSUER": "https://example.com", "DATABASE_URL": "postgresql://here"}}, "Secrets are given by ARN")])
def test_a_wrong_value_is_refused_with_its_reason(variables, complaint, tmp_path):
    with pytest.raises(AssertionError, match=complaint):
        evaluate(".", tmp_path, {"name": "local.name"}, variables)


def test_no_secret_gets_among_the_settings():
    (pattern,) = re.findall(r'can\(regex\("([^"]+)", name\)\)', (FOLDER / "variables.tf").read_text())
    for name, definition in KEYS.items():
        assert bool(re.search(pattern, name)) == ("secret: true" in definition), name


@needs_terraform
def test_the_cache_is_under_all_that_an_answer_depends_on(tmp_path):
    wanted = {name: f"local.{name}" for name in ("cache_seconds", "identity_sources")}
    default = evaluate(".", tmp_path, wanted)
    # Where the org may be named by a header that a request may lack, nothing is kept.
    assert default["cache_seconds"] == 0 and "$request.header.X-Org-Id" not in default["identity_sources"]
    kept = evaluate(".", tmp_path, wanted, {"org_header_required": True})
    assert 0 < kept["cache_seconds"] <= 60
    assert kept["identity_sources"] == [
        "$request.header.Authorization", "$request.header.X-Org-Id", "$context.httpMethod", "$context.domainName",
        "$context.path"]
    resources = parts(FOLDER)
    for name in ("aws_apigatewayv2_authorizer.http", "aws_api_gateway_authorizer.rest"):
        assert resources[name]["authorizer_result_ttl_in_seconds"] == "local.cache_seconds"
        assert resources[name]["authorizer_uri"] == "aws_lambda_function.authorizer.invoke_arn"
    assert resources["aws_apigatewayv2_authorizer.http"]["identity_sources"] == "local.identity_sources"
    joined = expression((FOLDER / "main.tf").read_text(), "identity_source                  = join(")
    rest = evaluate(".", tmp_path, {"rest": joined}, {"org_header_required": True})["rest"]
    assert rest.split(",") == ["method.request.header.Authorization", "method.request.header.X-Org-Id",
                               "context.httpMethod", "context.domainName", "context.path"]


#: What AWS knows no resource for.
BOUNDLESS = {"ecr:GetAuthorizationToken", "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces",
             "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses",
             "ec2:UnassignPrivateIpAddresses"}


@needs_terraform
@pytest.mark.parametrize("module", [".", "service"])
def test_nobody_may_more_than_needed(module, tmp_path):
    source = text(MODULES[module])
    policies = {f"p{number}": "jsonencode" + balanced(source, match.end() - 1)
                for number, match in enumerate(re.finditer(r"policy = jsonencode\(", source))}
    variables = {"secrets": {"DATABASE_URL": SECRET}, "kms_key_arn": "arn:aws:kms:eu-central-1:123456789012:key/1"}
    if module == "service":
        policies = {f"{name}_{key}": value.replace("each.key", f'"{key}"')
                    for name, value in policies.items() for key in ("service", "migration")}
    # With everything that may be left out, and without.
    policies = [*evaluate(module, tmp_path, policies, variables).items(),
                *evaluate(module, tmp_path, policies, variables | {"kms_key_arn": "", "repository_arn": ""}).items()]
    for name, policy in policies:
        for statement in json.loads(policy)["Statement"]:
            actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
            assert not any("*" in action for action in actions)
            if "Principal" in statement:
                assert actions == ["sts:AssumeRole"] and set(statement["Principal"]) == {"Service"}
                continue
            for resource in [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]:
                if resource == "*":
                    assert set(actions) <= BOUNDLESS, (name, statement)
                else:
                    assert "*" not in resource.removesuffix(":*"), (name, statement)
                if "secretsmanager:GetSecretValue" in actions:
                    assert resource == (SECRET if not name.endswith("migration") else SECRET.replace("database", "owner"))
    # Managed policies say who knows what.
    assert "policy_attachment" not in source


@needs_terraform
def test_the_tasks_run_locked_in_with_settings_that_there_are(tmp_path):
    source = (FOLDER / "service/main.tf").read_text()
    tasks = [match.end() - 1 for match in re.finditer(r"container_definitions = jsonencode\(", source)]
    tasks = evaluate("service", tmp_path, {
        name: "jsonencode" + balanced(source, start) for name, start in zip(("service", "migration"), tasks, strict=True)})
    (service,), (migration,) = (json.loads(tasks[name]) for name in ("service", "migration"))
    for container in (service, migration):
        assert container["readonlyRootFilesystem"] is True and container["user"] == "65532:65532"
        assert container["linuxParameters"]["capabilities"]["drop"] == ["ALL"] and not container["privileged"]
        for setting in container.get("environment", []):
            assert "secret: true" not in KEYS[setting["name"]]
        assert container["secrets"] and all("secret: true" in KEYS[secret["name"]] for secret in container["secrets"])
    settings = {setting["name"]: setting["value"] for setting in service["environment"]}
    (mapping,) = service["portMappings"]
    assert settings["VESTIBULE_LISTEN"] == f'0.0.0.0:{mapping["containerPort"]}'
    assert settings["VESTIBULE_TRUSTED_PROXIES"] == "10.0.1.0/24,10.0.2.0/24"
    assert service["healthCheck"]["command"] == ["CMD", "/usr/bin/vestibule", "healthcheck"] and service["stopTimeout"] > 25
    assert [secret["name"] for secret in migration["secrets"]] == ["DATABASE_ADMIN_URL"]
    assert parts(FOLDER / "service")["aws_lb_target_group.service"]["health_check"][0]["path"] == "/readyz"


@needs_terraform
def test_the_gateway_offers_the_api_and_asks_where_a_providers_token_is_needed(service, tmp_path):
    routes = evaluate("service", tmp_path, {"routes": "local.routes"})["routes"]
    document = service.get("/openapi.json").json()["paths"]
    assert len(routes) < 300
    for key, route in routes.items():
        assert key == f'{route["method"]} {route["path"]}'
        security = document[route["path"]][route["method"].lower()]["security"]
        assert route["public"] != any("IdentityProviderToken" in kind for kind in security), key
    assert not any(path.startswith(("/authorize", "/metrics", "/healthz", "/readyz")) for path in
                   (route["path"] for route in routes.values()))
    hidden = parts(FOLDER / "service")["aws_lb_listener_rule.hidden"]["condition"][0]["path_pattern"][0]["values"]
    assert hidden == ["/authorize", "/authorize/*", "/metrics"]


@pytest.fixture
def function(folder, fresh_database, okta, tmp_path):
    """The function with the settings of the files, its database by secret."""
    source = (FOLDER / "main.tf").read_text()
    settings = evaluate(".", tmp_path, {"settings": expression(source, "variables = merge(")}, {
        "settings": {"OKTA_ISSUER": okta.url.replace("http:", "https:"), "OKTA_AUDIENCE": "api://default",
                     "VESTIBULE_ACTIVE_IDP": "okta"},
        "secrets": {"DATABASE_URL": SECRET}})["settings"]
    assert set(settings) - {"DATABASE_URL_ARN"} <= set(KEYS) and settings["DATABASE_URL_ARN"] == SECRET
    fresh_database.settle_bootstrap()
    secrets, api = SecretsExtension("session", {SECRET: fresh_database.service_url}), RuntimeAPI()
    started = Function(api, folder, **settings | {
        "OKTA_ISSUER": okta.url, "VESTIBULE_IDP_ALLOW_HTTP": "true", "AWS_SESSION_TOKEN": "session",
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": secrets.port})
    yield api
    started.stop()
    secrets.close()
    api.close()


@needs_terraform
def test_the_function_runs_with_its_settings_and_answers_as_the_gateway_was_told(function, fresh_database, okta):
    resources = parts(FOLDER)
    described = resources["aws_lambda_function.authorizer"]
    assert described["runtime"] == "provided.al2023" and described["handler"] == "bootstrap"
    fresh_database.invite(fresh_database.org("acme"), "ada@example.com", "org_admin")
    token = okta.token("ada@example.com")
    http, rest = resources["aws_apigatewayv2_authorizer.http"], resources["aws_api_gateway_authorizer.rest"]
    assert (http["authorizer_payload_format_version"], http["enable_simple_responses"]) == ("2.0", True)
    kind, answer, _ = function.invoke(event("http_2", token))
    assert kind == "response" and answer["isAuthorized"] is True and answer["context"]["org_role"] == "org_admin"
    kind, answer, _ = function.invoke(event("http_2", okta.token("ada@example.com", exp=1)))
    assert (kind, answer) == ("response", {"isAuthorized": False})
    kind, answer, _ = function.invoke(event({"TOKEN": "rest_token", "REQUEST": "rest_request"}[rest["type"]], token))
    is_sound(answer)
    assert allows(answer["policyDocument"], arn())


@needs_terraform
def test_an_answer_for_one_org_is_none_for_another(function, fresh_database, okta):
    """Which is why the cache must know the header."""
    orgs = [fresh_database.org(slug) for slug in ("acme", "other")]
    for org, role in zip(orgs, ("org_admin", "org_user")):
        fresh_database.invite(org, "ada@example.com", role)
    token = okta.token("ada@example.com")
    answers = [function.invoke(event("http_2", token, headers={"X-Org-Id": org}))[1]["context"] for org in orgs]
    assert [answer["org_id"] for answer in answers] == orgs
    assert len({answer["org_role"] for answer in answers}) == 2
