/// The people for whom tokens were made, by issuer and stable id: userinfo and the Backend API answer from here.
struct PeopleSeen {
    /// Beyond so many the memory begins anew; a development IdP sees a few.
    static let limit = 100_000

    private var people: [String: Person] = [:]

    mutating func remember(_ person: Person, at issuer: Issuer, subject: String) {
        if people.count >= Self.limit { people = [:] }
        people["\(issuer.rawValue) \(subject)"] = person
    }

    func person(at issuer: Issuer, subject: String) -> Person? {
        people["\(issuer.rawValue) \(subject)"]
    }
}
