internal import CLinux
internal import Glibc

/// A thread of our own, for what may block or for an event loop.
public enum BackgroundThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a detached thread with all signals blocked, so that signals reach who waits for them.
    ///
    /// - Parameter name: at most 15 bytes, shown by the system's tools.
    /// - Returns: false when the system has no thread to give; the closure is let go then.
    @discardableResult
    public static func start(_ name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
        var all = sigset_t()
        var former = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, &former)
        defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &former, nil) }
        var thread = pthread_t()
        let body = unsafe Unmanaged.passRetained(Body(run))
        let failed = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, body.toOpaque())
        if failed != 0 {
            unsafe body.release()
            return false
        }
        _ = unsafe vst_name_thread(thread, String(name.prefix(15)))
        pthread_detach(thread)
        return true
    }
}
