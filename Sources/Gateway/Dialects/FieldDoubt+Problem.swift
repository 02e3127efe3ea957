internal import Base
internal import HTTP

extension FieldDoubt {
    /// The refusal, which says how to mend it.
    var problem: Problem {
        switch self {
        case .repeated(let name):
            Problem(.badRequest, "The header \(name) was sent more than once; send it once, or let the gateway set it.")
        case .joined(let name):
            Problem(.badRequest, "The header \(name) holds a comma, as if several had been joined; send one value.")
        case .alias(let name):
            Problem(.badRequest, "A header's name differs from \(name) in its hyphens only; leave it out.")
        }
    }
}
