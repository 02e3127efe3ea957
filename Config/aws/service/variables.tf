# Given by the module above, which describes and checks them.

variable "name" { type = string }
variable "environment" { type = string }
variable "tags" { type = map(string) }
variable "log_level" { type = string }
variable "log_retention_days" { type = number }
variable "kms_key_arn" { type = string }
variable "alarm_actions" { type = list(string) }
variable "settings" { type = map(string) }
variable "secrets" { type = map(string) }
variable "owner_secret_arn" { type = string }
variable "image" { type = string }
variable "repository_arn" { type = string }
variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }
variable "database_security_group_id" { type = string }
variable "host" { type = string }
variable "certificate_arn" { type = string }
variable "http_api_id" { type = string }
variable "authorizer_id" { type = string }
