import Base
import Testing

@testable import Gateway

@Suite struct AWSEventTests {
    private static let arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/prod/GET/orders/1"

    private func event(_ members: String) throws -> AWSEvent {
        try AWSEvent(Array("{\(members)}".utf8))
    }

    private func token(_ event: AWSEvent) throws(Problem) -> String? {
        try TokenFinder().token(authorization: event.authorization, cookies: event.cookies)?.text
    }

    @Test("A TOKEN event's method and path are the ARN's")
    func tokenEvent() throws {
        let event = try event(#""type":"TOKEN","methodArn":"\#(Self.arn)","authorizationToken":"Bearer a.b.c""#)
        #expect(event.form == .policy)
        #expect(event.method == "GET")
        #expect(event.path == "/orders/1")
        #expect(try token(event) == "a.b.c")
    }

    @Test(
        "The stage is no part of the path",
        arguments: [
            (
                #""version":"2.0","routeArn":"ARN","rawPath":"/prod/orders","requestContext":{"stage":"prod"}"#,
                "/orders"
            ),
            (#""version":"2.0","routeArn":"ARN","rawPath":"/prod","requestContext":{"stage":"prod"}"#, "/"),
            (#""version":"2.0","routeArn":"ARN","rawPath":"/products","requestContext":{"stage":"prod"}"#, "/products"),
            (#""version":"2.0","rawPath":"/$default/x","requestContext":{"stage":"$default"}"#, "/$default/x"),
            (#""version":"1.0","methodArn":"ARN","path":"/prod/orders","httpMethod":"GET""#, "/orders"),
            (#""methodArn":"ARN","path":"/prod/orders","httpMethod":"GET""#, "/prod/orders"),
        ])
    func stage(members: String, path: String) throws {
        let event = try event(#""type":"REQUEST","# + members.split(separator: "ARN").joined(separator: Self.arn))
        #expect(event.path == path)
    }

    @Test(
        "The token is taken as strictly as from any gateway",
        arguments: [
            (#""headers":{"Authorization":"Bearer a"}"#, "a"), (#""headers":{"AUTHORIZATION":"bearer a"}"#, "a"),
            (#""headers":{"Authorization":"Basic a","Cookie":"__session=b"}"#, "b"),
            (#""headers":{"Authorization":"Basic a"}"#, nil),
            (#""headers":{"cookie":"x=1; __session=b"}"#, "b"), (#""headers":{"Authorization":null}"#, nil),
            (#""headers":null,"multiValueHeaders":{"authorization":["Bearer a"]}"#, "a"),
            (#""authorizationToken":"Bearer a""#, "a"), (#""authorizationToken":"a""#, nil),
        ] as [(String, String?)])
    func found(members: String, expected: String?) throws {
        let event = try event(#""type":"REQUEST","methodArn":"\#(Self.arn)","# + members)
        #expect(try token(event) == expected)
    }

    @Test(
        "Two tokens are none",
        arguments: [
            #""headers":{"Authorization":"Bearer a,Bearer b"}"#,
            #""headers":{"Authorization":"Basic a, Bearer b"}"#,
            #""headers":{"Authorization":"Bearer a","authorization":"Bearer b"}"#,
            #""multiValueHeaders":{"Authorization":["Bearer a","Bearer a"]}"#,
            #""headers":{"Authorization":"Bearer a"},"multiValueHeaders":{"Authorization":["Bearer b"]}"#,
            #""headers":{"Cookie":"__session=a; __session=a"}"#,
            #""headers":{"Cookie":"__session=a; __session="}"#,
            #""headers":{"Cookie":"__session=; __session=a"}"#,
            #""multiValueHeaders":{"Cookie":["__session=a","x=b"]}"#,
        ])
    func several(members: String) throws {
        let event = try event(#""type":"REQUEST","methodArn":"\#(Self.arn)","# + members)
        #expect(throws: Problem.self) { try token(event) }
    }

    @Test(
        "What is no event is refused",
        arguments: [
            "", #""type":"TOKEN""#, #""type":"REQUEST","methodArn":"x""#, #""type":"token","methodArn":"ARN""#,
            #""version":"2.0","type":"TOKEN","routeArn":"ARN""#, #""version":2,"type":"REQUEST","methodArn":"ARN""#,
            #""version":"2.0","type":"REQUEST","routeArn":7"#,
        ])
    func refused(members: String) {
        #expect(throws: Problem.self) {
            try event(members.split(separator: "ARN").joined(separator: Self.arn))
        }
    }
}
