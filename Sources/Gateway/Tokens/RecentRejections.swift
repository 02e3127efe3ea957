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
    /// So long it is remembered that a key could not be had: its issuer may publish it at any time.
    static let unknownKeyLifetime = Duration.seconds(1)

    private final class Entry {
        let token: [UInt8]
        let trust: TrustStore
        let at: Timestamp
        let lifetime: Int64
        let problem: Problem

        init(token: [UInt8], trust: TrustStore, at: Timestamp, lifetime: Duration, problem: Problem) {
            self.token = token
            self.trust = trust
            self.at = at
            self.lifetime = lifetime.nanoseconds / 1000
            self.problem = problem
        }

        func holds(in trust: TrustStore, now: Timestamp) -> Bool {
            // A clock that was set back forgets.
            self.trust === trust && at <= now && now.microseconds - at.microseconds < lifetime
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
        guard token.count <= Self.longest else { return nil }
        let slot = slot(token)
        return problem(at: slot, token, trust, now) ?? problem(at: slot ^ 1, token, trust, now)
    }

    private func problem(at place: Int, _ token: Span<UInt8>, _ trust: TrustStore, _ now: Timestamp) -> Problem? {
        guard let entry = entries[place], entry.holds(in: trust, now: now), entry.isOf(token) else { return nil }
        return entry.problem
    }

    /// Remembers a refusal, unless time alone may undo it.
    mutating func remember(
        _ rejection: TokenRejection, as problem: Problem, of token: Span<UInt8>, in trust: TrustStore, now: Timestamp
    ) {
        guard rejection.check != .notBefore, rejection.check != .issuedAt else { return }
        insert(problem, token, trust, now, Self.lifetime)
    }

    /// Remembers that the token's key could not be had.
    mutating func rememberUnknownKey(
        as problem: Problem, of token: Span<UInt8>, in trust: TrustStore, now: Timestamp
    ) {
        insert(problem, token, trust, now, Self.unknownKeyLifetime)
    }

    private mutating func insert(
        _ problem: Problem, _ token: Span<UInt8>, _ trust: TrustStore, _ now: Timestamp, _ lifetime: Duration
    ) {
        guard token.count <= Self.longest else { return }
        let bytes = unsafe token.withUnsafeBufferPointer { unsafe Array($0) }
        // Of two places the free one, or that of the older.
        var place = slot(token)
        if let first = entries[place], entries[place ^ 1].map({ $0.at < first.at }) ?? true { place ^= 1 }
        entries[place] = Entry(token: bytes, trust: trust, at: now, lifetime: lifetime, problem: problem)
    }

    /// Of a few bytes: the last ones, where signatures differ, and some of the claims, for tokens without a good
    /// signature. Seeded anew in every process; two tokens in one place take turns in it, and a find compares all bytes.
    private func slot(_ token: Span<UInt8>) -> Int {
        var hasher = Hasher()
        let middle = token.count / 2
        unsafe token.withUnsafeBytes { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[max(0, bytes.count - 24)...]))
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[max(0, middle - 24)..<middle]))
        }
        hasher.combine(token.count)
        return hasher.finalize() & mask
    }
}
