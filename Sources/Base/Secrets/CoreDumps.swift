internal import CLinux

/// Keeps what the process holds in memory from ending up in a file.
public enum CoreDumps {
    /// From now on no core is written, whatever the limits were, and no other process of the same user can read this
    /// one's memory. Can't be taken back.
    ///
    /// - Returns: false where the system refused.
    @discardableResult
    public static func forbid() -> Bool { vst_forbid_dumps() == 0 }
}
