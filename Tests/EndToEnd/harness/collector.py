"""A collector of traces: reads OTLP's JSON with the protocol's own message types."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .programs import eventually


def _hex_ids(value):
    """OTLP writes ids in hexadecimal digits where protobuf's JSON wants base64 for bytes."""
    if isinstance(value, list):
        return [_hex_ids(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: base64.b64encode(bytes.fromhex(part)).decode() if name in ("traceId", "spanId", "parentSpanId")
            else _hex_ids(part) for name, part in value.items()}


class Span:
    """A span as a test asks for it."""

    def __init__(self, span):
        self.name, self.kind, self.is_error = span.name, span.kind, span.status.code == 2
        self.trace, self.id, self.parent = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
        self.state, self.start, self.end = span.trace_state, span.start_time_unix_nano, span.end_time_unix_nano
        self.attributes = {
            each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}

    def __repr__(self):
        return f"{self.name} {self.attributes}"


class Collector:
    """Listens on a port of its own; `statuses` are answered one after another before the usual 200."""

    def __init__(self):
        collector = self
        self.spans: list[Span] = []
        self.resources: list[dict] = []
        self.bodies: list[bytes] = []
        self.fields: list[dict] = []
        self.statuses: list[int] = []
        self.answer = b"{}"
        self.delay = 0.0

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(collector.delay)
                status = collector.statuses.pop(0) if collector.statuses else 200
                if status == 200:
                    collector.take(self.path, dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(collector.answer)))
                self.end_headers()
                self.wfile.write(collector.answer)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):
                pass

        self._server = Server(("127.0.0.1", 0), Answers)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, path: str, fields: dict, body: bytes):
        assert path == "/v1/traces" and fields["Content-Type"] == "application/json", (path, fields)
        request = json_format.ParseDict(_hex_ids(json.loads(body)), ExportTraceServiceRequest())
        for part in request.resource_spans:
            self.resources.append({each.key: each.value.string_value for each in part.resource.attributes})
            self.spans += [Span(span) for scope in part.scope_spans for span in scope.spans]
        self.bodies.append(body)
        self.fields.append(fields)

    def trace(self, trace: str, count: int) -> list[Span]:
        """The spans of a trace, once there are so many and the request's own, which ends last, is among them."""
        def found():
            spans = [span for span in list(self.spans) if span.trace == trace]
            return spans if len(spans) >= count and any(span.kind == 2 for span in spans) else None
        return eventually(found, f"{count} spans of {trace}")

    def close(self):
        self._server.shutdown()
        self._server.server_close()
