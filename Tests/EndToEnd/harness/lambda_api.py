"""The AWS Lambda runtime API and the Parameters and Secrets extension, on loopback."""

import json
import queue
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .programs import BINARY, Program, clean_environment


class LocalServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def serve(handler) -> LocalServer:
    server = LocalServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class RuntimeAPI:
    """Hands out events one after another and keeps what came back."""

    def __init__(self):
        api = self
        self._events = queue.Queue()
        self._results = queue.Queue()
        self.init_errors = queue.Queue()

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                assert self.path == "/2018-06-01/runtime/invocation/next"
                name, event, seconds = api._events.get()
                data = event if isinstance(event, bytes) else json.dumps(event).encode()
                self.send_response(200)
                for field, value in {
                        "Lambda-Runtime-Aws-Request-Id": name, "Content-Length": len(data),
                        "Lambda-Runtime-Deadline-Ms": int((time.time() + seconds) * 1000),
                        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:auth",
                        "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700"}.items():
                    self.send_header(field, str(value))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = self.headers.get("Lambda-Runtime-Function-Error-Type")
                target = api.init_errors if self.path.endswith("/init/error") else api._results
                target.put((self.path.removeprefix("/2018-06-01/runtime/"), body, kind, time.monotonic()))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = serve(Answers)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def invoke(self, event, seconds: float = 10):
        """Runs one event: (`response` or `error`, the body, the error's type)."""
        name = str(uuid.uuid4())
        self._events.put((name, event, seconds))
        path, body, kind, self.answered = self._results.get(timeout=seconds + 20)
        assert path.split("/")[:2] == ["invocation", name]
        return path.split("/")[2], body, kind

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class SecretsExtension:
    """Knows some secrets by ARN, for whoever has the session token."""

    def __init__(self, token: str, secrets: dict):
        from urllib.parse import parse_qs, urlsplit

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                name = parse_qs(parts.query).get("secretId", [""])[0]
                good = (parts.path == "/secretsmanager/get" and name in secrets
                        and self.headers["X-Aws-Parameters-Secrets-Token"] == token)
                data = json.dumps({"ARN": name, "SecretString": secrets[name]} if good else {"message": "no"}).encode()
                self.send_response(200 if good else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = serve(Answers)
        self.port = self._server.server_address[1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class Function:
    """The function, started as Lambda starts it."""

    def __init__(self, api: RuntimeAPI, folder, **environment):
        self.program = Program(
            "lambda", [BINARY, "lambda"], folder, clean_environment(AWS_LAMBDA_RUNTIME_API=api.address, **environment),
            cwd=folder)

    def stop(self):
        self.program.process.kill()
        self.program.process.wait()
