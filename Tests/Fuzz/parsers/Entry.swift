#if FUZZING

    internal import Glibc
    internal import TokensFuzz

    /// libFuzzer's entry. `FUZZ_TARGET` names the target; libFuzzer runs one thread.
    @c(LLVMFuzzerTestOneInput)
    public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
        check(unsafe Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
    }

    private let check: @Sendable ([UInt8]) -> Void = {
        let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
        if let target = FuzzTarget(rawValue: name) { return { target.check($0) } }
        if let target = ParserTarget(rawValue: name) { return { target.check($0) } }
        let names = FuzzTarget.allCases.map(\.rawValue) + ParserTarget.allCases.map(\.rawValue)
        fatalError("FUZZ_TARGET must be one of \(names)")
    }()

#endif
