import Testing

@testable import Gateway

@Suite struct AWSMethodARNTests {
    private static let start = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5"

    @Test(
        "A method's parts",
        arguments: [
            ("/prod/GET/orders/1", "prod", "GET", "/orders/1"), ("/$default/POST/", "$default", "POST", "/"),
            ("/prod/GET", "prod", "GET", "/"), ("/prod/GET//a//b", "prod", "GET", "//a//b"),
        ])
    func parts(rest: String, stage: String, verb: String, path: String) throws {
        let arn = try #require(AWSMethodARN(Self.start + rest))
        #expect(arn.stage == "\(Self.start)/\(stage)")
        #expect(arn.stageName == stage)
        #expect(arn.verb == verb)
        #expect(arn.path == path)
    }

    @Test("A WebSocket's route has no path; other partitions are as good")
    func variants() throws {
        #expect(try #require(AWSMethodARN(Self.start + "/prod/$connect")).path == nil)
        #expect(AWSMethodARN("arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod/GET/") != nil)
        #expect(AWSMethodARN("arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abc/prod/GET/x") != nil)
    }

    @Test(
        "What could open another API or stage is no method",
        arguments: [
            "", "*", "arn:aws:execute-api:eu:1:*/prod/GET/", "arn:aws:execute-api:eu:1:abc/*/GET/",
            "arn:aws:execute-api:eu:1:abc/prod/*/", "arn:aws:execute-api:*:1:abc/prod/GET/",
            "arn:aws:s3:eu:1:abc/prod/GET/", "arn:aws:execute-api:eu:1:abc/prod", "arn:aws:execute-api:eu:1:/prod/GET/",
            "arn:aws:execute-api:eu:1:abc//GET/", "arn:aws:execute-api:eu:1:abc/pr?d/GET/",
            "arn:aws:execute-api:eu:1:abc/prod/GET/a b", "arn:aws:execute-api:eu:1:abc/prod/GET/a\u{7f}",
        ])
    func refused(text: String) {
        #expect(AWSMethodARN(text) == nil)
    }

    @Test("The gateway's longest ARN is read, a longer one is not")
    func length() {
        let longest = Self.start + "/prod/GET/"
        let fill = String(repeating: "a", count: AWSMethodARN.maximumLength - longest.utf8.count)
        #expect(AWSMethodARN(longest + fill) != nil)
        #expect(AWSMethodARN(longest + fill + "a") == nil)
    }
}
