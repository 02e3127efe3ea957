internal import Base
internal import Glibc
internal import Tokens

/// The last tokens of one loop that were found bad for good: a client that keeps sending one costs a comparison.
///
/// Nothing is let in by this: an entry says no, to the very same bytes, under the very same issuers and keys.
struct RecentRejections {
    /// Larger tokens are judged anew each time.
    static let longest = 2048
    /// So long a verdict is remembered.
    static let lifetime = Duration.seconds(10)

    private final class Entry {
        let token: [UInt8]
        let trust: TrustStore
        let at: Timestamp
        let problem: Problem

        init(token: [UInt8], trust: TrustStore, at: Timestamp, problem: Problem) {
            self.token = token
            self.trust = trust
            self.at = at
            self.problem = problem
        }

        func isOf(_ other: Span<UInt8>) -> Bool {
            guard other.count == token.count else { return false }
            return unsafe other.withUnsafeBytes { other in
                unsafe token.withUnsafeBytes { own in
                    guard let first = own.baseAddress, let second = other.baseAddress else { return true }
                    return unsafe memcmp(first, second, own.count) == 0
                }
            }
        }
    }

    private var entries: [Entry?]
    private let mask: Int

    /// - Parameter slots: so many are remembered at most; a power of two. A newcomer takes the place of another.
    init(slots: Int = 4096) {
        precondition(slots.nonzeroBitCount == 1)
        entries = Array(repeating: nil, count: slots)
        mask = slots - 1
    }

    /// What this token was refused with a moment ago.
    func find(_ token: Span<UInt8>, in trust: TrustStore, now: Timestamp) -> Problem? {
        guard token.count <= Self.longest, let entry = entries[slot(token)], entry.trust === trust,
            // A clock that was set back forgets.
            entry.at <= now, now.microseconds - entry.at.microseconds < Self.lifetime.nanoseconds / 1000,
            entry.isOf(token)
        else { return nil }
        return entry.problem
    }

    /// Remembers a refusal, unless time alone may undo it.
    mutating func remember(
        _ rejection: TokenRejection, as problem: Problem, of token: Span<UInt8>, in trust: TrustStore, now: Timestamp
    ) {
        guard token.count <= Self.longest, rejection.check != .notBefore, rejection.check != .issuedAt else { return }
        let bytes = unsafe token.withUnsafeBufferPointer { unsafe Array($0) }
        entries[slot(token)] = Entry(token: bytes, trust: trust, at: now, problem: problem)
    }

    /// Of all bytes: two bad tokens may differ in one. Seeded anew in every process.
    private func slot(_ token: Span<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe token.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize() & mask
    }
}
