internal import Base

/// What the readers of all senders' events share.
enum WebhookReading {
    /// No event is believed to be later than so many seconds from now: it would shut the door on all true ones.
    static let latest: Int64 = 300

    static func unreadable(_ what: String) -> Problem {
        Problem(.badRequest, "The event can't be read: \(what).")
    }

    /// A name, an id: 1 to 255 characters that the database can hold.
    static func name(_ value: JSON?) -> String? {
        guard let text = value?.string, (1...WebhookEvent.longestName).contains(text.unicodeScalars.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        return text
    }

    /// A moment that is not too far in the future.
    static func moment(_ moment: Timestamp, now: Timestamp) -> Timestamp {
        min(moment, now.advanced(bySeconds: latest))
    }

    /// A number of milliseconds since the epoch, or of seconds where it is too small for that.
    static func moment(_ value: JSON?, now: Timestamp) -> Timestamp? {
        let number = value?.int ?? value?.double.flatMap { Int64(exactly: $0.rounded()) }
        guard let number, number > 0, number < 253_402_300_799_999 else { return nil }
        let isMilliseconds = number > 100_000_000_000
        return moment(Timestamp(microseconds: number * (isMilliseconds ? 1000 : 1_000_000)), now: now)
    }

    /// Texts that the database can't hold count as not there.
    static func storable(_ text: String?) -> String? {
        text.flatMap { $0.unicodeScalars.contains("\0") ? nil : $0 }
    }
}
