"""What can happen to PostgreSQL and on the way to it."""

import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from cases import calm, during, fault
from storm import Client

from harness.cluster import Cluster
from harness.database import SERVICE, Relay
from harness.pooler import Pooler
from harness.programs import eventually


def strike(world, begin, mend, unready=True, seconds=2.5):
    """The usual course: a calm, the fault, a while of it, its end."""
    world.begin()
    storm = world.storm()
    with storm:
        calm(storm)
        storm.phase = "during"
        begin()
        if unready:
            world.unready()
        during(storm, seconds if not world.is_quick else min(seconds, 1.5))
        mend()
        recovered = world.recovered(storm, world.limit)
        calm(storm)
    return storm, recovered


@fault("PostgreSQL killed (-9)")
def killed(world):
    return strike(world, world.cluster.kill, world.cluster.start)


@fault("PostgreSQL restarted")
def restarted(world):
    def restart():
        world.cluster.stop()
        world.cluster.start()
    return strike(world, restart, lambda: None, unready=False, seconds=0.1)


@fault("PostgreSQL out of connections")
def out_of_connections(world):
    taken = []

    def take():
        world.database.superuser.execute("SELECT pg_sleep(0)")
        user = psycopg.connect(world.cluster.url, autocommit=True)
        user.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'greedy') THEN"
                     " CREATE ROLE greedy LOGIN; END IF; END $$")
        user.close()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                taken.append(psycopg.connect(world.cluster.url.replace("postgres@", "greedy@")))
            except psycopg.OperationalError:
                # Now those of the service: what becomes free is taken at once.
                if not world.database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
                                           SERVICE):
                    return
    def give():
        for connection in taken:
            connection.close()
    return strike(world, take, give)


def tells_read_only(world):
    """Ready, since whoever has an account is let in; and the rest is said."""
    for service in world.services:
        eventually(lambda: "read-only" in service.get("/readyz").text, "a word of it at /readyz", 10)


@fault("PostgreSQL read-only", quick=True)
def read_only(world):
    def set_to(value):
        world.database.run(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        world.database.run("SELECT pg_reload_conf()")

    def begin():
        set_to("on")
        tells_read_only(world)
    storm, recovered = strike(world, begin, lambda: (
        world.database.run("SET default_transaction_read_only = off"), set_to("off")), unready=False)
    came = storm.count("newcomer", "during")
    # Sessions see the change between two statements.
    if not [answer for answer in came if str(answer).startswith("503")]:
        world.flaw(f"newcomers during a read-only database: {came}")
    return storm, recovered


def small_disk(world, megabytes: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="vestibule-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    world.closing(lambda: (subprocess.run(["umount", "-l", folder], check=True), folder.rmdir()))
    return folder


def fill(folder: Path):
    """Until nothing more goes in."""
    with (folder / "filler").open("ab", buffering=0) as filler:
        for size in (1 << 20, 4096):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                pass


@fault("disk full: tables", quick=True)
def disk_full(world):
    folder = small_disk(world, 96)
    place = folder / "tables"
    place.mkdir()
    world.cluster.own(place)
    folder.chmod(0o755)
    world.database.reconnect()
    with psycopg.connect(world.cluster.url, autocommit=True) as admin:
        space = f"small_{world.database.name}"
        admin.execute(f"CREATE TABLESPACE {space} LOCATION '{place}'")
        admin.execute(f"ALTER DATABASE {world.database.name} SET TABLESPACE {space}")

    def leave():
        world.database.drop()
        with psycopg.connect(world.cluster.url, autocommit=True) as admin:
            admin.execute(f"DROP TABLESPACE {space}")
    world.closing(leave)
    return strike(world, lambda: fill(folder), (folder / "filler").unlink, unready=False, seconds=4)


@fault("disk full: log", limit=15)
def log_full(world):
    """The server can't go on without its log: it ends, and an administrator makes room and starts it."""
    folder = small_disk(world, 24)
    wal = folder / "wal"
    wal.mkdir()
    world.cluster.own(wal)
    folder.chmod(0o755)
    cluster = world.another(lambda: Cluster({"min_wal_size": "2MB", "max_wal_size": "4MB"}, wal=wal))

    def full():
        fill(folder)
        try:
            while True:
                world.database.run("SELECT pg_switch_wal()")
                world.database.run("INSERT INTO auth_events (event, outcome) VALUES ('login', 'filler')")
        except psycopg.Error:
            pass

    def mend():
        (folder / "filler").unlink()
        if cluster.program.alive():
            cluster.await_ready()
        else:
            cluster.start()
    return strike(world, full, mend)


@fault("PostgreSQL slow (0.2 s a packet)")
def slow(world):
    relay = world.relay()
    return strike(world, lambda: setattr(relay, "delay", 0.2), lambda: setattr(relay, "delay", 0.0), unready=False)


@fault("PostgreSQL silent", limit=15, patience=12)
def silent(world):
    relay = world.relay()
    return strike(world, relay.freeze, relay.mend, seconds=8)


@fault("tables locked (a migration without lock timeout)", patience=12)
def locked(world):
    holder = []

    def lock():
        holder.append(psycopg.connect(world.cluster.url, dbname=world.database.name))
        holder[0].execute("LOCK TABLE profiles IN ACCESS EXCLUSIVE MODE")
    return strike(world, lock, lambda: holder[0].close(), unready=False, seconds=8)


def replicated(world):
    """A primary and its synchronous standby: what was acknowledged is on both."""
    primary = world.another(lambda: Cluster({"synchronous_standby_names": "*", "synchronous_commit": "local"}))
    standby = Cluster(primary=primary)
    world.closing(standby.close)
    with psycopg.connect(primary.url, autocommit=True) as admin:
        eventually(lambda: admin.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                   .fetchone()[0], "the standby")
        admin.execute(f"ALTER ROLE {SERVICE} SET synchronous_commit = on")
    return primary, standby


@fault("primary lost, standby promoted", quick=True)
def promoted(world):
    primary, standby = replicated(world)
    world.url = (f"postgresql://{SERVICE}@/{world.database.name}?host={primary.folder},{standby.folder}"
                 f"&port={primary.PORT},{standby.PORT}&target_session_attrs=read-write")

    def promote():
        standby.promote()
        world.move(standby)
    return strike(world, primary.kill, promote)


@fault("primary lost, standby answers reads, then promoted")
def standby_reads(world):
    """Without target_session_attrs the instances land on the standby, which takes no writes and no LISTEN."""
    primary, standby = replicated(world)
    world.url = (f"postgresql://{SERVICE}@/{world.database.name}?host={primary.folder},{standby.folder}"
                 f"&port={primary.PORT},{standby.PORT}")

    def promote():
        standby.promote()
        world.move(standby)

    def begin():
        primary.kill()
        tells_read_only(world)
    return strike(world, begin, promote, unready=False, seconds=5)


@fault("primary cut off, standby promoted", limit=15, patience=12)
def silent_primary(world):
    """Nobody tells the instances that the primary is gone: it only says nothing any more."""
    primary, standby = replicated(world)
    way = world.relay()
    world.move(standby)
    other = Relay()
    world.closing(other.close)
    world.move(primary)
    world.url = (f"postgresql://{SERVICE}@/{world.database.name}?host=127.0.0.1,127.0.0.1&port={way.port},{other.port}"
                 "&target_session_attrs=read-write")

    def cut_off():
        way.freeze()
        # Nothing of it reaches the standby either, as fencing sees to.
        primary.kill()

    def promote():
        standby.promote()
        world.move(standby)
    return strike(world, cut_off, promote, seconds=8)


@fault("PgBouncer killed and started again")
def pooler(world):
    pooler = Pooler(sessions=6)
    world.closing(pooler.close)
    world.url = pooler.url(world.database.name)
    world.settings["DATABASE_DIRECT_URL"] = world.database.service_url
    return strike(world, pooler.kill, pooler.start)


@fault("PostgreSQL killed behind PgBouncer")
def behind_pooler(world):
    """PgBouncer stays, and says that it has no server."""
    pooler = Pooler(sessions=6)
    world.closing(pooler.close)
    world.url = pooler.url(world.database.name)
    world.settings["DATABASE_DIRECT_URL"] = world.database.service_url
    return strike(world, world.cluster.kill, world.cluster.start)


@fault("cut off from the database while somebody is locked out")
def revoked_in_the_gap(world):
    """Whoever lost their right during the gap is served until it ends, and never after it."""
    relay = world.relay()

    def lock_out():
        relay.cut()
        world.unready()
        world.database.run("UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %s",
                           world.known[-1].id)

    world.tolerate("known", "403 user_deactivated")
    storm, recovered = strike(world, lock_out, relay.mend)
    for service in world.services:
        client = Client(service)
        for _ in range(50):
            if client.ask("GET", "/authorize/nginx", world.known[-1].token)[0] != 403:
                world.flaw("somebody who was locked out during the gap is allowed after it")
        client.close()
    return storm, recovered


@fault("DNS down")
def names(world):
    """The database is known by a name; its server of names dies, then every connection to the database, too."""
    from names import Names
    names = Names(world)
    world.closing(names.close)
    relay = world.relay()
    world.url = relay.url(SERVICE, world.database.name).replace("127.0.0.1", "db.faults.example")
    world.prefix = names.prefix

    def begin():
        names.stop()
        time.sleep(1)
        # Who is connected stays connected.
        if not world.current.count("newcomer", "during")[201]:
            world.flaw("without DNS the connections that stand are not used")
        relay.cut()
        relay.mend()
    storm, recovered = strike(world, begin, names.start, unready=False, seconds=4)
    return storm, recovered
