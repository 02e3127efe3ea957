# Vestibule as the authorizer of API Gateway: the function, and what lets it work. The service is in service/.
#
# `./dev lambda-package` makes the zip. The gateway answers 401 itself where the Authorization header is missing, so
# routes for everybody get no authorizer.

locals {
  name = "${var.environment}-${var.module_name}"
  tags = merge({ Module = var.module_name, Environment = var.environment }, var.common_tags)

  in_vpc        = var.vpc_id != ""
  has_service   = var.image != ""
  has_rest      = var.rest_api_id != ""
  has_database  = contains(keys(var.secrets), "DATABASE_URL")
  alarm_actions = var.sns_topic_arn == "" ? [] : [var.sns_topic_arn]

  # An answer depends on these, so it is kept under all of them: on the token, on the org that the client names, and
  # with route rules on method, host and path (whose variables may name an org). The gateway wants each of them in a
  # request, so where clients may leave X-Org-Id out it can't be one of them, and nothing is kept: an answer for one
  # org would be used for another org of the same person.
  cache_seconds    = var.org_header_required ? var.cache_seconds : 0
  header_sources   = var.org_header_required ? ["Authorization", "X-Org-Id"] : ["Authorization"]
  identity_sources = concat([for name in local.header_sources : "$request.header.${name}"], ["$context.httpMethod", "$context.domainName", "$context.path"])
}

resource "aws_cloudwatch_log_group" "authorizer" {
  name              = "/aws/lambda/${local.name}-authorizer"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn == "" ? null : var.kms_key_arn
  tags              = local.tags
}

resource "aws_iam_role" "authorizer" {
  name = "${local.name}-authorizer"
  tags = local.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

# The streams of its own log group.
resource "aws_iam_role_policy" "logs" {
  name = "logs"
  role = aws_iam_role.authorizer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.authorizer.arn}:*"
    }]
  })
}

# The one secret and nothing else.
resource "aws_iam_role_policy" "secret" {
  count = local.has_database ? 1 : 0
  name  = "secret"
  role  = aws_iam_role.authorizer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = var.secrets["DATABASE_URL"]
      }], [for statement in [{
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.kms_key_arn
    }] : statement if var.kms_key_arn != ""])
  })
}

# Lambda makes network interfaces with this role, and AWS lets them be limited to no resource; the function itself,
# which has the role too, is denied them.
resource "aws_iam_role_policy" "network" {
  count = local.in_vpc ? 1 : 0
  name  = "network"
  role  = aws_iam_role.authorizer.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = local.network_actions
        Resource = "*"
      },
      {
        Effect    = "Deny"
        Action    = local.network_actions
        Resource  = "*"
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.function_arn } }
      },
    ]
  })
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  # Not asked of the function itself, which needs the policy first.
  function_arn = "arn:${data.aws_partition.here.partition}:lambda:${data.aws_region.here.region}:${data.aws_caller_identity.here.account_id}:function:${local.name}-authorizer"

  network_actions = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ]
}

resource "aws_lambda_function" "authorizer" {
  function_name    = "${local.name}-authorizer"
  description      = "Says who is asking, and lets them in or not"
  role             = aws_iam_role.authorizer.arn
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  # The package brings every library; nothing of the image is used.
  runtime       = "provided.al2023"
  architectures = ["x86_64"]
  handler       = "bootstrap"
  # CPU comes with memory: less makes a cold start slow, more makes nothing faster.
  memory_size = 512
  # API Gateway waits for 10 seconds at most.
  timeout = 10
  layers  = var.secrets_extension_arn == "" ? [] : [var.secrets_extension_arn]
  tags    = local.tags
  # The settings, of which none is secret.
  kms_key_arn = var.kms_key_arn == "" ? null : var.kms_key_arn

  environment {
    variables = merge(var.settings, {
      ENVIRONMENT = var.environment
      LOG_LEVEL   = lower(var.log_level)
      # As enable_simple_responses of the gateway's authorizer.
      VESTIBULE_AWS_SIMPLE_RESPONSES = "true"
      }, local.has_database ? {
      # Read through the extension; the function's own settings never hold the secret.
      DATABASE_URL_ARN = var.secrets["DATABASE_URL"]
    } : {})
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.authorizer.name
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [1] : []
    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = [aws_security_group.authorizer[0].id]
    }
  }

  depends_on = [aws_iam_role_policy.logs, aws_iam_role_policy.secret, aws_iam_role_policy.network]

  lifecycle {
    precondition {
      condition     = !local.has_database || var.secrets_extension_arn != ""
      error_message = "A secret is read through the AWS Parameters and Secrets extension: set secrets_extension_arn."
    }
    precondition {
      condition     = !local.in_vpc || length(var.subnet_ids) > 0 && var.database_security_group_id != ""
      error_message = "With vpc_id, set subnet_ids and database_security_group_id too."
    }
  }
}

# Out: to issuers and AWS by HTTPS, and to the database. Nothing comes in.
resource "aws_security_group" "authorizer" {
  count       = local.in_vpc ? 1 : 0
  name        = "${local.name}-authorizer"
  description = "Vestibule's authorizer"
  vpc_id      = var.vpc_id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "authorizer_https" {
  count             = local.in_vpc ? 1 : 0
  security_group_id = aws_security_group.authorizer[0].id
  description       = "Issuers and AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "authorizer_database" {
  count                        = local.in_vpc ? 1 : 0
  security_group_id            = aws_security_group.authorizer[0].id
  description                  = "The database"
  referenced_security_group_id = var.database_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database_authorizer" {
  count                        = local.in_vpc ? 1 : 0
  security_group_id            = var.database_security_group_id
  description                  = "Vestibule's authorizer"
  referenced_security_group_id = aws_security_group.authorizer[0].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# HTTP API. A yes is for one token, one org, one method and one path, so a simple yes or no is enough.
resource "aws_apigatewayv2_authorizer" "http" {
  name                              = local.name
  api_id                            = var.http_api_id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_function.authorizer.invoke_arn
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = true
  identity_sources                  = local.identity_sources
  authorizer_result_ttl_in_seconds  = local.cache_seconds
}

# REST API: the answer is a policy for the whole stage, kept under the same things.
resource "aws_api_gateway_authorizer" "rest" {
  count                            = local.has_rest ? 1 : 0
  name                             = local.name
  rest_api_id                      = var.rest_api_id
  type                             = "REQUEST"
  authorizer_uri                   = aws_lambda_function.authorizer.invoke_arn
  identity_source                  = join(",", concat([for name in local.header_sources : "method.request.header.${name}"], ["context.httpMethod", "context.domainName", "context.path"]))
  authorizer_result_ttl_in_seconds = local.cache_seconds
}

resource "aws_lambda_permission" "http" {
  statement_id  = "${local.name}-http-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorizer.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.http_api_execution_arn}/authorizers/${aws_apigatewayv2_authorizer.http.id}"
}

resource "aws_lambda_permission" "rest" {
  count         = local.has_rest ? 1 : 0
  statement_id  = "${local.name}-rest-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorizer.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.rest_api_execution_arn}/authorizers/${aws_api_gateway_authorizer.rest[0].id}"
}

module "service" {
  count  = local.has_service ? 1 : 0
  source = "./service"

  name                       = local.name
  environment                = var.environment
  tags                       = local.tags
  log_level                  = lower(var.log_level)
  log_retention_days         = var.log_retention_days
  kms_key_arn                = var.kms_key_arn
  alarm_actions              = local.alarm_actions
  settings                   = var.settings
  secrets                    = var.secrets
  owner_secret_arn           = var.owner_secret_arn
  image                      = var.image
  repository_arn             = var.repository_arn
  vpc_id                     = var.vpc_id
  subnet_ids                 = var.subnet_ids
  database_security_group_id = var.database_security_group_id
  host                       = var.service_host
  certificate_arn            = var.certificate_arn
  http_api_id                = var.http_api_id
  authorizer_id              = aws_apigatewayv2_authorizer.http.id
}
