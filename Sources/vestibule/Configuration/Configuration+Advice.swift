internal import Postgres

extension Configuration {
    /// What is allowed, but should not be so in production.
    var advice: [String] {
        [("DATABASE_URL", databaseURI), ("DATABASE_DIRECT_URL", databaseDirectURI)].compactMap { name, uri in
            guard let hosts = uri?.unprotectedHosts, !hosts.isEmpty else { return nil }
            return "\(name): the connection to \(hosts.joined(separator: ", ")) can be read or taken over on the way; "
                + "add sslmode=verify-full (and sslrootcert)"
        }
    }
}
