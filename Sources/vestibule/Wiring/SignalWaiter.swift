internal import Glibc

/// Waits for the signals that operators send.
struct SignalWaiter {
    enum Signal {
        case stop, reload
    }

    private let set: sigset_t

    /// Blocks the signals on the calling thread and on those that it starts from now on.
    init() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        self.set = set
    }

    /// Calls the closure for each signal until it says that this was the last.
    func wait(_ isLast: (Signal) -> Bool) {
        var set = set
        while true {
            var number: Int32 = 0
            guard unsafe sigwait(&set, &number) == 0 else { continue }
            if isLast(number == SIGHUP ? .reload : .stop) { return }
        }
    }
}
