internal import Base

extension EmailAddress {
    /// The address as it is stored: as given, but with a domain that comparisons in SQL find.
    var stored: String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : canonical
    }
}
