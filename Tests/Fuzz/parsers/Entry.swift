#if FUZZING

    internal import Glibc

    /// libFuzzer's entry. `FUZZ_TARGET` names the target; libFuzzer runs one thread.
    @c(LLVMFuzzerTestOneInput)
    public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
        target.check(unsafe Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
    }

    private let target: FuzzTarget = {
        guard let name = unsafe getenv("FUZZ_TARGET").map({ unsafe String(cString: $0) }),
            let target = FuzzTarget(rawValue: name)
        else { fatalError("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))") }
        return target
    }()

#endif
