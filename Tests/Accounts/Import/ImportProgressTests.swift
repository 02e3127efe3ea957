import Accounts
import Testing

@Suite("Progress of an import")
struct ImportProgressTests {
    private func progress(_ bytes: Int, of size: Int, lines: Int, seconds: Int, earlier: (Int, Int) = (0, 0))
        -> ImportProgress
    {
        ImportProgress(
            counts: ImportCounts(created: lines), earlierLines: earlier.0, bytes: bytes, earlierBytes: earlier.1,
            size: size, elapsed: .seconds(seconds))
    }

    @Test("Percent, lines, rate and time left")
    func line() {
        #expect(
            progress(25, of: 100, lines: 1_250_000, seconds: 50).line
                == "25 %, 1 250 000 lines, 25 000 a second, 2 min 30 s left")
        #expect(progress(1, of: 100, lines: 100, seconds: 100).line == "1 %, 100 lines, 1 a second, 2 h 45 min left")
        #expect(progress(100, of: 100, lines: 7, seconds: 1).line == "100 %, 7 lines, 7 a second, 0 s left")
        #expect(progress(0, of: 0, lines: 0, seconds: 0).line == "100 %, 0 lines, 0 a second")
    }

    @Test("What an earlier start has done is no pace of this one")
    func earlier() {
        let half = progress(75, of: 100, lines: 7_500, seconds: 10, earlier: (5_000, 50))
        #expect(half.rate == 250)
        #expect(half.timeLeft == .seconds(10))
    }

    @Test("The bar", arguments: [(0, "[....] 0 %"), (49, "[#...] 49 %"), (50, "[##..] 50 %"), (100, "[####] 100 %")])
    func bar(_ bytes: Int, _ text: String) {
        #expect(progress(bytes, of: 100, lines: 1, seconds: 1).bar(cells: 4).hasPrefix(text))
    }
}
