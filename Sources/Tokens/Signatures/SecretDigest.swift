public import Base
internal import COpenSSL

/// What is stored of a secret that nobody could guess, so that it is known again when it is presented.
public enum SecretDigest {
    /// The SHA-256 of the secret's bytes: 32 bytes.
    public static func sha256(_ secret: Secret) -> [UInt8] {
        secret.withBytes { bytes in
            var digest = [UInt8](repeating: 0, count: 32)
            unsafe bytes.withUnsafeBufferPointer { _ = unsafe SHA256($0.baseAddress, $0.count, &digest) }
            return digest
        }
    }
}
