import Base
import DevIdP
import HTTP
import Testing

@Suite("Start of the development IdP")
struct StartTests {
    @Test(
        "listens on loopback only",
        arguments: [
            "0.0.0.0:0", "[::]:0", ":0", "*:0", "10.0.0.1:0", "192.168.1.1:0", "example.com:0", "[::2]:0", "9000",
        ])
    func refuses(address: String) {
        #expect(throws: DevIdPError.self) { try DevelopmentProvider.listen(address) }
    }

    @Test("listens on any loopback address", arguments: ["127.0.0.1:0", "127.1.2.3:0", "localhost:0"])
    func listens(address: String) throws {
        let listener = try DevelopmentProvider.listen(address)
        #expect(listener.port > 0)
        listener.close()
    }

    @Test("keeps its keys in the file, for its owner's eyes alone, and takes them up again")
    func keys() throws {
        let file = try TemporaryFile()
        let first = try DevIdPFixture(keysFile: file.path).header("shape=okta&email=a@example.com")["kid"]
        #expect(try file.mode == 0o600)
        #expect(try DevIdPFixture(keysFile: file.path).header("shape=okta&email=a@example.com")["kid"] == first)
    }

    @Test(
        "a file that holds no keys stops the start",
        arguments: ["{", "[]x", #"{"okta": [{"alg": "RS256"}]}"#, #"{"okta": [{"alg": "RS256", "pem": "x"}]}"#])
    func damaged(text: String) throws {
        let file = try TemporaryFile()
        try file.write(text)
        #expect(throws: DevIdPError.self) { try DevIdPFixture(keysFile: file.path) }
    }

    @Test("a folder that is not there stops it too")
    func noFolder() throws {
        let provider = try DevIdPFixture(keysFile: "/nonexistent/keys")
        #expect(try provider.send(.get, "/token?email=a@example.com").status == 500)
    }
}
