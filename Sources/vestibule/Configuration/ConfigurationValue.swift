/// One value of the configuration and where it came from.
struct ConfigurationValue: Sendable {
    /// Where a value was found; the first in this order wins.
    enum Origin: Sendable, Equatable {
        case flag
        case environment
        case secretFile(String)
        case file(String)
        case builtIn
    }

    let text: String
    let origin: Origin
}

extension ConfigurationValue.Origin: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .secretFile(let path): "file \(path)"
        case .file(let path): path
        case .builtIn: "default"
        }
    }
}
