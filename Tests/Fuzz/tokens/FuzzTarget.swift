#if DEBUG || FUZZING

    internal import Base

    /// What is fuzzed, by name. A trap is a finding.
    public enum FuzzTarget: String, CaseIterable, Sendable {
        /// The JSON reader, against jansson.
        case json
        /// The gate before any cryptography, against jansson and OpenSSL's base64.
        case token
        /// The claims readers of the three kinds of provider, against jansson.
        case claims
        /// The key set reader, against cjose.
        case keys

        /// Holds one input against all that must be true of every input.
        public func check(_ input: [UInt8]) {
            switch self {
            case .json: JSONChecks.check(input)
            case .token: TokenChecks.check(input)
            case .claims: ClaimChecks.check(input)
            case .keys: KeyChecks.check(input)
            }
        }
    }

#endif
