# The module in an environment of its own, with an HTTP API to protect. Values are in terraform.tfvars.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = var.aws_region
}

resource "aws_apigatewayv2_api" "main" {
  name          = "dev"
  protocol_type = "HTTP"
}

module "vestibule" {
  source = "../.."

  environment                = "dev"
  settings                   = var.settings
  secrets                    = var.secrets
  secrets_extension_arn      = var.secrets_extension_arn
  package                    = "${path.module}/../../../../.local/lambda.zip"
  http_api_id                = aws_apigatewayv2_api.main.id
  http_api_execution_arn     = aws_apigatewayv2_api.main.execution_arn
  vpc_id                     = var.vpc_id
  subnet_ids                 = var.subnet_ids
  database_security_group_id = var.database_security_group_id
  image                      = var.image
  repository_arn             = var.repository_arn
  owner_secret_arn           = var.owner_secret_arn
  service_host               = var.service_host
  certificate_arn            = var.certificate_arn
}

output "migration_command" {
  value = module.vestibule.migration_command
}
