"""A systemd unit's sandbox without systemd: its system-call filter and mounts, made from the unit's own lines.

As a program (`unit.py UNIT COMMAND…`, by root in a mount namespace of its own) it goes into the sandbox and becomes
the command. Refused calls kill the process, where systemd would let some of them fail: what lives here lives there.
"""

import ctypes
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EQUAL, MASKED_EQUAL = 4, 7
WRITE, EXECUTE = 2, 4
NOBODY = 65532


class Unit:
    """The settings of the [Service] section; a name given several times has several values."""

    def __init__(self, path: Path):
        self.values: dict[str, list[str]] = {}
        for line in Path(path).read_text().splitlines():
            name, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                self.values.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        (value,) = self.values[name]
        return value

    def system_calls(self) -> set[str]:
        """The calls that the filter lets through: the first line allows, those with ~ take away."""
        calls = set()
        for line in self.values["SystemCallFilter"]:
            names = set().union(*map(expanded, line.removeprefix("~").split()))
            calls = calls - names if line.startswith("~") else calls | names
        return calls


def expanded(name: str) -> set[str]:
    """A call, or those of a group such as @system-service."""
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    names = [line.strip() for line in lines.splitlines()[1:]]
    return set().union(*(expanded(name) for name in names if name and not name.startswith("#")))


class Condition(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operation", ctypes.c_int), ("first", ctypes.c_uint64),
                ("second", ctypes.c_uint64)]


def load_filter(unit: Unit) -> None:
    """SystemCallFilter, RestrictAddressFamilies and MemoryDenyWriteExecute for this process and its children."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Condition)]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(KILL)

    def rule(action: int, name: str, *conditions) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        # Other architectures' names have no number here.
        if number >= 0 and library.seccomp_rule_add_array(
                context, action, number, len(conditions), (Condition * len(conditions))(*conditions)) != 0:
            raise OSError(f"no rule for {name}")

    families = [int(getattr(socket, name)) for name in unit.one("RestrictAddressFamilies").split()]
    assert unit.one("MemoryDenyWriteExecute") == "yes"
    for name in unit.system_calls():
        match name:
            case "socket":
                for family in families:
                    rule(ALLOW, name, (0, EQUAL, family, 0))
                # Resolvers look for it, and do without.
                rule(ERRNO | errno.EAFNOSUPPORT, name, (0, EQUAL, int(socket.AF_NETLINK), 0))
            case "mmap":
                for protection in (0, WRITE, EXECUTE):
                    rule(ALLOW, name, (2, MASKED_EQUAL, WRITE | EXECUTE, protection))
            case "mprotect" | "pkey_mprotect":
                rule(ALLOW, name, (2, MASKED_EQUAL, EXECUTE, 0))
            case _:
                rule(ALLOW, name)
    if library.seccomp_load(context) != 0:
        raise OSError("the filter was not loaded")


def make_mounts(unit: Unit, folder: Path) -> None:
    """The whole tree read-only, nobody's home, a /tmp of its own, of /proc the processes alone; `folder` is at /mnt."""
    assert (unit.one("ProtectSystem"), unit.one("ProtectHome"), unit.one("PrivateTmp"), unit.one("ProcSubset"),
            unit.one("ProtectProc")) == ("strict", "yes", "yes", "pid", "invisible")
    commands = (f"mount --rbind {folder} /mnt", "mount -o remount,ro,bind /mnt", "mount -o remount,ro,bind /",
                "mount -t tmpfs -o mode=0000 none /root", "mount -t tmpfs -o mode=0000 none /home",
                "mount -t tmpfs -o mode=1777 none /tmp", "mount -t proc -o subset=pid,hidepid=invisible none /proc")
    for command in commands:
        subprocess.run(command.split(), check=True)


def main(unit: Unit, folder: Path, command: list[str]) -> None:
    make_mounts(unit, folder)
    # Before the privileges go: systemd-analyze is asked.
    names = unit.system_calls()
    unit.system_calls = lambda: names
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    # No new privileges, which loading a filter needs then.
    assert ctypes.CDLL(None).prctl(38, 1, 0, 0, 0) == 0
    os.umask(0o077)
    load_filter(unit)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(Unit(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3:])
