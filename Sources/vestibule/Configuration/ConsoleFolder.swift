internal import API
internal import FoundationEssentials

/// The folder of the console's files.
enum ConsoleFolder {
    /// Reads the folder; nil when it holds no page.
    static func read(_ path: String) -> ConsolePages? {
        let manager = FileManager.default
        guard let names = try? manager.subpathsOfDirectory(atPath: path), names.contains(ConsolePages.page) else {
            return nil
        }
        return ConsolePages(
            names.sorted().compactMap { name in FileText.read("\(path)/\(name)").map { (name, $0) } })
    }
}
