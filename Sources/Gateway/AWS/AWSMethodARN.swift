/// The ARN of a method of an API, `arn:{partition}:execute-api:{region}:{account}:{api}/{stage}/{verb}/{path}`.
public struct AWSMethodARN: Sendable, Equatable {
    /// The longest that the gateway sends, in bytes.
    public static let maximumLength = 1600

    /// As it was sent.
    public let text: String
    /// Everything up to and with the stage, without the slash behind it.
    public let stage: String
    /// The stage's own name, e.g. `prod` or `$default`.
    public let stageName: String
    /// The method, or a WebSocket's route such as `$connect`.
    public let verb: String
    /// The path with its slash; nil for a WebSocket's route.
    public let path: String?

    /// Nil for anything that names no method of one API and stage.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "execute-api",
            parts[1...4].allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isPlain) })
        else { return nil }
        let resource = parts[5].split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard resource.count >= 3, resource.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }),
            !resource[0].isEmpty, resource[0].utf8.allSatisfy(Self.isPlain), Self.isStage(resource[1]),
            Self.isVerb(resource[2])
        else { return nil }
        self.text = text
        stage = parts[0...4].joined(separator: ":") + ":\(resource[0])/\(resource[1])"
        stageName = String(resource[1])
        verb = String(resource[2])
        path = resource.count == 4 ? "/" + resource[3] : verb.hasPrefix("$") ? nil : "/"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isStage(_ text: Substring) -> Bool {
        text == "$default" || (!text.isEmpty && text.utf8.allSatisfy(isPlain))
    }

    /// A route key of a WebSocket begins with a dollar sign, or is a name.
    private static func isVerb(_ text: Substring) -> Bool {
        let name = text.hasPrefix("$") ? text.dropFirst() : text
        return !name.isEmpty && name.utf8.allSatisfy(isPlain)
    }
}
