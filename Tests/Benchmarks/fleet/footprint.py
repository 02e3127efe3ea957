"""What a login and a person leave in the database: rows' sizes with their indexes, log, transactions, notices."""

from fleet import Fleet
from throughput import Tokens, once

TABLES = """SELECT n.nspname || '.' || coalesce(p.relname, c.relname), sum(pg_total_relation_size(c.oid))::bigint
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'auth') GROUP BY 1"""


class Books:
    """The database's own counts, twice."""

    def __init__(self, fleet: Fleet):
        self._database = fleet.database
        self.sizes = dict(self._database.rows(TABLES))
        self.log = self._database.one("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
        self.commits = self._database.one("SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname ="
                                          " current_database()")
        self.notices = self._database.one("SELECT coalesce(max(id), 0) FROM change_notices")

    def since(self, before: "Books", count: int) -> dict:
        grown = {table: (size - before.sizes.get(table, 0)) / count for table, size in self.sizes.items()}
        return {"tables": {table: size for table, size in grown.items() if size >= 8},
                "log": float(self.log - before.log) / count, "commits": (self.commits - before.commits) / count,
                "notices": (self.notices - before.notices) / count}


def measure(quick: bool) -> bool:
    seconds = 3 if quick else 15
    fleet = Fleet(LOG_LEVEL="warning", VESTIBULE_UPKEEP=0)
    try:
        fleet.start()
        tokens = [fleet.okta.token(f"person-{number}@domain.example") for number in range(700 * seconds)]
        new, again = Tokens(fleet.folder / "new", tokens), Tokens(fleet.folder / "again", tokens)
        url = fleet.services[0].origin
        once(1, url, "POST", "/identities/provision", new, 201, connections=12)
        again.used = new.used
        books = [Books(fleet)]
        first, _ = once(seconds, url, "POST", "/identities/provision", new, 201, connections=12)
        books.append(Books(fleet))
        # Only those who have come in: at the end of a round some answers are never read.
        again.count = new.used - 12
        later, _ = once(1, url, "POST", "/identities/provision", again, 200, connections=12)
        books.append(Books(fleet))
    finally:
        fleet.close()
    made, seen = books[1].since(books[0], first), books[2].since(books[1], later)
    print(f"| left in the database | by a first login, of {first} | by a later one, of {later} |\n|---|---|---|")
    for table in sorted(made["tables"], key=made["tables"].get, reverse=True):
        print(f"| {table} with its indexes | {made['tables'][table]:.0f} B | {seen['tables'].get(table, 0):.0f} B |")
    print(f"| all tables | {sum(made['tables'].values()):.0f} B | {sum(seen['tables'].values()):.0f} B |")
    print(f"| write-ahead log | {made['log']:.0f} B | {seen['log']:.0f} B |")
    print(f"| transactions | {made['commits']:.2f} | {seen['commits']:.2f} |")
    print(f"| notices | {made['notices']:.2f} | {seen['notices']:.2f} |\n", flush=True)
    return True
