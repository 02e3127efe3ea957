internal import Accounts
internal import Base

extension Body {
    /// A duration in seconds, given as a number of them or as a text such as `30d`; nil where it is absent or null.
    mutating func seconds(_ name: String) -> Int64? {
        guard let value = value(name) else { return nil }
        let seconds = value.string.map { DurationText.seconds($0) } ?? value.wholeNumber
        guard let seconds, (0...DurationText.longest).contains(seconds) else {
            complain(name, "must be a duration such as 30d: a number followed by s, m, h, d or w")
            return nil
        }
        return seconds
    }

    /// A list of networks; empty where it is absent or null.
    mutating func networks(_ name: String) -> [CIDR] {
        guard let value = value(name) else { return [] }
        guard let texts = value.elements else {
            complain(name, "must be a list of networks such as 10.0.0.0/8")
            return []
        }
        return texts.compactMap { text in
            let network = text.string.flatMap { CIDR($0) }
            if network == nil {
                complain(name, "must be networks such as 10.0.0.0/8, with no bits set behind the prefix")
            }
            return network
        }
    }
}
