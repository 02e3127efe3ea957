internal import Accounts
internal import Postgres

/// The statements about requests that may be sent again; run as the caller.
enum IdempotencyStatements {
    /// The constraint that a key which is taken violates.
    static let taken = "idempotency_keys_pkey"

    /// What a key stands for.
    struct Kept: Sendable {
        var isSame: Bool
        var answer: KeptAnswer?
    }

    /// A key is good for another request after a day.
    static let forget = Statement(
        "idempotency_forget",
        """
        DELETE FROM public.idempotency_keys WHERE caller = $1::uuid::text AND key = $2 AND created_at < now() - interval '1 day'
        """)

    /// Waits for another transaction that has the key in hand.
    static let begin = Statement(
        "idempotency_begin",
        "INSERT INTO public.idempotency_keys (caller, key, request_digest) VALUES ($1::uuid::text, $2, sha256($3))")

    static let finish = Statement(
        "idempotency_finish",
        "UPDATE public.idempotency_keys SET status = $3::integer, answer = $4 WHERE caller = $1::uuid::text AND key = $2"
    )

    static let answer = Statement<Kept>(
        "idempotency_answer",
        """
        SELECT request_digest = sha256($3), status, answer FROM public.idempotency_keys
        WHERE caller = $1::uuid::text AND key = $2
        """
    ) { row in
        guard let status = try row.optionalInt(1), let body = try row.optionalBytes(2) else {
            return Kept(isSame: try row.bool(0), answer: nil)
        }
        return Kept(isSame: try row.bool(0), answer: KeptAnswer(status: Int(status), body: body))
    }
}
