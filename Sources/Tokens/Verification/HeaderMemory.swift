internal import Glibc

/// The headers of the last verified tokens. An issuer's tokens all begin with the very same bytes as long as its key is
/// the same, so that reading them again and again would be most of the work before the claims.
///
/// What is kept follows from the bytes and the purpose alone, and only headers of tokens that passed come in.
struct HeaderMemory {
    private static let capacity = 8

    private var entries: [(text: [UInt8], purpose: TokenPurpose, header: TokenHeader)] = []
    private var next = 0

    /// The header that is spelled just so.
    func find(_ text: Span<UInt8>, _ purpose: TokenPurpose) -> TokenHeader? {
        for entry in entries where Self.equal(entry.text, text) && entry.purpose == purpose { return entry.header }
        return nil
    }

    /// Keeps a header that is not kept yet; the oldest makes room.
    mutating func keep(_ header: TokenHeader, _ text: Span<UInt8>, _ purpose: TokenPurpose) {
        let entry = (Array(copying: text), purpose, header)
        if entries.count < HeaderMemory.capacity {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % HeaderMemory.capacity
        }
    }

    private static func equal(_ left: [UInt8], _ right: Span<UInt8>) -> Bool {
        let count = left.count
        guard count == right.count else { return false }
        return unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return unsafe memcmp(left, right, count) == 0
            }
        }
    }
}
