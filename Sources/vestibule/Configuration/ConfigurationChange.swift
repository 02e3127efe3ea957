/// What differs between two configurations, by the names of their keys.
struct ConfigurationChange {
    /// What can be put to use at once; `routes` among them.
    private(set) var reloadable: [String] = []
    /// What counts after a restart.
    private(set) var needingRestart: [String] = []

    init(from old: Configuration, to new: Configuration) {
        for key in ConfigurationKeys.all where old.sources[key.name]?.text != new.sources[key.name]?.text {
            if ConfigurationKeys.reloadable.contains(key.name) {
                reloadable.append(key.name)
            } else {
                needingRestart.append(key.name)
            }
        }
        if old.routes != new.routes { reloadable.append("routes") }
    }
}
