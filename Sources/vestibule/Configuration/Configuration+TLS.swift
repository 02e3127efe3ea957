internal import HTTP

extension Configuration {
    /// The certificate and key, read; nil for plain HTTP.
    func tlsContext() throws(TLSError) -> TLSContext? {
        guard let tlsCertificate, let tlsKey else { return nil }
        return try TLSContext(certificate: tlsCertificate, key: tlsKey)
    }
}
