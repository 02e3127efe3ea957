internal import Accounts

extension ProfileChanges {
    /// The changes that a body asks for. Texts are stored as those of a login are: without control characters and
    /// surrounding blanks; what is empty then clears the field.
    init(_ body: inout Body) {
        self.init()
        fullName = Self.cleaned(body.change("full_name", max: PersonDetails.maximumFullName)) {
            PersonDetails(fullName: $0).fullName
        }
        firstName = Self.cleaned(body.change("first_name", max: PersonDetails.maximumName)) {
            PersonDetails(firstName: $0).firstName
        }
        lastName = Self.cleaned(body.change("last_name", max: PersonDetails.maximumName)) {
            PersonDetails(lastName: $0).lastName
        }
        phone = Self.cleaned(body.change("phone", max: PersonDetails.maximumPhone)) {
            PersonDetails(phone: $0).phone
        }
        avatarURL = Self.cleaned(body.change("avatar_url", max: PersonDetails.maximumAddress)) {
            PersonDetails(avatarURL: $0).avatarURL
        }
        // Consoles show the picture: nothing that runs may stand here.
        if let address = avatarURL.value, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
            body.complain("avatar_url", "must be an http or https address")
        }
    }

    private static func cleaned(
        _ change: FieldChange<String>, _ clean: (String) -> String?
    ) -> FieldChange<String> {
        guard case .set(let text) = change else { return .keep }
        return .set(text.flatMap(clean))
    }
}
