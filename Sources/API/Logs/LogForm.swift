internal import Accounts
internal import Base
internal import HTTP

/// In which form a log is wanted.
enum LogForm: String, CaseIterable {
    /// The envelope of every list.
    case json
    /// An export: one object a line, at most 10 000; where more follow, `Link` names the next part.
    case ndjson

    /// As the parameter `format` says, else as `Accept` does.
    init(_ request: Request, _ query: inout Query) {
        let accepts = request.fields(.accept).contains { $0.lowercased().contains(Self.mediaType) }
        self = query.choice("format", of: LogForm.self) ?? (accepts ? .ndjson : .json)
    }

    static let mediaType = "application/x-ndjson"

    /// The part that is asked for: an export gives as much as it may when nothing is said.
    func page(_ query: inout Query) -> Page {
        switch self {
        case .json: query.page()
        case .ndjson: query.page(standard: Page.maximumExport, maximum: Page.maximumExport)
        }
    }

    /// The answer.
    func answer<Element>(
        _ listing: Listing<Element>, _ request: Request, _ body: @escaping (inout JSONWriter, Element) -> Void
    ) -> Response {
        guard self == .ndjson else { return .list(listing, body) }
        var lines: [UInt8] = []
        for element in listing.elements {
            lines += JSONWriter.object { body(&$0, element) }
            lines.append(UInt8(ascii: "\n"))
        }
        var response = Response(status: 200, fields: [(.contentType, Self.mediaType)], body: lines)
        if listing.hasMore { response.set(.link, "<\(Self.next(listing.page, request))>; rel=\"next\"") }
        return response
    }

    /// The same path and filters, one part further.
    private static func next(_ page: Page, _ request: Request) -> String {
        let kept = (request.query ?? "").split(separator: "&").filter { part in
            !["offset", "limit", "format"].contains(part.prefix { $0 != "=" })
        }
        let place = ["format=ndjson", "limit=\(page.limit)", "offset=\(page.offset + page.limit)"]
        return request.path + "?" + (kept.map(String.init) + place).joined(separator: "&")
    }
}

extension FieldName {
    static let link = FieldName("Link")
}
