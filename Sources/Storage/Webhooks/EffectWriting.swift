internal import Accounts
internal import Base
internal import Postgres

/// Writes the effects of one event within its transaction.
struct EffectWriting {
    private let event: WebhookEvent
    private let transaction: Transaction
    private let issuer: Parameter
    /// Why some effect led to nothing.
    private(set) var note: String?
    private(set) var hasWritten = false

    init(_ event: WebhookEvent, in transaction: Transaction) {
        self.event = event
        self.transaction = transaction
        issuer = .text(event.issuer)
    }

    /// What the record says then: status and note.
    var status: (Parameter, Parameter) {
        if event.effects.isEmpty { return (.text("ignored"), .text("This kind of event concerns nobody here.")) }
        return (.text(hasWritten ? "done" : "ignored"), .text(note))
    }

    mutating func writeAll() async throws {
        for effect in event.effects { try await write(effect) }
    }

    private mutating func write(_ effect: WebhookEffect) async throws {
        switch effect {
        case .person(let subject, let person, let moment):
            try await write(person, of: subject, saysEmail: true, moment)
        case .names(let subject, let details, let moment):
            let person = LookedUpPerson(email: nil, isEmailVerified: nil, details: details)
            try await write(person, of: subject, saysEmail: false, moment)
        case .standing(let subject, let standing, let moment):
            for subject in try await lock(subject) { try await write(standing, of: subject, moment) }
        case .endSession(let id, let moment):
            transaction.send(EffectStatements.revokeSession, issuer, .text(id), .timestamp(moment))
            transaction.send(EffectStatements.endSession, issuer, .text(id), .timestamp(moment))
            hasWritten = true
        case .endSessions(let subject, let moment):
            for subject in try await lock(subject) {
                let revoked = transaction.send(
                    EffectStatements.revokeSubject, issuer, .text(subject), .timestamp(moment))
                transaction.send(EffectStatements.endSessions, issuer, .text(subject), .timestamp(moment))
                try await transaction.flush()
                wrote(revoked.first != nil)
            }
        case .membership(let subject, let org, let isMember, let moment):
            try await write(isMember, in: org, of: subject, moment)
        }
    }

    private mutating func wrote(_ isNew: Bool) {
        if isNew { hasWritten = true } else { note = "It is older than what is known." }
    }

    /// Takes the same lock as a login of the person, so that neither misses what the other writes.
    private mutating func lock(_ subject: WebhookSubject) async throws -> [String] {
        let subjects: [String]
        switch subject {
        case .id(let id): subjects = [id]
        case .email(let address):
            subjects = try await transaction.query(
                EffectStatements.subjects, issuer, .text(address.text.lowercased()), .text(address.canonical))
            if subjects.isEmpty { note = "Nobody here has this e-mail at the issuer." }
        }
        for subject in subjects { transaction.send(LockStatements.identity, issuer, .text(subject)) }
        return subjects
    }

    // MARK: People

    private mutating func write(
        _ person: LookedUpPerson, of subject: String, saysEmail: Bool, _ moment: Timestamp
    ) async throws {
        let subject = Parameter.text(subject)
        let address = person.email.flatMap { EmailAddress($0) }
        transaction.send(LockStatements.identity, issuer, subject)
        let kept = transaction.send(
            EffectStatements.keepPerson, issuer, subject, .text(address?.text), .bool(person.isEmailVerified),
            .json(ClaimedDetails.members(person.details)), .timestamp(moment), .bool(saysEmail))
        let account = transaction.send(AccountStatements.byIdentity, issuer, subject, .bool(true))
        try await transaction.flush()
        wrote(kept.first != nil)
        guard kept.first != nil, let account = account.first else { return }
        let details = person.details.withFullName
        if let profile = account.profile {
            let changes = details.changes(since: account.claimed).changes(since: profile.details)
            if changes != .unknown {
                transaction.send(
                    WriteStatements.updateProfile, .uuid(account.user.id), .text(changes.fullName),
                    .text(changes.firstName), .text(changes.lastName), .text(changes.phone), .text(changes.avatarURL))
            }
        }
        let evidence = address.map {
            EmailEvidence($0, verified: person.isEmailVerified, authority: event.authority)
        }
        let verified = evidence.flatMap { $0.isVerified ? $0.address : nil }
        if let verified {
            transaction.send(LockStatements.email, .text(verified.canonical))
            let isTaken = try await transaction.query(
                EffectStatements.moveEmail, issuer, subject, .text(verified.text), .text(verified.canonical))
            if isTaken.first == true { note = "Somebody else here has the e-mail; it was not taken over." }
        }
        transaction.send(
            EffectStatements.identity, issuer, subject, .text(verified?.text),
            .json(ClaimedDetails.metadata(details.completed(by: account.claimed))))
    }

    private mutating func write(
        _ standing: WebhookEffect.Standing, of subject: String, _ moment: Timestamp
    ) async throws {
        let kept = try await transaction.query(
            EffectStatements.keepStanding, issuer, .text(subject), .text(standing.rawValue), .timestamp(moment))
        wrote(kept.first != nil)
        guard kept.first != nil else { return }
        transaction.send(
            standing == .active ? EffectStatements.letIn : EffectStatements.lockOut, issuer, .text(subject))
    }

    private mutating func write(
        _ isMember: Bool, in org: EntityID, of subject: String, _ moment: Timestamp
    ) async throws {
        let subject = Parameter.text(subject)
        transaction.send(LockStatements.identity, issuer, subject)
        let kept = try await transaction.query(
            EffectStatements.keepMembership, issuer, subject, .uuid(org), .bool(isMember), .timestamp(moment))
        guard kept.first != nil else {
            note = "It is older than what is known, or there is no such org."
            return
        }
        hasWritten = true
        transaction.send(isMember ? EffectStatements.join : EffectStatements.leave, issuer, subject, .uuid(org))
    }
}
