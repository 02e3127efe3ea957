"""One running Vestibule that the peer kit measures, with a database and a key set of its own."""

import http.server
import os
import socket
import ssl
import threading
from pathlib import Path

from people import copy_for, drop
from harness.programs import BINARY, Program, clean_environment, eventually, free_port

#: The kit's tokens carry it.
CLIENT = "0oa9f3kbench2Xp5d7"


class KeySet:
    """The kit's keys over HTTPS. Counts how often they were fetched."""

    def __init__(self, tokens: Path):
        kit = self
        self.fetches = 0
        body = (tokens / "jwks.json").read_bytes()

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                kit.fetches += 1
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tokens / "tls.pem")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"https://127.0.0.1:{self._server.server_port}/keys"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Instance:
    def __init__(self, name: str, title: str, template: str, tokens: Path, meta: dict, folder: Path, **settings):
        self.name, self.title, self.database = name, title, f"{template}_{name}".replace("-", "_")
        self.cached = settings.get("VESTIBULE_TOKEN_CACHE") != "0"
        self.keys, self.port = KeySet(tokens), free_port()
        url = copy_for(template, self.database, {
            "issuer": meta["issuer"], "audience": meta["audience"], "client": CLIENT, "jwks": self.keys.url})
        self.program = Program(name, [BINARY, "serve"], folder, clean_environment(**({
            "DATABASE_URL": url, "VESTIBULE_LISTEN": f"127.0.0.1:{self.port}", "VESTIBULE_IDP_ALLOW_HTTP": "true",
            "VESTIBULE_IDP_CA_FILE": tokens / "tls.pem", "VESTIBULE_RATE_LIMIT": "0", "LOG_LEVEL": "warning"}
            | settings)))
        self.program.await_port(self.port)
        eventually(lambda: b" 200 " in self.ask("/readyz"), "readiness", 60, self.program.alive)

    def ask(self, path: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return connection.makefile("rb").read()

    def see(self, tokens: list) -> float:
        """Shows it each token once: the seconds of processor time that one took."""
        before, shares, threads = self.processor_time(), [tokens[number::16] for number in range(16)], []
        for share in shares:
            threads.append(threading.Thread(target=self._see, args=(share,)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return (self.processor_time() - before) / len(tokens)

    def _see(self, tokens: list):
        with socket.create_connection(("127.0.0.1", self.port), 60) as connection:
            stream = connection.makefile("rb")
            for token in tokens:
                connection.sendall(
                    f"GET /authorize/nginx HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
                assert b" 200 " in stream.readline()
                while stream.readline() != b"\r\n":
                    pass

    def processor_time(self) -> float:
        fields = Path(f"/proc/{self.program.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def adapter(self, folder: Path) -> Path:
        """What tells the kit of a service that runs already."""
        path = folder / f"{self.name}.toml"
        path.write_text(f"""title = "{self.title}; principal from PostgreSQL"
kind = "candidate"
cached = {str(self.cached).lower()}
version = ["{BINARY}", "version"]
port = {self.port}
url = "http://127.0.0.1:{self.port}/authorize/nginx"
pids = "pid:{self.program.pid}"
""")
        return path

    def close(self):
        self.program.stop()
        self.keys.close()
        drop([self.database])
