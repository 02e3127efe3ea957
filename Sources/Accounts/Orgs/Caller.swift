public import Base

/// For whom a statement is run: row security decides by it what the statement sees and may change.
public struct Caller {
    /// The user.
    public let userID: EntityID
    /// The request's id, for the audit.
    public let requestID: String
    /// Where the request came from, for the audit.
    public let clientAddress: IPAddress?

    /// The transaction that is open already and that the statement belongs to; nil: it gets one of its own.
    public let unit: (any UnitOfWork)?

    /// Names a caller.
    public init(
        userID: EntityID, requestID: String, clientAddress: IPAddress?, unit: (any UnitOfWork)? = nil
    ) {
        self.unit = unit
        self.userID = userID
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}

extension Caller {
    /// The same caller, whose statements belong to the transaction from now on; with nil each to one of its own.
    public func within(_ unit: (any UnitOfWork)?) -> Caller {
        Caller(userID: userID, requestID: requestID, clientAddress: clientAddress, unit: unit)
    }
}

/// A transaction that several calls of stores share; the store that has opened it knows what it is. Confined to a loop.
public protocol UnitOfWork: AnyObject {}
