aws_region = "eu-central-1"

settings = {
  OKTA_ISSUER    = "https://example.okta.com/oauth2/default"
  OKTA_AUDIENCE  = "api://default"
  OKTA_CLIENT_ID = "0oaexample"
}

secrets = {
  DATABASE_URL             = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:vestibule/database-url-AbCdEf"
  VESTIBULE_ENCRYPTION_KEY = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:vestibule/encryption-key-AbCdEf"
}

owner_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:vestibule/owner-url-AbCdEf"

# The layer's account and version for your region are in AWS's documentation of the extension.
secrets_extension_arn = "arn:aws:lambda:eu-central-1:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12"

vpc_id                     = "vpc-0123456789abcdef0"
subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
database_security_group_id = "sg-0123456789abcdef0"

image           = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/vestibule@sha256:0000000000000000000000000000000000000000000000000000000000000000"
repository_arn  = "arn:aws:ecr:eu-central-1:123456789012:repository/vestibule"
service_host    = "vestibule.internal.example.com"
certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
