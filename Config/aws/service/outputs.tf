output "api_routes" {
  description = "The routes at the gateway"
  value = [
    for route in local.routes : {
      method      = route.method
      path        = route.path
      integration = aws_lb_listener.service.arn
      public      = route.public
    }
  ]
}

output "migration_command" {
  description = "What runs the migration's task"
  value = join(" ", [
    "aws ecs run-task --launch-type FARGATE --cluster ${aws_ecs_cluster.service.name}",
    "--task-definition ${aws_ecs_task_definition.migration.family} --network-configuration",
    "'awsvpcConfiguration={subnets=[${join(",", var.subnet_ids)}],securityGroups=[${aws_security_group.service["task"].id}]}'",
  ])
}

output "alarm_names" {
  description = "Names of the alarms"
  value = [
    aws_cloudwatch_metric_alarm.errors.alarm_name,
    aws_cloudwatch_metric_alarm.duration.alarm_name,
    aws_cloudwatch_metric_alarm.unready.alarm_name,
  ]
}
