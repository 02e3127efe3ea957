import Testing

@testable import Postgres

@Suite("Text form of arrays")
struct ArrayTextTests {
    @Test(
        "Arrays are read",
        arguments: [
            ("{}", []), ("{a}", ["a"]), ("{a,b}", ["a", "b"]), (#"{"",x}"#, ["", "x"]),
            (#"{"a,b","c\"d","e\\f"}"#, ["a,b", "c\"d", "e\\f"]), (#"{"NULL","null"}"#, ["NULL", "null"]),
            (#"{"{}"}"#, ["{}"]), ("{é}", ["é"]),
        ] as [(String, [String])])
    func reads(_ text: String, _ elements: [String]) {
        #expect(ArrayText.elements(text.utf8) == elements)
    }

    @Test(
        "What is no one-dimensional array without nulls is refused",
        arguments: [
            "", "{", "}", "a", "{a", "{a,", "{a,}", "{,a}", "{a}b", "{{a},{b}}", "{NULL}", "{null,a}", #"{"a}"#,
            #"{"a"b}"#,
            #"{"a\"#, "{}x", "[0:1]={a,b}",
        ])
    func refuses(_ text: String) {
        #expect(ArrayText.elements(text.utf8) == nil)
    }
}
