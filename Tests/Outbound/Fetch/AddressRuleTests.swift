import Base
import Outbound
import Testing

@Suite struct AddressRuleTests {
    @Test(
        "each rule lets its addresses through",
        arguments: [
            ("93.184.216.34", [.publicOnly, .publicOrLoopback, .any]),
            ("2606:2800:220:1:248:1893:25c8:1946", [.publicOnly, .publicOrLoopback, .any]),
            ("127.0.0.1", [.loopbackOnly, .publicOrLoopback, .any]),
            ("127.255.255.254", [.loopbackOnly, .publicOrLoopback, .any]),
            ("::1", [.loopbackOnly, .publicOrLoopback, .any]),
            ("::ffff:127.0.0.1", [.loopbackOnly, .publicOrLoopback, .any]),
            ("10.0.0.1", [.any]), ("172.16.0.1", [.any]), ("192.168.1.1", [.any]),
            ("169.254.169.254", [.any]),
            ("100.64.0.1", [.any]), ("0.0.0.0", [.any]), ("::", [.any]), ("fd00:ec2::254", [.any]),
            ("fe80::1", [.any]),
            ("::ffff:169.254.169.254", [.any]), ("64:ff9b::a00:1", [.any]), ("224.0.0.1", [.any]),
        ] as [(String, Set<AddressRule>)])
    func allows(text: String, rules: Set<AddressRule>) throws {
        let address = try #require(IPAddress(text))
        #expect(Set(AddressRule.allCases.filter { $0.allows(address) }) == rules)
    }
}
