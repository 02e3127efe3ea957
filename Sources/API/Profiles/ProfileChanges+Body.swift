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
        let address = body.change("avatar_url", max: PersonDetails.maximumAddress)
        avatarURL = Self.cleaned(address) { PersonDetails(avatarURL: $0).avatarURL }
        // What is no address is dropped at a login, and said to be none here; blanks clear.
        if avatarURL.value == nil, let text = address.value, PersonDetails(fullName: text).fullName != nil {
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
