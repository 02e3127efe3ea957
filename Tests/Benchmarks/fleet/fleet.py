"""The machines of the benchmark: databases, pooler, instances, gateways."""

import os
import shutil
from pathlib import Path

import psycopg
from world import World

from harness.cluster import Cluster
from harness.database import SERVICE, Relay
from harness.people import Person
from harness.pooler import Pooler
from harness.programs import ROOT, Program, clean_environment, eventually, free_port

INSTANCES = 3
#: Sessions of PgBouncer, for all instances together.
SESSIONS = 12
GATEWAYS = ROOT / "Config/gateways"
TICK = os.sysconf("SC_CLK_TCK")


class Fleet(World):
    """Three instances of one loop, their database replicated."""

    instances = INSTANCES

    def __init__(self, delay: float = 0, **settings):
        """With a standby so many seconds away, each way."""
        primary = Cluster({"synchronous_standby_names": "*", "synchronous_commit": "local"})
        super().__init__(primary, VESTIBULE_THREADS=1, VESTIBULE_PRINCIPAL_TTL=30, VESTIBULE_RATE_LIMIT=0, **settings)
        self.primary, self.standby = primary, Cluster(self._far(delay) if delay else None, primary=primary)
        with psycopg.connect(primary.url, autocommit=True) as admin:
            eventually(lambda: admin.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                       .fetchone()[0], "the standby")
            # What is acknowledged is on both.
            admin.execute(f"ALTER ROLE {SERVICE} SET synchronous_commit = on")
        self.pooler = Pooler(sessions=SESSIONS)
        name = self.database.name
        self.url = self.pooler.url(name)
        self.settings |= {
            # Notices come from whichever is the primary.
            "DATABASE_DIRECT_URL": f"postgresql://{SERVICE}@/{name}?host={primary.folder},{self.standby.folder}"
                                   f"&port={primary.PORT},{primary.PORT}&target_session_attrs=read-write",
            "DATABASE_READ_URL": f"postgresql://{SERVICE}@/{name}?host={self.standby.folder}&port={primary.PORT}",
            "VESTIBULE_DATABASE_READ_POOLER": "none"}
        self.gateways = []

    def _far(self, delay: float) -> dict:
        relay = Relay(self.cluster.url)
        relay.delay = delay
        self.closing(relay.close)
        return {"primary_conninfo": f"host=127.0.0.1 port={relay.port} user=postgres"}

    def start(self):
        """The instances, without people."""
        self.services = [self.service() for _ in range(self.instances)]

    def administrator(self) -> Person:
        return Person(self.services[0], self.database, self.okta, self.org, global_role="platform_admin")

    def gateway(self, kind: str, services: list, balance: str = "") -> "Gateway":
        gateway = Gateway(kind, self.folder, services, balance)
        self.gateways.append(gateway)
        return gateway

    def promote(self):
        """What whoever watches over the databases does: the standby becomes the primary, PgBouncer is told."""
        self.standby.promote()
        self.move(self.standby)
        self.pooler.follow()

    def close(self):
        for gateway in self.gateways:
            gateway.stop()
        super().close()
        self.pooler.close()
        for cluster in (self.primary, self.standby):
            cluster.close()


class Gateway:
    """nginx or HAProxy before several instances, with the shipped file: the service behind it answers 204.

    A second port spreads the REST API over them.
    """

    def __init__(self, kind: str, folder: Path, services: list, balance: str = ""):
        """Gives requests to them in turn; nginx, by another directive."""
        self.kind, self.services, self._balance = kind, services, balance
        self.port, self.rest_port = free_port(), free_port()
        self._upstream, self._balancer = free_port(), free_port()
        self.folder = folder / f"{kind}-{self.port}"
        self.folder.mkdir()
        self._addresses = [f"127.0.0.1:{service.port}" for service in services]
        command, environment = getattr(self, "_" + kind)()
        self.program = Program(kind, command, self.folder, clean_environment(**environment), cwd=self.folder)
        for port in (self.port, self.rest_port):
            self.program.await_port(port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/things"

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.rest_port}"

    def _nginx(self):
        text = (GATEWAYS / "nginx.conf").read_text()
        text = text.replace("server ${VESTIBULE};", "\n        ".join(
            ([self._balance + ";"] if self._balance else []) + [f"server {one};" for one in self._addresses]))
        text = text.replace("${LISTEN}", f"127.0.0.1:{self.port}").replace("${UPSTREAM}", f"127.0.0.1:{self._upstream}")
        folders = "".join(
            f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        head, brace, _ = text.rpartition("}")
        text = head.replace("http {", "http {" + folders, 1) + f"""
    server {{
        listen 127.0.0.1:{self._upstream};
        location / {{ return 204; }}
    }}
    server {{
        listen 127.0.0.1:{self.rest_port};
        location / {{
            proxy_pass http://vestibule;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
""" + brace + "\n"
        path = self.folder / "nginx.conf"
        path.write_text(text)
        user = "user root;" if os.getuid() == 0 else ""
        return ["nginx", "-p", self.folder, "-c", path, "-e", "stderr", "-g",
                f"daemon off; {user} pid {self.folder}/nginx.pid;"], {}

    def _haproxy(self):
        more = self.folder / "fleet.cfg"
        servers = "\n".join(f"    server instance{number} {one} check" for number, one in enumerate(self._addresses))
        # The Lua action asks one address: here HAProxy itself, which knows them all.
        more.write_text(f"""
listen instances
    bind 127.0.0.1:{self._balancer}
    bind 127.0.0.1:{self.rest_port}
    balance leastconn
    # Alive, not ready: while the database is away they still let in whomever they know.
    option httpchk GET /healthz
    default-server inter 500ms fall 3
    option redispatch 1
    retries 2
    retry-on conn-failure empty-response
{servers}

frontend things
    bind 127.0.0.1:{self._upstream}
    http-request return status 204
""")
        return (["haproxy", "-db", "-f", GATEWAYS / "haproxy.cfg", "-f", more],
                {"LISTEN": f"127.0.0.1:{self.port}", "VESTIBULE": f"127.0.0.1:{self._balancer}",
                 "UPSTREAM": f"127.0.0.1:{self._upstream}", "VESTIBULE_LUA": GATEWAYS / "vestibule.lua"})

    def stop(self):
        if self.program.alive():
            self.program.stop(seconds=10)
        shutil.rmtree(self.folder, ignore_errors=True)


def cpu_seconds(pid: int) -> float:
    """Of a process and all below it, also those that have ended and were waited for."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = path.read_text().rsplit(")", 1)
        except OSError:
            continue
        fields = fields.split()
        number = int(path.parent.name)
        parents[number] = int(fields[1])
        spent[number] = sum(map(int, fields[11:15])) / TICK
    total = 0.0
    for number, seconds in spent.items():
        above = number
        while above and above != pid:
            above = parents.get(above, 0)
        total += seconds if above == pid else 0
    return total
