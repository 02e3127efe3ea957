internal import Accounts
internal import Base
internal import Glibc

/// Shows how far an import is, on standard error: a bar that is drawn over on a terminal, else a line now and then.
final class ImportScreen {
    private let isTerminal = isatty(2) == 1
    private let clock: Clock
    private var shown: Instant
    private var isBarShown = false

    init(_ clock: Clock) {
        self.clock = clock
        shown = clock.monotonic()
    }

    /// Often enough to be watched, seldom enough to be read.
    private var pause: Duration { isTerminal ? .milliseconds(200) : .seconds(2) }

    /// Says where an earlier start of the run left off.
    func begin(_ run: ImportRun) {
        guard run.counts.lines > 0 else { return }
        Console.note("going on behind \(ImportProgress.grouped(run.counts.lines)) lines that are imported already")
    }

    func show(_ progress: ImportProgress) {
        let now = clock.monotonic()
        if now - shown < pause { return }
        shown = now
        if isTerminal {
            isBarShown = true
            Console.draw("\r\u{1B}[K" + progress.bar())
        } else {
            Console.note(progress.line)
        }
    }

    /// Leaves the bar's line, if there is one.
    func end(_ progress: ImportProgress?) {
        guard isBarShown else { return }
        isBarShown = false
        if let progress { Console.draw("\r\u{1B}[K" + progress.bar()) }
        Console.draw("\n")
    }
}
