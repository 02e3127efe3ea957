"""API Gateway authorizer events as the gateway sends them, and IAM's way of reading a policy."""

import re

REGION, ACCOUNT, API = "eu-central-1", "123456789012", "a1b2c3d4e5"
FORMS = ("rest_token", "rest_request", "http_1", "http_2", "websocket")
POLICY_FORMS = ("rest_token", "rest_request", "http_1", "websocket")


def arn(method: str = "GET", path: str = "/orders/1", stage: str = "prod", api: str = API) -> str:
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/{stage}/{method}{path}"


def headers_of(token: str | None, more: dict) -> dict:
    fields = {"Host": "api.example.com", "User-Agent": "curl/8.0", "X-Forwarded-Port": "443"} | more
    return fields | ({"Authorization": f"Bearer {token}"} if token is not None else {})


def rest_token(token, method="GET", path="/orders/1", **_):
    return {"type": "TOKEN", "methodArn": arn(method, path),
            "authorizationToken": f"Bearer {token}" if token is not None else ""}


def rest_request(token, method="GET", path="/orders/1", headers=None, **_):
    fields = headers_of(token, headers or {})
    return {
        "type": "REQUEST", "methodArn": arn(method, path), "resource": "/orders/{id}", "path": path,
        "httpMethod": method, "headers": fields, "multiValueHeaders": {k: [v] for k, v in fields.items()},
        "queryStringParameters": {}, "multiValueQueryStringParameters": {}, "pathParameters": {"id": "1"},
        "stageVariables": {}, "requestContext": {
            "path": f"/prod{path}", "accountId": ACCOUNT, "resourceId": "05c7jb", "stage": "prod",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "resourcePath": "/orders/{id}", "httpMethod": method,
            "apiId": API, "identity": {"apiKey": None, "sourceIp": "192.0.2.7"}}}


def http_1(token, method="GET", path="/orders/1", headers=None, **_):
    event = rest_request(token, method, path, headers)
    event["version"] = "1.0"
    event["path"] = f"/prod{path}"
    event["identitySource"] = event["authorizationToken"] = f"Bearer {token}" if token is not None else ""
    return event


def http_2(token, method="GET", path="/orders/1", headers=None, cookies=None, **_):
    fields = {name.lower(): value for name, value in headers_of(token, headers or {}).items()}
    event = {
        "version": "2.0", "type": "REQUEST", "routeArn": arn(method, path, "$default"),
        "identitySource": [fields["authorization"]] if token is not None else None, "routeKey": "ANY /{proxy+}",
        "rawPath": path, "rawQueryString": "", "headers": fields, "requestContext": {
            "accountId": ACCOUNT, "apiId": API, "domainName": "api.example.com", "domainPrefix": "api",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7",
                     "userAgent": "curl/8.0"},
            "requestId": "JKJaXmPLvHcESHA=", "routeKey": "ANY /{proxy+}", "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1583348638390}}
    return event | ({"cookies": cookies} if cookies else {})


def websocket(token, headers=None, **_):
    fields = headers_of(token, headers or {})
    return {
        "type": "REQUEST", "methodArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/prod/$connect",
        "headers": fields, "multiValueHeaders": {k: [v] for k, v in fields.items()}, "queryStringParameters": {},
        "stageVariables": {}, "requestContext": {
            "routeKey": "$connect", "eventType": "CONNECT", "connectionId": "L0SM9cOFvHcCIhw=", "stage": "prod",
            "requestId": "L0SM9FQpvHcFagg=", "apiId": API, "domainName": "ws.example.com",
            "identity": {"sourceIp": "192.0.2.7"}}}


def event(form: str, token: str | None, **more) -> dict:
    return globals()[form](token, **more)


def resources(statement: dict) -> list:
    value = statement["Resource"]
    return [value] if isinstance(value, str) else value


def allows(policy: dict, resource: str) -> bool:
    """IAM's rule: an explicit Deny goes before every Allow, and no match is no."""
    def hit(effect):
        return any(
            re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), resource, re.DOTALL)
            for statement in policy["Statement"] if statement["Effect"] == effect for pattern in resources(statement))
    return hit("Allow") and not hit("Deny")


def is_sound(answer: dict, api: str = API) -> None:
    """What holds for every policy."""
    document = answer["policyDocument"]
    assert document["Version"] == "2012-10-17" and document["Statement"]
    for statement in document["Statement"]:
        assert set(statement) == {"Action", "Effect", "Resource"}
        assert statement["Action"] == "execute-api:Invoke"
        for resource in resources(statement):
            assert resource.startswith(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/"), resource
            assert "*" not in resource.split("/")[1] and len(resource) <= 512
    for name, value in answer["context"].items():
        assert isinstance(value, (str, int, float, bool)) and value != "", name
