"""docker/compose.yaml without containers: each service's own command, settings and files, in namespaces.

All services share one network namespace, where the names of others are loopback. A service of our image sees the
program, the libraries that it needs and what the image holds, as the image's user, on a read-only root; others see
this machine's Debian, read-only. With VESTIBULE_IMAGE, the folder of an image's files, ours see that image instead.
"""

import glob
import os
import re
import shlex
import subprocess
from pathlib import Path

import yaml

from .programs import BINARY, ROOT, Program, clean_environment, eventually

FILE = ROOT / "docker/compose.yaml"
COMPOSE = yaml.safe_load(FILE.read_text())
IMAGE = os.environ.get("VESTIBULE_IMAGE")
#: What the image itself sets.
SETTINGS = dict(re.findall(r"^ENV (\w+)=(\S+)$", (ROOT / "docker/Dockerfile").read_text(), re.M))


def list_of(value) -> list[str]:
    return shlex.split(value) if isinstance(value, str) else list(value or ())


class Pod:
    def __init__(self, folder: Path):
        self.folder = folder
        self.programs: list[Program] = []
        # Lives as long as its input is open.
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        assert self._holder.stdout.readline() == b"up\n"

    def close(self):
        for program in reversed(self.programs):
            if program.alive():
                program.process.kill()
                program.process.wait()
        self._holder.kill()
        self._holder.wait()

    def inside(self, *command) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net", "--", *map(str, command)]

    def run(self, *command, **more) -> subprocess.CompletedProcess:
        return subprocess.run(self.inside(*command), capture_output=True, text=True, timeout=60, **more)

    def curl(self, *arguments) -> str:
        """The status and the body of an answer, as `200 …`; `000` when there was none."""
        done = self.run("curl", "-s", "-w", "\n%{http_code}", *arguments)
        body, _, status = done.stdout.rpartition("\n")
        return f"{status} {body}"

    def begin(self, name: str, *command, env: dict | None = None) -> Program:
        self.programs.append(Program(name, self.inside(*command), self.folder, clean_environment(**(env or {}))))
        return self.programs[-1]

    # The services.

    def start(self, name: str) -> Program:
        service = COMPOSE["services"][name]
        env = {key: value.replace("@postgres/", "@127.0.0.1/") for key, value in service.get("environment", {}).items()}
        if service["image"] == "vestibule":
            env = SETTINGS | env
        return self.begin(name, *self._sandbox(name, service), *self._command(service), env=env)

    def start_postgres(self) -> Program:
        """The server, with the files that its image runs at the first start."""
        service = COMPOSE["services"]["postgres"]
        binaries = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        data = self.folder / "data"
        data.mkdir()
        as_postgres = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
        for parent in (self.folder, *self.folder.parents):
            if not os.stat(parent).st_mode & 0o001:
                parent.chmod(0o711)
        subprocess.run(["chown", "postgres:", data], check=True)
        auth = service["environment"]["POSTGRES_HOST_AUTH_METHOD"]
        subprocess.run([*as_postgres, binaries / "initdb", "-D", data, "-U", "postgres", "-A", auth], check=True,
                       capture_output=True, cwd="/")
        program = self.begin("postgres", *as_postgres, binaries / "postgres", "-D", data, "-c", "fsync=off", "-c",
                             "unix_socket_directories=")
        eventually(lambda: self.run("pg_isready", "-h", "127.0.0.1").returncode == 0, "the database", 30, program.alive)
        for _, file in sorted(self._volumes(service, "/docker-entrypoint-initdb.d/").items()):
            done = self.run("psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres", "-f", file)
            assert done.returncode == 0, done.stderr
        assert self.run(*list_of(service["healthcheck"]["test"])[1:]).returncode == 0
        return program

    @staticmethod
    def _volumes(service: dict, prefix: str = "/") -> dict[str, Path]:
        """Files of the checkout, by where the container sees them."""
        pairs = [entry.split(":")[:2] for entry in service.get("volumes", ()) if entry.startswith((".", "/"))]
        return {target: (FILE.parent / source).resolve() for source, target in pairs if target.startswith(prefix)}

    @staticmethod
    def _command(service: dict) -> list[str]:
        entrypoint = list_of(service.get("entrypoint", ["/usr/bin/vestibule"]))
        # In a compose file $$ is a $.
        return [word.replace("$$", "$") for word in entrypoint + list_of(service.get("command"))]

    @staticmethod
    def _image() -> list:
        """What the image holds; without one, the same from this machine: docker/collect.sh gathers it."""
        words = []
        if IMAGE:
            for entry in sorted(Path(IMAGE).iterdir()):
                words += ["--symlink", os.readlink(entry), f"/{entry.name}"] if entry.is_symlink() else [
                    "--ro-bind", entry, f"/{entry.name}"]
            return words
        libraries = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
        for path in re.findall(r"(?:=> |^\s*)(/\S+)", libraries, re.M):
            words += ["--ro-bind", os.path.realpath(path), path]
        for source, target in ((BINARY, "bin/vestibule"), (ROOT / "Migrations", "share/vestibule/Migrations"),
                               (ROOT / "Console", "share/vestibule/Console")):
            words += ["--ro-bind", source, f"/usr/{target}"]
        return words

    def _sandbox(self, name: str, service: dict) -> list:
        words = ["bwrap", "--die-with-parent", "--tmpfs", "/", "--dev", "/dev", "--proc", "/proc"]
        if service["image"] == "vestibule":
            words += ["--unshare-user", "--uid", "65532", "--gid", "65532", "--cap-drop", "ALL"]
            words += [*self._image(), "--chdir", "/usr/share/vestibule"]
        else:
            words += ["--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
            for link in ("bin", "lib", "lib64", "sbin"):
                words += ["--symlink", f"usr/{link}", f"/{link}"]
            # Debian's nginx writes elsewhere than the image's.
            words += ["--tmpfs", "/var/lib/nginx", "--tmpfs", "/var/log/nginx"]
        for target in service.get("tmpfs", ()):
            words += ["--tmpfs", target]
        for target, source in self._volumes(service).items():
            words += ["--ro-bind", source, target]
        for entry in service.get("volumes", ()):
            source, target, *_ = entry.split(":")
            if source in COMPOSE["volumes"]:
                (self.folder / source).mkdir(exist_ok=True)
                words += ["--bind", self.folder / source, target]
        return [*words, "--remount-ro", "/"] if service.get("read_only") else words
