# The service on ECS Fargate: the tasks, and what lets them work. network.tf leads the gateway to them.

data "aws_region" "here" {}

data "aws_subnet" "here" {
  for_each = toset(var.subnet_ids)
  id       = each.value
}

locals {
  port = 8080

  settings = merge(var.settings, {
    ENVIRONMENT      = var.environment
    LOG_LEVEL        = var.log_level
    VESTIBULE_LISTEN = "0.0.0.0:${local.port}"
    # The load balancer and the gateway's link, whose addresses lie in these subnets. They name the client's address;
    # the balancer lets no question to the authorizer through.
    VESTIBULE_TRUSTED_PROXIES = join(",", [for subnet in data.aws_subnet.here : subnet.cidr_block])
  })

  # Of both containers: nothing is written, and nothing is privileged.
  container = {
    image                  = var.image
    essential              = true
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    privileged             = false
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
  }
}

resource "aws_cloudwatch_log_group" "service" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn == "" ? null : var.kms_key_arn
  tags              = var.tags
}

resource "aws_ecs_cluster" "service" {
  name = var.name
  tags = var.tags

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# Who starts the service, and who starts the migration, each with its own secrets. The programs themselves have no role.
resource "aws_iam_role" "start" {
  for_each = toset(["service", "migration"])
  name     = "${var.name}-${each.key}"
  tags     = var.tags
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "start" {
  for_each = aws_iam_role.start
  name     = "start"
  role     = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.service.arn}:*"
        },
        {
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = each.key == "service" ? values(var.secrets) : [var.owner_secret_arn]
        },
      ],
      [for statement in [{
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.kms_key_arn
      }] : statement if var.kms_key_arn != ""],
      [for statement in [
        {
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = var.repository_arn
        },
        {
          # AWS knows no resource for it.
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = "*"
        },
      ] : statement if var.repository_arn != ""],
    )
  })
}

resource "aws_ecs_task_definition" "service" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.start["service"].arn
  tags                     = var.tags

  container_definitions = jsonencode([merge(local.container, {
    name         = "vestibule"
    command      = ["serve"]
    portMappings = [{ containerPort = local.port, protocol = "tcp" }]
    environment  = [for name, value in local.settings : { name = name, value = value }]
    secrets      = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
    # Requests under way get 25 seconds.
    stopTimeout = 40
    healthCheck = {
      command  = ["CMD", "/usr/bin/vestibule", "healthcheck"]
      interval = 10, timeout = 6, retries = 3, startPeriod = 10
    }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = data.aws_region.here.region
        awslogs-stream-prefix = "service"
      }
    }
  })])
}

# Run by hand, or by the pipeline, before each new version: the output migration_command.
resource "aws_ecs_task_definition" "migration" {
  family                   = "${var.name}-migration"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.start["migration"].arn
  tags                     = var.tags

  container_definitions = jsonencode([merge(local.container, {
    name    = "migration"
    command = ["migrate", "up"]
    secrets = [{ name = "DATABASE_ADMIN_URL", valueFrom = var.owner_secret_arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = data.aws_region.here.region
        awslogs-stream-prefix = "migration"
      }
    }
  })])
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = aws_ecs_cluster.service.id
  task_definition = aws_ecs_task_definition.service.arn
  launch_type     = "FARGATE"
  desired_count   = 2
  tags            = var.tags

  health_check_grace_period_seconds = 30

  # A version that does not get ready is taken back.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.service["task"].id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.service.arn
    container_name   = "vestibule"
    container_port   = local.port
  }

  depends_on = [aws_lb_listener.service, aws_iam_role_policy.start]

  lifecycle {
    # The autoscaler says how many.
    ignore_changes = [desired_count]

    precondition {
      condition     = contains(keys(var.secrets), "DATABASE_URL") && var.owner_secret_arn != ""
      error_message = "The service needs secrets[\"DATABASE_URL\"], its migration owner_secret_arn."
    }
    precondition {
      condition     = var.vpc_id != "" && length(var.subnet_ids) > 0 && var.database_security_group_id != ""
      error_message = "The service needs vpc_id, subnet_ids and database_security_group_id."
    }
    precondition {
      condition     = var.certificate_arn != "" && var.host != ""
      error_message = "The gateway speaks TLS to the service: set certificate_arn, and the name in it as service_host."
    }
  }
}

resource "aws_appautoscaling_target" "service" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.service.name}/${aws_ecs_service.service.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "service" {
  name               = "${var.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.service.service_namespace
  resource_id        = aws_appautoscaling_target.service.resource_id
  scalable_dimension = aws_appautoscaling_target.service.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
