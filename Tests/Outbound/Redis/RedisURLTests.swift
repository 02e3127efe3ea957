import Base
import Outbound
import Testing

@Suite struct RedisURLTests {
    @Test(
        "These are addresses of Redis servers",
        arguments: [
            "redis://localhost", "redis://localhost:6380/2", "redis://:secret@10.0.0.1", "redis://user:p%40ss@host:1/0",
            "redis://[::1]", "redis://[::1]:6379/1", "unix:///run/redis.sock", "unix:///run/redis.sock?db=3",
        ])
    func accepted(text: String) throws {
        _ = try RedisURL(text)
    }

    @Test(
        "These are not, and the reason never holds the password",
        arguments: [
            "", "localhost", "http://h", "redis://", "redis://:hush@", "redis://:hush@h:0", "redis://:hush@h:65536",
            "redis://:hush@h:x", "redis://:hush@h/x", "redis://:hush%zz@h", "rediss://:hush@h", "unix://run",
            "unix:///s?db=x",
        ])
    func refused(text: String) throws {
        let error = #expect(throws: RedisURLError.self) { try RedisURL(text) }
        #expect(error.map { !$0.description.contains("hush") && !$0.description.isEmpty } ?? false)
    }
}
