internal import Accounts
internal import Postgres

/// The statements about requests that may be sent again; run as the caller.
enum IdempotencyStatements {
    /// The SQLSTATE of a key that is taken.
    static let taken = "VE010"

    /// What a key stands for.
    struct Kept: Sendable {
        var isSame: Bool
        var answer: KeptAnswer?
    }

    static let begin = Statement("idempotency_begin", "SELECT public.begin_idempotent($1, $2)")

    static let finish = Statement("idempotency_finish", "SELECT public.finish_idempotent($1, $2::integer, $3)")

    static let answer = Statement<Kept>(
        "idempotency_answer", "SELECT is_same, status, answer FROM public.idempotent_answer($1, $2)"
    ) { row in
        guard let status = try row.optionalInt(1), let body = try row.optionalBytes(2) else {
            return Kept(isSame: try row.bool(0), answer: nil)
        }
        return Kept(isSame: try row.bool(0), answer: KeptAnswer(status: Int(status), body: body))
    }
}
