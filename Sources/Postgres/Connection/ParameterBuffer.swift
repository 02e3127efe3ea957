/// The parameters of a command as the library wants them: zero-ended texts, nil for null.
@safe struct ParameterBuffer {
    private var bytes: [CChar] = []
    private var offsets: [Int?] = []
    /// Whether a text holds a zero byte, which the server can't take.
    private(set) var isBroken = false

    init(_ parameters: [Parameter]) {
        for parameter in parameters {
            guard let text = parameter.encoded else {
                offsets.append(nil)
                continue
            }
            offsets.append(bytes.count)
            for byte in text {
                if byte == 0 { isBroken = true }
                bytes.append(CChar(bitPattern: byte))
            }
            bytes.append(0)
        }
    }

    func withPointers<Result>(_ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            let pointers = unsafe offsets.map { offset in
                unsafe offset.flatMap { offset in unsafe buffer.baseAddress.map { unsafe $0 + offset } }
            }
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe body(Int32(pointers.count), pointers.baseAddress)
            }
        }
    }
}
