/// What a running service asks about migrations.
public enum SchemaVersion {
    /// The versions that are applied, for ``Database/query(_:_:timeout:)`` as the service.
    public static let applied = Statement(
        "schema_versions", "SELECT version FROM public.schema_migrations ORDER BY version"
    ) { row in
        try row.text(0)
    }
}
