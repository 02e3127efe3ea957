internal import Base
internal import HTTP

extension Request {
    /// The id in the path.
    ///
    /// - Throws: 404 `not_found` for what is no UUID: nothing can be there.
    func pathID(_ name: String) throws(Problem) -> EntityID {
        guard let id = parameters[name].flatMap({ EntityID($0) }) else {
            throw Problem(.notFound, "There is nothing here, or nothing that you may see.")
        }
        return id
    }
}
