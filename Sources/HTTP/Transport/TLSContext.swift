/// Certificate, key and settings of TLS.
public final class TLSContext: Sendable {
}
