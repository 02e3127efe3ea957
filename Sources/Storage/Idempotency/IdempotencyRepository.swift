public import Accounts
public import Base
public import Postgres

/// Answers to requests that may be sent again, in PostgreSQL. One a loop.
public final class IdempotencyRepository: IdempotencyStore {
    private let session: CallerSession

    /// Keeps answers in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``IdempotencyStore``.
    public func once(
        _ caller: Caller, key: String, request: [UInt8], _ work: (Caller) async throws(Problem) -> KeptAnswer
    ) async throws(Problem) -> (answer: KeptAnswer, isRepeated: Bool) {
        do {
            let answer = try await session.database.transaction(as: caller.role) { transaction in
                // Goes out together with the first statements of the work: a taken key stops them.
                transaction.send(IdempotencyStatements.forget, .uuid(caller.userID), .text(key))
                transaction.send(IdempotencyStatements.begin, .uuid(caller.userID), .text(key), .bytes(request))
                let answer = try await work(caller.within(OpenTransaction(transaction)))
                transaction.send(
                    IdempotencyStatements.finish, .uuid(caller.userID), .text(key), .int(answer.status),
                    .bytes(answer.body))
                return answer
            }
            return (answer, false)
        } catch let error as DatabaseError where error.constraint == IdempotencyStatements.taken {
        } catch let problem as Problem where problem.cause == OpenTransaction.taken {
        } catch let error as DatabaseError {
            throw CallerSession.problem(error)
        } catch {
            throw Problem.from(error)
        }
        let kept = try await session.run(caller) {
            $0.send(IdempotencyStatements.answer, .uuid(caller.userID), .text(key), .bytes(request))
        }
        guard let kept = kept.first, let answer = kept.answer else {
            throw Problem(.overloaded, "The first request with this Idempotency-Key is not done yet.", retryAfter: 1)
        }
        guard kept.isSame else {
            throw Problem(.conflict, "This Idempotency-Key was used for another request; take a new one.")
        }
        return (answer, true)
    }
}

/// The transaction of an idempotent request, as callers carry it to the other repositories.
final class OpenTransaction: UnitOfWork {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// The cause of the problem that a taken key is on its way through the layers between.
    static let taken = "the idempotency key is taken"
}
