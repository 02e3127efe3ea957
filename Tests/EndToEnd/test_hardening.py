"""What the process shows of itself to the machine it runs on."""

import json
import os
import subprocess
from pathlib import Path

from harness.programs import BINARY, Program, clean_environment, free_port


def limits(pid: int) -> dict:
    """The process's limits: soft and hard."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): tuple(line[26:].split()[:2]) for line in lines}


def test_no_core_file_can_hold_its_memory(service):
    assert limits(service.program.pid)["Max core file size"] == ("0", "0")


def test_no_process_of_the_same_user_reads_its_memory(folder):
    """What can't be dumped belongs to root below /proc, whoever runs it."""
    port = free_port()
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    binary = BINARY
    if nobody:
        binary = Path("/tmp") / f"vestibule-hardening-{os.getpid()}"
        binary.write_bytes(BINARY.read_bytes())
        binary.chmod(0o755)
    try:
        idp = Program("dev-idp", [*nobody, binary, "dev-idp", "--listen", f"127.0.0.1:{port}"], folder,
                      clean_environment(), cwd=Path("/"))
        idp.await_port(port)
        assert os.stat(f"/proc/{idp.pid}/mem").st_uid == 0
        if nobody:
            read = subprocess.run([*nobody, "cat", f"/proc/{idp.pid}/environ"], capture_output=True)
            assert read.returncode != 0 and not read.stdout
        idp.stop()
    finally:
        if nobody:
            binary.unlink()


def test_running_as_root_is_told(service):
    told = any(json.loads(line).get("event") == "runs_as_root" for line in service.output().splitlines() if line.startswith("{"))
    assert told == (os.geteuid() == 0)
