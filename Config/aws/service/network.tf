# From the gateway to the tasks: link → load balancer → tasks → database, each letting in the one before it alone.

resource "aws_security_group" "service" {
  for_each = {
    link     = "Vestibule: the gateway's link"
    balancer = "Vestibule: the load balancer"
    task     = "Vestibule: the tasks"
  }
  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id
  tags        = var.tags
}

locals {
  steps = {
    link_to_balancer = { from = aws_security_group.service["link"].id, to = aws_security_group.service["balancer"].id, port = 443 }
    balancer_to_task = { from = aws_security_group.service["balancer"].id, to = aws_security_group.service["task"].id, port = local.port }
    task_to_database = { from = aws_security_group.service["task"].id, to = var.database_security_group_id, port = 5432 }
  }
}

resource "aws_vpc_security_group_egress_rule" "step" {
  for_each                     = local.steps
  security_group_id            = each.value.from
  referenced_security_group_id = each.value.to
  description                  = "Vestibule: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "step" {
  for_each                     = local.steps
  security_group_id            = each.value.to
  referenced_security_group_id = each.value.from
  description                  = "Vestibule: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.service["task"].id
  description       = "Issuers and AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb" "service" {
  name                       = var.name
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.subnet_ids
  security_groups            = [aws_security_group.service["balancer"].id]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  tags                       = var.tags
}

resource "aws_lb_target_group" "service" {
  name                 = var.name
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.port
  deregistration_delay = 30
  tags                 = var.tags

  health_check {
    path                = "/readyz"
    matcher             = "200"
    interval            = 10
    timeout             = 6
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "service" {
  load_balancer_arn = aws_lb.service.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  tags              = var.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service.arn
  }
}

# Who comes this way is trusted to name the client's address, and must not ask for decisions about others.
resource "aws_lb_listener_rule" "hidden" {
  listener_arn = aws_lb_listener.service.arn
  priority     = 1
  tags         = var.tags

  condition {
    path_pattern {
      values = ["/authorize", "/authorize/*", "/metrics"]
    }
  }

  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_apigatewayv2_vpc_link" "service" {
  name               = var.name
  subnet_ids         = var.subnet_ids
  security_group_ids = [aws_security_group.service["link"].id]
  tags               = var.tags
}

resource "aws_apigatewayv2_integration" "service" {
  api_id             = var.http_api_id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = aws_lb_listener.service.arn
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.service.id

  tls_config {
    server_name_to_verify = var.host
  }
}

locals {
  # One list for the platform's manifest and for the gateway.
  endpoints = jsondecode(file("${path.module}/../../cora/module.json")).provides.api.endpoints

  # Callers without a provider's token: modules and directories with API keys, senders of webhooks, anybody. The
  # service itself knows what each of them needs.
  open = "^/(\\.well-known|api/v1/core|scim/v2|webhooks|idp-config|admin/session|admin/setup|docs|openapi\\.json)(/|$)"

  routes = {
    for endpoint in local.endpoints : endpoint => {
      method = split(" ", endpoint)[0]
      path   = split(" ", endpoint)[1]
      public = can(regex(local.open, split(" ", endpoint)[1]))
    }
  }
}

resource "aws_apigatewayv2_route" "service" {
  for_each           = local.routes
  api_id             = var.http_api_id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.service.id}"
  authorization_type = each.value.public ? "NONE" : "CUSTOM"
  authorizer_id      = each.value.public ? null : var.authorizer_id
}
