/// When the proof of a domain is looked for again, and when it is lost.
///
/// A name server that is down, or a zone that is moved, must lock nobody out: DNS that can't be asked says nothing, and
/// a record that is not there must stay away for a while.
public enum ProofRules {
    /// How long a proof that was found is believed without looking again, in seconds.
    public static let period: Int64 = 12 * 3600
    /// After how long DNS is asked again when it could not be asked, in seconds.
    public static let retry: Int64 = 3600
    /// So many looks in a row must have found nothing…
    public static let misses: Int64 = 3
    /// …the first of them at least so many seconds before the last.
    public static let absence: Int64 = 48 * 3600
    /// How many domains are looked at in one round.
    public static let batch = 50
}
