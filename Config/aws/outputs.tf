# What every module of the platform tells.

output "lambda_function_arns" {
  description = "ARNs of the functions"
  value       = { authorizer = aws_lambda_function.authorizer.arn }
}

output "lambda_function_names" {
  description = "Names of the functions"
  value       = { authorizer = aws_lambda_function.authorizer.function_name }
}

output "lambda_invoke_arns" {
  description = "What an authorizer of another API is given as its URI"
  value       = { authorizer = aws_lambda_function.authorizer.invoke_arn }
}

output "iam_role_arn" {
  description = "Role of the functions"
  value       = aws_iam_role.authorizer.arn
}

output "layer_arn" {
  description = "Layer that the module provides: none"
  value       = null
}

# The module makes these routes itself: a private integration is no Lambda function, which is all that the platform's
# own gateway module knows to make.
output "api_routes" {
  description = "Routes of the service at the gateway: method, path, integration, and whether they are without authorizer"
  value       = flatten(module.service[*].api_routes)
}

# Vestibule's own.

output "authorizer_id" {
  description = "The HTTP API's authorizer, for the routes of other modules"
  value       = aws_apigatewayv2_authorizer.http.id
}

output "migration_command" {
  description = "What brings the schema up to date, before each new version"
  value       = one(module.service[*].migration_command)
}

output "alarm_names" {
  description = "Names of the alarms"
  value = concat([
    aws_cloudwatch_metric_alarm.errors.alarm_name,
    aws_cloudwatch_metric_alarm.duration.alarm_name,
    aws_cloudwatch_metric_alarm.throttles.alarm_name,
  ], flatten(module.service[*].alarm_names))
}
