public import HTTP

/// What every answer carries besides, where the configuration asks for it.
public struct AnswerRules: Sendable {
    private let origins: AllowedOrigins?
    private let isTLS: Bool

    /// Makes the rules.
    ///
    /// - Parameters:
    ///   - origins: pages of other origins that may call.
    ///   - isTLS: whether the service speaks TLS itself: then browsers are told to use nothing else (RFC 6797).
    public init(origins: AllowedOrigins?, isTLS: Bool) {
        self.origins = origins
        self.isTLS = isTLS
    }

    /// Adds it to a response; nil where there is nothing to add.
    public var decorate: ((Request, inout Response) -> Void)? {
        guard origins != nil || isTLS else { return nil }
        return { request, response in
            origins?.decorate(request, &response)
            if isTLS { response.set(.strictTransportSecurity, "max-age=31536000") }
        }
    }
}
