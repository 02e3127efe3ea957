/// What has to be done again and again, by one instance of all that run.
public enum UpkeepJob: Sendable, Equatable {
    /// The months of the logs: those to come are made; those that lie further back are dropped, nil keeps all.
    case logMonths(auditDays: Int64?, loginDays: Int64?)
    /// Invites whose time is over are said to be expired.
    case invites
    /// Change notices that every instance has had time to read are forgotten.
    case notices
    /// Sessions, revocations and kept answers that can matter to nobody any more.
    case leftovers

    /// Its name, in the database, the log and the metrics.
    public var name: String {
        switch self {
        case .logMonths: "log_months"
        case .invites: "invites"
        case .notices: "notices"
        case .leftovers: "leftovers"
        }
    }

    /// How long it is left alone after it was done, in seconds.
    public var period: Int64 {
        switch self {
        case .logMonths: 6 * 3600
        case .invites: 60
        case .notices: 600
        case .leftovers: 6 * 3600
        }
    }
}
