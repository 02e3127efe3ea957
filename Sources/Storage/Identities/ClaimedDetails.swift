internal import Accounts
internal import Base

/// What a provider last said about a person, as it stands in the identity's metadata.
enum ClaimedDetails {
    static func read(_ bytes: [UInt8]?) -> PersonDetails {
        guard let bytes, let json = try? JSON.parse(bytes) else { return .unknown }
        return PersonDetails(
            fullName: json["full_name"]?.string, firstName: json["first_name"]?.string,
            lastName: json["last_name"]?.string, phone: json["phone"]?.string,
            avatarURL: json["avatar_url"]?.string)
    }

    static func metadata(_ details: PersonDetails) -> [UInt8] {
        JSONWriter.object { $0.member("claimed", json: members(details)) }
    }

    /// The known ones of the details, as an object.
    static func members(_ details: PersonDetails) -> [UInt8] {
        JSONWriter.object { writer in
            writer.memberIfPresent("full_name", details.fullName)
            writer.memberIfPresent("first_name", details.firstName)
            writer.memberIfPresent("last_name", details.lastName)
            writer.memberIfPresent("phone", details.phone)
            writer.memberIfPresent("avatar_url", details.avatarURL)
        }
    }
}
