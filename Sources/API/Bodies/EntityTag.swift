internal import Base
internal import HTTP

/// The entity tag of a resource (RFC 9110 section 8.8.3): its `updated_at` in quotes, so that who has read a list can make
/// it; behind a `;` what tells the parts of the answer that have no such time.
enum EntityTag {
    /// The tag of a state.
    ///
    /// - Parameter parts: what is shown besides the resource itself.
    static func make(_ updatedAt: Timestamp, parts: [UInt8] = []) -> String {
        guard !parts.isEmpty else { return "\"\(updatedAt)\"" }
        // FNV-1a: a tag only has to differ where the answer does; nobody gains by making two the same for themselves.
        let hash = parts.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\"\(updatedAt);\(String(hash, radix: 16))\""
    }

    /// The state that `If-Match` names; nil where there is none, or where any will do.
    ///
    /// - Throws: 412 when it names no state that there could be, such as a weak tag; 400 for more than one tag.
    static func expected(_ request: Request) throws(Problem) -> Timestamp? {
        let values = request.fields(.ifMatch)
        guard let value = values.first else { return nil }
        if values.count == 1, value == "*" { return nil }
        guard values.count == 1, !value.contains(",") else {
            throw Problem(.badRequest, "If-Match must name one entity tag, the one that was read.")
        }
        guard value.count > 2, value.hasPrefix("\""), value.hasSuffix("\"") else { throw changedMeanwhile }
        let time = value.dropFirst().dropLast().prefix { $0 != ";" }
        guard let moment = Timestamp(rfc3339: time) else { throw changedMeanwhile }
        return moment
    }

    private static var changedMeanwhile: Problem {
        Problem(.conflict, "If-Match names no state of this resource; read it again.", status: 412)
    }
}

extension Response {
    /// The same with its entity tag; 304 without a body where the client has this state already (RFC 9110 section 13.1.2).
    func tagged(_ tag: String, _ request: Request) -> Response {
        var response = self
        response.set(.etag, tag)
        guard request.method == .get || request.method == .head else { return response }
        let known = request.fields(.ifNoneMatch).flatMap { $0.split(separator: ",") }.map { entry in
            let entry = entry.trimming { $0 == " " || $0 == "\t" }
            // Weak comparison.
            return entry.hasPrefix("W/") ? String(entry.dropFirst(2)) : String(entry)
        }
        guard known.contains(tag) || known == ["*"] else { return response }
        return Response(status: 304, fields: [(.etag, tag)])
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var text = self
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
