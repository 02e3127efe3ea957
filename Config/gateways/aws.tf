# AWS API Gateway with Vestibule as its Lambda authorizer: an HTTP API (payload 2.0) and a REST API (REQUEST).
#
# `./dev lambda-package` makes the zip. Who has only one of the two APIs leaves out what names the other.
#
# The gateway answers 401 itself where the Authorization header is missing, so routes for everybody get no authorizer.

variable "package" {
  description = "The zip that ./dev lambda-package made"
  type        = string
  default     = ".local/lambda.zip"
}

variable "okta_issuer" {
  description = "Issuer of the Okta authorization server, letter by letter as in its tokens"
  type        = string
}

variable "okta_audience" {
  description = "Audience of its access tokens"
  type        = string
}

variable "database_secret_arn" {
  description = "Secret that holds DATABASE_URL; empty: claims alone decide, and nobody is looked up"
  type        = string
  default     = ""
}

variable "secrets_extension_arn" {
  description = "Layer version of the AWS Parameters and Secrets extension in this region"
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Private subnets from which the database is reached; they need a way to the issuer"
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "Security groups that the database lets in"
  type        = list(string)
  default     = []
}

variable "http_api_id" {
  description = "The HTTP API to protect"
  type        = string
}

variable "http_api_execution_arn" {
  description = "Its execution ARN"
  type        = string
}

variable "rest_api_id" {
  description = "The REST API to protect"
  type        = string
}

variable "rest_api_execution_arn" {
  description = "Its execution ARN"
  type        = string
}

locals {
  # The gateway keeps an answer for so long whatever the token's exp says: never longer than the shortest-lived token,
  # which is Clerk's of 60 seconds. A revocation takes as long to be felt; 0 asks each time.
  cache_seconds = 60
}

resource "aws_iam_role" "vestibule" {
  name_prefix = "vestibule-authorizer-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

# Logs, and network interfaces where there are subnets.
resource "aws_iam_role_policy_attachment" "vestibule" {
  role       = aws_iam_role.vestibule.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

# The one secret and nothing else.
resource "aws_iam_role_policy" "secret" {
  count = var.database_secret_arn == "" ? 0 : 1
  role  = aws_iam_role.vestibule.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = var.database_secret_arn
    }]
  })
}

resource "aws_lambda_function" "vestibule" {
  function_name    = "vestibule-authorizer"
  role             = aws_iam_role.vestibule.arn
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

  environment {
    variables = {
      ENVIRONMENT          = "prod"
      OKTA_ISSUER          = var.okta_issuer
      OKTA_AUDIENCE        = var.okta_audience
      VESTIBULE_ACTIVE_IDP = "okta"
      # Read through the extension; the function's own settings never hold the secret.
      DATABASE_URL_ARN = var.database_secret_arn
      # As enable_simple_responses below.
      VESTIBULE_AWS_SIMPLE_RESPONSES = "false"
    }
  }

  dynamic "vpc_config" {
    for_each = length(var.subnet_ids) == 0 ? [] : [1]
    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }
}

# HTTP API: the answer is a policy for the whole stage, so that the gateway may keep it for every route of it. A simple
# yes or no would be one for every path of a token, whatever the route rules say of the next path.
resource "aws_apigatewayv2_authorizer" "http" {
  name                              = "vestibule"
  api_id                            = var.http_api_id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_function.vestibule.invoke_arn
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = false
  # Where clients choose their org by X-Org-Id, "$request.header.X-Org-Id" too, or an answer for one org is used for
  # another one of the same person; each request must have it then.
  identity_sources                 = ["$request.header.Authorization"]
  authorizer_result_ttl_in_seconds = local.cache_seconds
}

# REST API: the same.
resource "aws_api_gateway_authorizer" "rest" {
  name                             = "vestibule"
  rest_api_id                      = var.rest_api_id
  type                             = "REQUEST"
  authorizer_uri                   = aws_lambda_function.vestibule.invoke_arn
  identity_source                  = "method.request.header.Authorization"
  authorizer_result_ttl_in_seconds = local.cache_seconds
}

resource "aws_lambda_permission" "http" {
  statement_id  = "vestibule-http-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.vestibule.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.http_api_execution_arn}/authorizers/${aws_apigatewayv2_authorizer.http.id}"
}

resource "aws_lambda_permission" "rest" {
  statement_id  = "vestibule-rest-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.vestibule.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.rest_api_execution_arn}/authorizers/${aws_api_gateway_authorizer.rest.id}"
}
