"""A server of names for one program."""

import shutil

from harness.programs import Program, eventually

ADDRESS = "127.0.0.153"


class Names:
    """dnsmasq on an address of its own, which programs begun with `prefix` ask and no others."""

    def __init__(self, world):
        self.folder = world.folder
        resolver = self.folder / "resolv.conf"
        resolver.write_text(f"nameserver {ADDRESS}\noptions timeout:1 attempts:2\n")
        self.prefix = ("unshare", "-m", "sh", "-c", f'mount --bind {resolver} /etc/resolv.conf && exec "$@"', "sh")
        self.start()

    def start(self):
        program = shutil.which("dnsmasq", path="/usr/sbin:/usr/bin")
        self.program = Program("dnsmasq", [
            program, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces",
            f"--listen-address={ADDRESS}", "--address=/db.faults.example/127.0.0.1", "--user=root", "--pid-file="],
            self.folder)
        eventually(self.program.alive, "dnsmasq")

    def stop(self):
        self.program.process.kill()
        self.program.wait()

    def close(self):
        if self.program.alive():
            self.stop()
