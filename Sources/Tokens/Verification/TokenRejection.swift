public import Base

/// The check that a token failed.
public struct TokenRejection: Error, Sendable, Equatable {
    /// The check; it fixes ``code`` and ``message``.
    public let check: TokenCheck
    /// Where the class of token is refused: which and why.
    public let refusedClass: RefusedClass?
    /// What would have passed, in words; only where the token was examined. Not for answers to callers.
    public let expected: String?
    /// What the token had; only where the token was examined. Not for answers to callers and not for logs.
    public let actual: String?

    /// The failure of a check.
    public init(
        _ check: TokenCheck, refusedClass: RefusedClass? = nil, expected: String? = nil, actual: String? = nil
    ) {
        self.check = check
        self.refusedClass = refusedClass
        self.expected = expected
        self.actual = actual
    }

    /// The machine code of the answer.
    public var code: ErrorCode { check.code }

    /// A sentence for the caller. It says what was expected and never repeats anything from the token.
    public var message: String { refusedClass?.message ?? check.message }

    /// The answer to the caller.
    public var problem: Problem {
        Problem(code, message, cause: "token check failed: \(refusedClass?.rawValue ?? check.rawValue)")
    }
}
