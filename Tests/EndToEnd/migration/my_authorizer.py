"""A Lambda authorizer as many platforms have one: any token of the issuer is good, and so is every route."""

import os

import jwt

keys = jwt.PyJWKClient(os.environ["ISSUER"] + "/v1/keys")


def handler(event, _):
    token = event["authorizationToken"].removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, keys.get_signing_key_from_jwt(token).key, algorithms=["RS256"],
                            issuer=os.environ["ISSUER"], options={"verify_aud": False})
    except jwt.PyJWTError:
        raise Exception("Unauthorized") from None
    return {
        "principalId": claims["uid"],
        "policyDocument": {"Version": "2012-10-17", "Statement": [
            {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"].split("/")[0] + "/*"}]},
        "context": {"user_email": claims.get("email") or claims["sub"], "sub": claims["uid"]}}
