public import Base

/// Which addresses a request may connect to, looked at after the name was resolved, for each connection.
public enum AddressRule: Hashable, Sendable, CaseIterable {
    /// Public addresses only: none that is private, loopback, link-local or otherwise special (RFC 6890).
    case publicOnly
    /// This machine only: `127.0.0.0/8` and `::1`.
    case loopbackOnly
    /// Public addresses and this machine.
    case publicOrLoopback
    /// Any address.
    case any

    /// Whether a connection to the address may be made.
    public func allows(_ address: IPAddress) -> Bool {
        switch self {
        case .publicOnly: !address.isPrivateOrLocal
        case .loopbackOnly: address.isLoopback
        case .publicOrLoopback: !address.isPrivateOrLocal || address.isLoopback
        case .any: true
        }
    }
}
