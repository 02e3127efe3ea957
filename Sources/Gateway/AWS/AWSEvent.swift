public import Base
internal import HTTP

/// An API Gateway authorizer event: what the gateway says about a request.
public struct AWSEvent: Sendable {
    /// The shapes that answers differ by.
    public enum Form: Sendable, Equatable {
        /// REST TOKEN, REST REQUEST, HTTP API 1.0.
        case policy
        /// WebSocket REQUEST: a policy too, for routes without a path.
        case webSocket
        /// HTTP API 2.0.
        case version2
    }

    /// Which shape it has.
    public let form: Form
    /// The method that is asked about; nil where an HTTP API 2.0 event has none.
    public let arn: AWSMethodARN?
    /// The method, as the client sent it.
    public let method: String?
    /// The host, where the event tells it.
    public let host: String?
    /// The path without the stage.
    public let path: String?
    /// Every Authorization value.
    public let authorization: [String]
    /// Every Cookie header's value.
    public let cookies: [String]
    /// Every `X-Org-Id` value.
    public let orgHeaders: [String]
    /// What can be read in two ways about the headers that decisions are made by; nil: nothing.
    let doubt: FieldDoubt?
    /// The client's address.
    public let sourceIP: IPAddress?
    /// The gateway's id of the request, where it is one that may stand in a log.
    public let requestID: String?

    /// Reads an event.
    ///
    /// - Throws: `bad_request` for what is no authorizer event.
    public init(_ bytes: [UInt8]) throws(Problem) {
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            throw Problem(.badRequest, "The event is no JSON: \(error).")
        }
        try self.init(json)
    }

    /// Reads a parsed event.
    public init(_ json: JSON) throws(Problem) {
        guard json.kind == .object else { throw Self.notAnEvent("it is no object") }
        form = try Self.form(json)
        arn = try Self.arn(json, form)
        let context = json["requestContext"]
        let headers = AWSHeaders(json)
        switch form {
        case .version2:
            let http = context?["http"]
            method = http?["method"]?.string
            path = Self.withoutStage(
                json["rawPath"]?.string ?? http?["path"]?.string, context?["stage"]?.string ?? arn?.stageName)
            host = headers.values("host").first ?? context?["domainName"]?.string
            sourceIP = http?["sourceIp"]?.string.flatMap { IPAddress($0) }
        case .policy, .webSocket:
            let isToken = json["type"]?.equals("TOKEN") == true
            // A WebSocket is opened by a GET; its routes have no path of their own but their key.
            method = json["httpMethod"]?.string ?? (form == .webSocket ? "GET" : arn?.verb)
            if form == .webSocket {
                path = arn.map { "/" + $0.verb }
            } else if isToken {
                path = arn?.path
            } else {
                path =
                    Self.withoutStage(json["path"]?.string, json["version"] == nil ? nil : arn?.stageName) ?? arn?.path
            }
            host = headers.values("host").first ?? context?["domainName"]?.string
            sourceIP = context?["identity"]?["sourceIp"]?.string.flatMap { IPAddress($0) }
        }
        authorization = headers.values("authorization", orElse: json["authorizationToken"])
        let list = form == .version2 ? json["cookies"]?.elements?.compactMap(\.string) ?? [] : []
        cookies = list.isEmpty ? headers.values("cookie") : [list.joined(separator: "; ")]
        orgHeaders = headers.values("x-org-id")
        doubt =
            orgHeaders.count > 1
            ? .repeated(.xOrgID)
            : orgHeaders.contains { $0.utf8.contains(UInt8(ascii: ",")) } ? .joined(.xOrgID) : headers.alias
        requestID = context?["requestId"]?.string.flatMap { Self.isRequestID($0) ? $0 : nil }
    }

    private static func form(_ json: JSON) throws(Problem) -> Form {
        let type = json["type"]?.string
        switch json["version"]?.string {
        case "2.0":
            guard type == "REQUEST" else { throw notAnEvent("its type is not REQUEST") }
            return .version2
        case "1.0", nil:
            guard json["version"] == nil || json["version"]?.string == "1.0" else {
                throw notAnEvent("its version is unknown")
            }
            guard type == "TOKEN" || type == "REQUEST" else {
                throw notAnEvent("its type is neither TOKEN nor REQUEST")
            }
            let arn = json["methodArn"]?.string.flatMap { AWSMethodARN($0) }
            return type == "REQUEST" && arn.map { $0.path == nil } == true ? .webSocket : .policy
        default: throw notAnEvent("its version is unknown")
        }
    }

    private static func arn(_ json: JSON, _ form: Form) throws(Problem) -> AWSMethodARN? {
        let name = form == .version2 && json["routeArn"] != nil ? "routeArn" : "methodArn"
        guard let value = json[name], !value.isNull else {
            if form == .version2 { return nil }
            throw notAnEvent("it has no methodArn")
        }
        guard let arn = value.string.flatMap({ AWSMethodARN($0) }) else {
            throw notAnEvent("its \(name) is no ARN of a method")
        }
        return arn
    }

    /// The gateway's own address has the stage as its first segment, which is no part of the API's path.
    private static func withoutStage(_ path: String?, _ stage: String?) -> String? {
        guard let path, let stage, stage != "$default" else { return path }
        if path == "/\(stage)" { return "/" }
        return path.hasPrefix("/\(stage)/") ? String(path.dropFirst(stage.count + 1)) : path
    }

    private static func isRequestID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
            }
    }

    private static func notAnEvent(_ reason: String) -> Problem {
        Problem(.badRequest, "The body is no API Gateway authorizer event: \(reason).")
    }
}
