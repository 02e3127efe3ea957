import Base

/// Signs tokens with an RSA key of its own, through the openssl program.
final class TestSigner: Sendable {
    private let folder: TestFolder
    /// The key set with the public key, under the id `test`.
    let keySet: String

    init() throws {
        folder = try TestFolder()
        let made = try ChildProcess(
            [
                "sh", "-ec",
                "openssl genrsa -out $1/rsa.pem 2048 2>/dev/null; openssl rsa -in $1/rsa.pem -noout -modulus", "sh",
                folder.path,
            ])
        guard let line = made.line(), let modulus = Hex.decode(String(line.dropFirst("Modulus=".count)).lowercased())
        else {
            throw OddServer.NotStarted()
        }
        keySet = #"{"keys":[{"kty":"RSA","kid":"test","alg":"RS256","e":"AQAB","n":"\#(Base64URL.encode(modulus))"}]}"#
    }

    /// A compact JWS over the claims.
    func sign(_ claims: String) throws -> String {
        let input = [#"{"alg":"RS256","kid":"test"}"#, claims].map { Base64URL.encode(Array($0.utf8)) }.joined(
            separator: ".")
        let script =
            "printf %s \"$2\" | openssl dgst -sha256 -sign $1/rsa.pem -binary | od -An -v -tx1 | tr -d ' \\n'; echo"
        let signed = try ChildProcess(["sh", "-ec", script, "sh", folder.path, input])
        guard let line = signed.line(), let signature = Hex.decode(line) else { throw OddServer.NotStarted() }
        return input + "." + Base64URL.encode(signature)
    }
}
