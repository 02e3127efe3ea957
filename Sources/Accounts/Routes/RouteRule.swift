/// One rule as configured.
public struct RouteRule: Sendable, Equatable {
    /// One segment of a path pattern.
    enum Segment: Sendable, Equatable {
        /// Exactly this text, in the normal form of ``RoutePath``.
        case literal([UInt8])
        /// `{name}` or `*`: any one segment.
        case any(name: String?)
        /// `**`: all that follows, also nothing. Only at the end.
        case rest
    }

    /// The methods that it is for; nil: any.
    let methods: Set<String>?
    /// The host that it is for, lower case, without port; nil: any.
    let host: String?
    /// The pattern as written.
    let pattern: String
    /// The pattern's segments.
    let segments: [Segment]
    /// What it asks.
    public let requirement: RouteRequirement

    /// Where `{org_id}` stands among the segments.
    var orgPosition: Int? {
        segments.firstIndex { $0 == .any(name: "org_id") }
    }

    /// Two rules with this in common match the same paths.
    var shape: [Segment] {
        segments.map { segment in
            if case .any = segment { .any(name: nil) } else { segment }
        }
    }
}
