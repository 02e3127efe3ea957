import Base
import Testing

@Suite struct SecretTests {
    @Test("a secret shows itself only to who asks for it")
    func hidden() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("hunter2") && !text.contains("104"))
            #expect(text.contains("[secret]") || text == dumped)
        }
        #expect(secret.text == "hunter2")
        #expect(secret.exposed == Array("hunter2".utf8))
        #expect(secret.withBytes { $0.count } == 7)
        #expect(secret.count == 7)
    }

    @Test("secrets are equal by all of their bytes", arguments: [0, 1, 31, 32, 33])
    func equality(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(Secret(bytes) == Secret(bytes))
        #expect(Secret(bytes) != Secret(bytes + [0]))
        for position in 0..<count {
            for bit in 0..<8 {
                var other = bytes
                other[position] ^= 1 << UInt8(bit)
                #expect(Secret(bytes) != Secret(other))
                #expect(!ConstantTime.equal(bytes, other))
            }
        }
        #expect(ConstantTime.equal(bytes, bytes))
        #expect(!ConstantTime.equal(bytes, bytes + [1]))
    }
}
