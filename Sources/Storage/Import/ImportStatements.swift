internal import Accounts
internal import Base
internal import Postgres

/// The statements of an import.
enum ImportStatements {
    /// The id that a new run gets, fingerprint, file name, provider, issuer.
    static let begin = Statement(
        "import_begin",
        """
        INSERT INTO public.imports (id, fingerprint, file_name, provider, issuer) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (fingerprint, issuer) WHERE finished_at IS NULL DO NOTHING
        """)

    /// Fingerprint, issuer.
    static let unfinished = Statement<EntityID>(
        "import_unfinished",
        "SELECT id FROM public.imports WHERE fingerprint = $1 AND issuer = $2 AND finished_at IS NULL"
    ) { try $0.uuid(0) }

    /// One batch that is committed.
    struct Batch: Sendable {
        var lines: ClosedRange<Int>
        var counts: ImportCounts
    }

    static let batches = Statement<Batch>(
        "import_batches",
        """
        SELECT first_line, last_line, created, joined, unchanged, refused
        FROM public.import_batches WHERE import_id = $1 ORDER BY first_line
        """
    ) { row in
        Batch(lines: Int(try row.int(0))...Int(try row.int(1)), counts: try counts(row, from: 2))
    }

    /// Run and first line.
    static let batch = Statement<ImportCounts>(
        "import_batch",
        """
        SELECT created, joined, unchanged, refused FROM public.import_batches WHERE import_id = $1 AND first_line = $2
        """
    ) { try counts($0, from: 0) }

    static let people = Statement<ImportCounts>(
        "import_people",
        """
        SELECT created, joined, unchanged, refused FROM public.import_people(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """
    ) { try counts($0, from: 0) }

    static let journal = Statement(
        "import_journal",
        """
        INSERT INTO public.import_batches (import_id, first_line, last_line, created, joined, unchanged, refused)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """)

    static let end = Statement("import_done", "SELECT public.import_done($1, $2)")

    /// Run, line, how many.
    static let refused = Statement<ImportRefusedLine>(
        "import_refused",
        """
        SELECT line, reason, detail FROM public.import_refusals WHERE import_id = $1 AND line > $2
        ORDER BY line LIMIT $3
        """
    ) { row in
        ImportRefusedLine(line: Int(try row.int(0)), reason: try row.text(1), detail: try row.optionalText(2))
    }

    private static func counts(_ row: borrowing RowReader, from column: Int) throws(RowError) -> ImportCounts {
        ImportCounts(
            created: Int(try row.int(column)), joined: Int(try row.int(column + 1)),
            unchanged: Int(try row.int(column + 2)), refused: Int(try row.int(column + 3)))
    }
}
