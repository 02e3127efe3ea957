public import Accounts
public import Base

/// Looks up TXT records through c-ares on the loop, without blocking it. Belongs to its loop.
public final class DNSResolver {
    /// Whom to ask and how long.
    public struct Settings: Sendable {
        /// The only server to ask; nil: those of the system.
        public var server: DNSServer?
        /// How long a look-up may take in all, repetitions included.
        public var timeout: Duration = .seconds(5)
        /// Look-ups at one time; more are refused with ``DNSError/busy``.
        public var inFlight = 64

        /// The defaults.
        public init() {}
    }

    private let loop: EventLoop
    private let settings: Settings
    private var lookups: [ObjectIdentifier: TextLookup] = [:]
    private var isClosed = false

    /// A resolver for the loop.
    public init(loop: EventLoop, settings: Settings = Settings()) {
        self.loop = loop
        self.settings = settings
    }

    /// The texts of all TXT records of exactly this name, the strings of a record joined; empty when there is none.
    ///
    /// - Parameter name: a whole domain name in ASCII (IDNA) form.
    /// - Throws: ``DNSError`` when DNS could not be asked: then nothing is known about the name.
    public func texts(of name: String) async throws(DNSError) -> [String] {
        guard Self.isName(name) else { throw .invalidName }
        guard !isClosed else { throw .cancelled }
        guard lookups.count < settings.inFlight else { throw .busy }
        let lookup = TextLookup(loop: loop)
        let key = ObjectIdentifier(lookup)
        lookups[key] = lookup
        let cancel = Confined(lookup)
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<TextLookup.Ending, Never>) in
                lookup.start(name, settings: settings) { continuation.resume(returning: $0) }
            }
        } onCancel: { [loop] in
            loop.execute { cancel.value.fail(.cancelled) }
        }
        lookups[key] = nil
        return try ending.get()
    }

    /// Ends all look-ups with ``DNSError/cancelled``.
    public func close() {
        isClosed = true
        for lookup in lookups.values { lookup.fail(.cancelled) }
    }

    /// RFC 1035 §2.3.4: labels of 1–63 bytes, at most 253 in all; letters, digits, hyphen and underscore.
    private static func isName(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count)
                    && label.allSatisfy {
                        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                            || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    }
            }
    }
}

extension DNSResolver: DomainProof {
    /// The records, or why DNS could not be asked.
    public func textRecords(of name: String) async -> TextRecords {
        do throws(DNSError) {
            return .found(try await texts(of: name))
        } catch {
            return .unavailable(error.message)
        }
    }
}
