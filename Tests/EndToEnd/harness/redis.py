"""A Redis server of a test's own."""

import signal

from .programs import Program, free_port


class Redis:
    """A Redis server of a test's own."""

    def __init__(self, folder, *arguments):
        self.port, self.folder, self.arguments = free_port(), folder, arguments
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.program = Program("redis", [
            "redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", self.folder, *self.arguments], self.folder)
        self.program.await_port(self.port)

    def stop(self):
        self.program.send(signal.SIGCONT)
        self.program.stop(signal.SIGKILL)
