public import Base

/// Whose requests are counted together.
public enum LimitedCaller: Hashable, Sendable {
    /// The public part of an API key.
    case key(String)
    /// Somebody who came with a token.
    case person(Identity)
    /// A client that came with neither. Of IPv6 the first 64 bits count, because whoever has one address of such a
    /// network usually has them all.
    case address(IPAddress)

    /// The caller at that address.
    public init(_ address: IPAddress) {
        self = .address(
            address.isV4 ? address : IPAddress(bytes: address.bytes.prefix(8) + [0, 0, 0, 0, 0, 0, 0, 0]) ?? address)
    }

    /// The name under which instances share the count.
    public var name: String {
        switch self {
        case .key(let id): "key:\(id)"
        case .person(let identity): "user:\(identity.issuer) \(identity.subject)"
        case .address(let address): "address:\(address)"
        }
    }
}
