import Testing

@testable import Gateway

@Suite struct ARNPatternTests {
    @Test(
        "A star is any text, also none and across slashes; a question mark is one character",
        arguments: [
            ("GET/a", "GET/a", true), ("GET/a", "GET/ab", false), ("*/a", "GET/a", true), ("GET/*", "GET/", true),
            ("GET/*", "GET/a/b", true), ("GET/?*", "GET/", false), ("GET/?*", "GET/a", true),
            ("*/a/*/b", "GET/a/x/y/b", true), ("*/a/*/b", "GET/a/b", false), ("**", "", true), ("?", "", false),
        ])
    func match(pattern: String, text: String, expected: Bool) {
        #expect(ARNPattern.matches(pattern, text) == expected)
    }

    @Test(
        "Two patterns meet where one text matches both",
        arguments: [
            ("*/a/*", "*/a/b", true), ("*/a/*", "*/b/*", true), ("GET/a/*", "GET/b/*", false),
            ("GET/a", "POST/a", false), ("*/x", "GET/*", true), ("GET/?*/x", "GET/x", false),
            ("GET/?*/x", "GET/a/*", true), ("GET/?", "GET/ab", false), ("*", "", true), ("", "?", false),
        ])
    func meeting(left: String, right: String, expected: Bool) {
        #expect(ARNPattern.intersect(left, right) == expected)
        #expect(ARNPattern.intersect(right, left) == expected)
    }
}
