public import Base
public import Tokens

/// One line of a batch with the ids of the rows that it may lead to.
public struct ImportRow: Sendable {
    /// The line's number.
    public let line: Int
    /// The id of the user, should one be made.
    public let userID: EntityID
    /// The id of the identity, should one be made.
    public let identityID: EntityID
    /// Whether the e-mail counts as verified (contract §3).
    public let isEmailVerified: Bool
    /// What the line says.
    public let content: Result<ImportLine, ImportRefusal>
}

/// Lines that are committed together. In rounds: no two lines of a round have the same e-mail or the same subject, and
/// of two lines that do, the later one stands in a later round.
public struct ImportBatch: Sendable {
    /// The rounds, in their order.
    public private(set) var rounds: [[ImportRow]] = []
    /// The number of the first line.
    public private(set) var firstLine = 0
    /// The number of the last line.
    public private(set) var lastLine = 0
    /// How many lines there are.
    public private(set) var count = 0
    private var byEmail: [String: Int] = [:]
    private var bySubject: [String: Int] = [:]

    /// A batch without lines.
    public init() {}

    /// Adds the next line.
    ///
    /// - Parameters:
    ///   - authority: the domains that the provider is the authority for.
    ///   - requireVerifiedEmail: whether a line is refused whose e-mail is said not to be verified.
    public mutating func add(
        _ entry: ImportEntry, authority: EmailAuthority, requireVerifiedEmail: Bool, makeID: () -> EntityID
    ) {
        if count == 0 { firstLine = entry.line }
        lastLine = entry.line
        count += 1
        var content = entry.content
        var isVerified = false
        var round = 0
        if case .success(let line) = content {
            let evidence = EmailEvidence(line.email, verified: line.emailVerified, authority: authority)
            isVerified = evidence.isVerified
            if evidence.standing == .denied, requireVerifiedEmail {
                content = .failure(ImportRefusal(.emailUnverified))
            } else {
                round = self.round(of: line)
            }
        }
        if round == rounds.count { rounds.append([]) }
        rounds[round].append(
            ImportRow(
                line: entry.line, userID: makeID(), identityID: makeID(), isEmailVerified: isVerified, content: content)
        )
    }

    /// Whether the other batch has an e-mail or a subject that this one has too.
    func collides(with other: ImportBatch) -> Bool {
        other.byEmail.keys.contains { byEmail[$0] != nil } || other.bySubject.keys.contains { bySubject[$0] != nil }
    }

    private mutating func round(of line: ImportLine) -> Int {
        var round = byEmail[line.email.canonical] ?? 0
        if let subject = line.subject {
            round = max(round, bySubject[subject] ?? 0)
            bySubject[subject] = round + 1
        }
        byEmail[line.email.canonical] = round + 1
        return round
    }
}
