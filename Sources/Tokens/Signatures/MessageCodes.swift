public import Base
internal import COpenSSL

/// Codes that only who has the key can make of a message.
public enum MessageCodes {
    /// HMAC-SHA256 (RFC 2104) of the message: 32 bytes; nil when the library refuses, which it has no reason to.
    public static func hmacSHA256(_ message: [UInt8], key: Secret) -> [UInt8]? {
        // An empty key would be no key at all.
        guard key.count > 0 else { return nil }
        return key.withBytes { key in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe filled { output, length in
                    unsafe HMAC(EVP_sha256(), key.baseAddress, Int32(key.count), message, message.count, output, length)
                        != nil
                }
            }
        }
    }

    private static func filled(
        _ make: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>) -> Bool
    ) -> [UInt8]? {
        var length: UInt32 = 0
        var isMade = false
        let code = unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            isMade = unsafe make(start, &length)
            count = isMade ? Int(length) : 0
        }
        return isMade && code.count == 32 ? code : nil
    }
}
