# What every module of the platform takes.

variable "environment" {
  description = "Name of the environment"
  type        = string

  validation {
    condition     = contains(["dev", "tst", "stg", "prd"], var.environment)
    error_message = "The environment is one of dev, tst, stg, prd."
  }
}

variable "module_name" {
  description = "Name of the module, in the names of what it makes"
  type        = string
  default     = "vestibule"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.module_name))
    error_message = "The name is 2 to 20 of a-z, 0-9 and -, a letter first."
  }
}

variable "log_level" {
  description = "debug, info, warning or error"
  type        = string
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warning", "error"], lower(var.log_level))
    error_message = "The log level is one of debug, info, warning, error."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept"
  type        = number
  default     = 365

  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The days are one of those that CloudWatch knows, at least 30."
  }
}

variable "sns_topic_arn" {
  description = "Topic that alarms tell; empty: none"
  type        = string
  default     = ""
}

variable "kms_key_arn" {
  description = "Key of your own that the secrets and logs are encrypted with; empty: AWS's"
  type        = string
  default     = ""
}

variable "common_tags" {
  description = "Tags of all that is made"
  type        = map(string)
  default     = {}
}

# Vestibule.

variable "settings" {
  description = "Settings by their names in the README's table, those of the issuers at least; nothing secret"
  type        = map(string)

  validation {
    condition     = length(setintersection(keys(var.settings), ["OKTA_ISSUER", "CLERK_ISSUER"])) > 0
    error_message = "Name an issuer: OKTA_ISSUER or CLERK_ISSUER."
  }

  validation {
    condition     = alltrue([for name in ["OKTA_ISSUER", "CLERK_ISSUER"] : startswith(lookup(var.settings, name, "https://"), "https://")])
    error_message = "An issuer begins with https://."
  }

  validation {
    condition     = length([for name in keys(var.settings) : name if can(regex("(DATABASE_|REDIS_).*URL$|SECRET|_TOKEN$|(ASSERTION|ENCRYPTION)_KEY$", name))]) == 0
    error_message = "Secrets are given by ARN, in `secrets`: Terraform's state would hold them."
  }
}

variable "secrets" {
  description = "ARNs of secrets by the names in the README's table; the authorizer reads DATABASE_URL alone, and without it claims alone decide"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^*]+$", arn))])
    error_message = "Each is the whole ARN of a secret in Secrets Manager."
  }
}

variable "package" {
  description = "The zip that ./dev lambda-package made"
  type        = string
  default     = ".local/lambda.zip"
}

variable "secrets_extension_arn" {
  description = "Layer version of the AWS Parameters and Secrets extension in this region; needed with secrets"
  type        = string
  default     = ""
}

# The gateway.

variable "http_api_id" {
  description = "The HTTP API to protect"
  type        = string
}

variable "http_api_execution_arn" {
  description = "Its execution ARN"
  type        = string
}

variable "rest_api_id" {
  description = "A REST API to protect as well; empty: none"
  type        = string
  default     = ""
}

variable "rest_api_execution_arn" {
  description = "Its execution ARN"
  type        = string
  default     = ""
}

variable "cache_seconds" {
  description = "How long the gateway keeps an answer, where it may: so long a revoked or expired token still passes"
  type        = number
  default     = 10

  # A session token of Clerk lives for 60 seconds, and the gateway looks at no exp.
  validation {
    condition     = var.cache_seconds >= 0 && var.cache_seconds <= 60
    error_message = "At most 60 seconds, the life of the shortest-lived token; 0 keeps nothing."
  }
}

variable "org_header_required" {
  description = "Whether every client sends X-Org-Id with every request (401 without): only then answers are kept"
  type        = bool
  default     = false
}

# The network.

variable "vpc_id" {
  description = "The VPC of the database; empty: the authorizer is in none, and there is no service"
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Its private subnets, with a way to the issuer and to Secrets Manager"
  type        = list(string)
  default     = []
}

variable "database_security_group_id" {
  description = "Security group of the database, which lets the authorizer and the service in"
  type        = string
  default     = ""
}

# The service.

variable "image" {
  description = "Image of docker/Dockerfile by digest; empty: the service runs elsewhere"
  type        = string
  default     = ""

  validation {
    condition     = var.image == "" || can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest (…@sha256:…): a tag can move."
  }
}

variable "repository_arn" {
  description = "The image's ECR repository; empty: it is pulled from elsewhere"
  type        = string
  default     = ""
}

variable "service_host" {
  description = "Name in the certificate that the gateway finds at the load balancer"
  type        = string
  default     = ""
}

variable "certificate_arn" {
  description = "Certificate of that name"
  type        = string
  default     = ""
}

variable "owner_secret_arn" {
  description = "Secret that holds DATABASE_ADMIN_URL, which the migration's task reads"
  type        = string
  default     = ""
}
