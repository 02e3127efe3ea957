/// The way a gateway asks: which headers of its sub-request it sets itself and can therefore be believed.
public enum Dialect: String, Sendable, CaseIterable {
    /// nginx `auth_request`: `X-Original-Method` and `X-Original-URI`.
    case nginx
    /// Traefik `forwardAuth`: `X-Forwarded-Method`, `X-Forwarded-Uri`, `X-Forwarded-Host`.
    case traefik
    /// Caddy `forward_auth`: the same as Traefik.
    case caddy
    /// Envoy `ext_authz` over HTTP: the request itself, behind a path prefix.
    case envoy
    /// HAProxy's sub-request: the same as nginx.
    case haproxy
    /// Any other gateway: `X-Original-Method`, `X-Original-URI` and `X-Original-Host`, so that the sub-request's own
    /// Host may be Vestibule's.
    case generic
}
