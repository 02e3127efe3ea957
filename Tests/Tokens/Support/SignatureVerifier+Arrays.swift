@testable import Tokens

extension SignatureVerifier {
    /// With arrays, which expectations can show.
    func accepts(_ signature: [UInt8], _ message: [UInt8], _ key: VerificationKey, _ algorithm: Algorithm) -> Bool {
        verify(signature, of: message.span, key: key, algorithm: algorithm)
    }
}
