extension FieldName {
    /// The names that have a small number, in the order of their numbers from 1, spelled as they are sent.
    static let spellings: [StaticString] = [
        "Authorization",
        "Cookie",
        "Host",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Transfer-Encoding",
        "Expect",
        "X-Request-Id",
        "X-Forwarded-For",
        "X-Forwarded-Method",
        "X-Forwarded-Uri",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Original-Method",
        "X-Original-URI",
        "X-Org-Id",
        "X-API-Key",
        "X-Bootstrap-Token",
        "traceparent",
        "tracestate",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Origin",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
        "If-Match",
        "If-None-Match",
        "Svix-Id",
        "Svix-Timestamp",
        "Svix-Signature",
        "Cache-Control",
        "TE",
        "Trailer",
        "Upgrade",
        "X-Real-IP",
        "X-Forwarded-Port",
        "Via",
        "Forwarded",
        "Referer",
        "Date",
        "WWW-Authenticate",
        "Allow",
        "Retry-After",
        "Location",
        "ETag",
        "Vary",
        "Set-Cookie",
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Allow-Credentials",
        "Access-Control-Max-Age",
        "Access-Control-Expose-Headers",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Content-Security-Policy",
        "Strict-Transport-Security",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "X-Auth-User-Id",
        "X-Auth-Subject",
        "X-Auth-Provider",
        "X-Auth-Email",
        "X-Auth-Org-Id",
        "X-Auth-Org-Role",
        "X-Auth-Global-Role",
        "X-Auth-Groups",
        "X-Auth-Scopes",
        "X-Auth-Assertion",
        "X-Original-Host",
    ]

    /// `Authorization`.
    public static let authorization = FieldName(code: 1)
    /// `Cookie`.
    public static let cookie = FieldName(code: 2)
    /// `Host`.
    public static let host = FieldName(code: 3)
    /// `Connection`.
    public static let connection = FieldName(code: 4)
    /// `Content-Length`.
    public static let contentLength = FieldName(code: 5)
    /// `Content-Type`.
    public static let contentType = FieldName(code: 6)
    /// `Transfer-Encoding`.
    public static let transferEncoding = FieldName(code: 7)
    /// `Expect`.
    public static let expect = FieldName(code: 8)
    /// `X-Request-Id`.
    public static let xRequestID = FieldName(code: 9)
    /// `X-Forwarded-For`.
    public static let xForwardedFor = FieldName(code: 10)
    /// `X-Forwarded-Method`.
    public static let xForwardedMethod = FieldName(code: 11)
    /// `X-Forwarded-Uri`.
    public static let xForwardedURI = FieldName(code: 12)
    /// `X-Forwarded-Host`.
    public static let xForwardedHost = FieldName(code: 13)
    /// `X-Forwarded-Proto`.
    public static let xForwardedProto = FieldName(code: 14)
    /// `X-Original-Method`.
    public static let xOriginalMethod = FieldName(code: 15)
    /// `X-Original-URI`.
    public static let xOriginalURI = FieldName(code: 16)
    /// `X-Org-Id`.
    public static let xOrgID = FieldName(code: 17)
    /// `X-API-Key`.
    public static let xAPIKey = FieldName(code: 18)
    /// `X-Bootstrap-Token`.
    public static let xBootstrapToken = FieldName(code: 19)
    /// `traceparent`.
    public static let traceparent = FieldName(code: 20)
    /// `tracestate`.
    public static let tracestate = FieldName(code: 21)
    /// `User-Agent`.
    public static let userAgent = FieldName(code: 22)
    /// `Accept`.
    public static let accept = FieldName(code: 23)
    /// `Accept-Encoding`.
    public static let acceptEncoding = FieldName(code: 24)
    /// `Accept-Language`.
    public static let acceptLanguage = FieldName(code: 25)
    /// `Origin`.
    public static let origin = FieldName(code: 26)
    /// `Access-Control-Request-Method`.
    public static let accessControlRequestMethod = FieldName(code: 27)
    /// `Access-Control-Request-Headers`.
    public static let accessControlRequestHeaders = FieldName(code: 28)
    /// `If-Match`.
    public static let ifMatch = FieldName(code: 29)
    /// `If-None-Match`.
    public static let ifNoneMatch = FieldName(code: 30)
    /// `Svix-Id`.
    public static let svixID = FieldName(code: 31)
    /// `Svix-Timestamp`.
    public static let svixTimestamp = FieldName(code: 32)
    /// `Svix-Signature`.
    public static let svixSignature = FieldName(code: 33)
    /// `Cache-Control`.
    public static let cacheControl = FieldName(code: 34)
    /// `TE`.
    public static let te = FieldName(code: 35)
    /// `Trailer`.
    public static let trailer = FieldName(code: 36)
    /// `Upgrade`.
    public static let upgrade = FieldName(code: 37)
    /// `X-Real-IP`.
    public static let xRealIP = FieldName(code: 38)
    /// `X-Forwarded-Port`.
    public static let xForwardedPort = FieldName(code: 39)
    /// `Via`.
    public static let via = FieldName(code: 40)
    /// `Forwarded`.
    public static let forwarded = FieldName(code: 41)
    /// `Referer`.
    public static let referer = FieldName(code: 42)
    /// `Date`.
    public static let date = FieldName(code: 43)
    /// `WWW-Authenticate`.
    public static let wwwAuthenticate = FieldName(code: 44)
    /// `Allow`.
    public static let allow = FieldName(code: 45)
    /// `Retry-After`.
    public static let retryAfter = FieldName(code: 46)
    /// `Location`.
    public static let location = FieldName(code: 47)
    /// `ETag`.
    public static let etag = FieldName(code: 48)
    /// `Vary`.
    public static let vary = FieldName(code: 49)
    /// `Set-Cookie`.
    public static let setCookie = FieldName(code: 50)
    /// `Access-Control-Allow-Origin`.
    public static let accessControlAllowOrigin = FieldName(code: 51)
    /// `Access-Control-Allow-Methods`.
    public static let accessControlAllowMethods = FieldName(code: 52)
    /// `Access-Control-Allow-Headers`.
    public static let accessControlAllowHeaders = FieldName(code: 53)
    /// `Access-Control-Allow-Credentials`.
    public static let accessControlAllowCredentials = FieldName(code: 54)
    /// `Access-Control-Max-Age`.
    public static let accessControlMaxAge = FieldName(code: 55)
    /// `Access-Control-Expose-Headers`.
    public static let accessControlExposeHeaders = FieldName(code: 56)
    /// `X-Content-Type-Options`.
    public static let xContentTypeOptions = FieldName(code: 57)
    /// `X-Frame-Options`.
    public static let xFrameOptions = FieldName(code: 58)
    /// `Referrer-Policy`.
    public static let referrerPolicy = FieldName(code: 59)
    /// `Content-Security-Policy`.
    public static let contentSecurityPolicy = FieldName(code: 60)
    /// `Strict-Transport-Security`.
    public static let strictTransportSecurity = FieldName(code: 61)
    /// `RateLimit-Limit`.
    public static let rateLimitLimit = FieldName(code: 62)
    /// `RateLimit-Remaining`.
    public static let rateLimitRemaining = FieldName(code: 63)
    /// `RateLimit-Reset`.
    public static let rateLimitReset = FieldName(code: 64)
    /// `X-Auth-User-Id`.
    public static let xAuthUserID = FieldName(code: 65)
    /// `X-Auth-Subject`.
    public static let xAuthSubject = FieldName(code: 66)
    /// `X-Auth-Provider`.
    public static let xAuthProvider = FieldName(code: 67)
    /// `X-Auth-Email`.
    public static let xAuthEmail = FieldName(code: 68)
    /// `X-Auth-Org-Id`.
    public static let xAuthOrgID = FieldName(code: 69)
    /// `X-Auth-Org-Role`.
    public static let xAuthOrgRole = FieldName(code: 70)
    /// `X-Auth-Global-Role`.
    public static let xAuthGlobalRole = FieldName(code: 71)
    /// `X-Auth-Groups`.
    public static let xAuthGroups = FieldName(code: 72)
    /// `X-Auth-Scopes`.
    public static let xAuthScopes = FieldName(code: 73)
    /// `X-Auth-Assertion`.
    public static let xAuthAssertion = FieldName(code: 74)
    /// `X-Original-Host`.
    public static let xOriginalHost = FieldName(code: 75)
}
