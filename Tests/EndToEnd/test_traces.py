"""OpenTelemetry traces: what a collector gets, what providers are told, and that nobody ever waits for it."""

import json
import re
import time
import uuid

import pytest

from harness.collector import Collector
from harness.programs import eventually, free_port
from harness.service import vestibule


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def traced(start, database, okta, collector):
    """An instance that sends what it has done every 20 ms."""
    database.settle_bootstrap()

    def begin(**settings):
        return start(database.service_url, okta, **(
            {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": 20} | settings))
    return begin


def parent(sampled: bool = True) -> tuple[str, str, dict]:
    trace, span = uuid.uuid4().hex, uuid.uuid4().hex[:16]
    return trace, span, {"traceparent": f"00-{trace}-{span}-{'01' if sampled else '00'}", "tracestate": "a=1,b=2"}


def metric(service, name: str) -> int:
    found = re.search(rf"^{re.escape(name)} (\d+)$", service.get("/metrics").text, re.M)
    return int(found[1]) if found else 0


def newcomer(database, okta) -> tuple[str, str]:
    """A token that does not tell the e-mail, so that userinfo is asked, of somebody who is invited."""
    email = f"{uuid.uuid4().hex}@traces.example"
    return email, okta.token(email, email=None)


def test_a_request_is_a_span_with_its_turns_and_calls_within(traced, database, okta, host, collector):
    service = traced(OTEL_SERVICE_NAME="front", OTEL_RESOURCE_ATTRIBUTES="k8s.pod.name=p%2C1",
                     OTEL_EXPORTER_OTLP_HEADERS="x-key=s%3Decret")
    email, token = newcomer(database, okta)
    trace, span, fields = parent()
    answer = service.provision(token, headers=fields)
    assert answer.status_code == 403, answer.text
    spans = collector.trace(trace, 3)
    by_kind = {kind: [each for each in spans if each.kind == kind] for kind in (2, 3)}
    [server] = by_kind[2]
    assert server.name == "POST /identities/provision" and server.parent == span and server.state == "a=1,b=2"
    assert server.attributes == {
        "http.request.method": "POST", "http.route": "/identities/provision", "http.response.status_code": 403,
        "url.scheme": "http", "network.protocol.version": "1.1",
        "vestibule.request_id": answer.headers["X-Request-Id"]}
    assert not server.is_error and abs(server.end / 1e9 - time.time()) < 60 and server.start <= server.end
    assert all(each.parent == server.id and server.start <= each.start <= each.end <= server.end + 1_000_000
               for each in by_kind[3])
    turns = [each for each in by_kind[3] if each.attributes.get("db.system.name") == "postgresql"]
    assert turns and all(each.attributes["db.query.summary"].startswith(each.name) for each in turns)
    [call] = [each for each in by_kind[3] if each.attributes.get("http.request.method") == "GET"
              and ("/userinfo", f"00-{trace}-{each.id}-01", "a=1,b=2") in host.traces()]
    assert call.attributes["server.address"] == "127.0.0.1" and call.attributes["http.response.status_code"] == 200
    assert collector.resources[-1] == {
        "service.name": "front", "service.version": collector.resources[-1]["service.version"],
        "deployment.environment.name": "dev", "k8s.pod.name": "p,1"}
    assert collector.fields[-1]["x-key"] == "s=ecret"
    sent = b"".join(collector.bodies).decode()
    assert token not in sent and email not in sent and okta.subject(email) not in sent and "s=ecret" not in sent
    line = next(json.loads(line) for line in service.output().splitlines() if '"event":"request"' in line
                and trace in line)
    assert line["trace_id"] == trace and line["route"] == "/identities/provision"
    assert metric(service, "vestibule_trace_spans_sent_total") >= 3


def test_answers_from_memory_have_spans_and_probes_have_none(traced, okta, collector):
    service = traced()
    token = okta.token("memory@traces.example")
    for _ in range(2):
        trace, span, fields = parent()
        service.authorize(token, headers=fields)
        spans = collector.trace(trace, 1)
        [server] = [each for each in spans if each.kind == 2]
        assert server.name == "GET /authorize/nginx" and server.parent == span
    for path in ("/healthz", "/readyz", "/metrics"):
        assert service.get(path, headers=parent()[2]).status_code == 200
    service.get("/nothing/here")
    eventually(lambda: any(each.name == "GET" and each.attributes["http.response.status_code"] == 404
                           and "http.route" not in each.attributes for each in collector.spans), "an unmatched path")
    service.request("BREW", "/orgs")
    eventually(lambda: any(each.attributes.get("http.request.method") == "_OTHER" for each in collector.spans), "BREW")
    assert not [each for each in collector.spans if each.attributes.get("http.route") in (
        "/healthz", "/readyz", "/metrics")]


def test_failures_are_told(traced, database, okta, collector, fresh_database, start):
    service = start(fresh_database.service_url, okta, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=collector.url + "/v1/traces",
                    OTEL_BSP_SCHEDULE_DELAY=20)
    fresh_database.drop()
    trace, _, fields = parent()
    answer = service.get("/orgs", okta.token("down@traces.example"), headers=fields)
    assert answer.status_code == 503
    spans = collector.trace(trace, 2)
    [server] = [each for each in spans if each.kind == 2]
    assert server.is_error and server.attributes["error.type"] == "503"
    assert any(each.is_error and each.attributes["error.type"] for each in spans if each.kind == 3)


def test_a_caller_that_does_not_record_is_followed(traced, database, okta, host, collector):
    service = traced()
    _, token = newcomer(database, okta)
    trace, _, fields = parent(sampled=False)
    service.provision(token, headers=fields)
    assert [seen for seen in host.traces() if seen[1].startswith(f"00-{trace}-") and seen[1].endswith("-00")]
    other, _, fields = parent()
    service.get("/orgs", headers=fields)
    collector.trace(other, 1)
    assert not [each for each in collector.spans if each.trace == trace]


@pytest.mark.parametrize("value", [
    "00-{t}-{s}", "ff-{t}-{s}-01", "00-{T}-{s}-01", "00-{t}-0000000000000000-01", "00-{t}-{s}-01-x", "garbage"])
def test_an_invalid_traceparent_begins_a_new_trace(traced, collector, value):
    service = traced()
    trace, span, _ = parent()
    value = value.format(t=trace, s=span, T=trace.upper())
    answer = service.get("/orgs", headers={"traceparent": value, "tracestate": "a=1"})
    [server] = eventually(lambda: [each for each in collector.spans if each.attributes.get(
        "vestibule.request_id") == answer.headers["X-Request-Id"]], "the span")
    assert server.trace != trace and server.parent == "" and server.state == "" and re.fullmatch(r"[0-9a-f]{32}", server.trace)
    assert value not in service.output()


def test_two_traceparents_are_none(traced, collector):
    service = traced()
    trace, _, fields = parent()
    service.get("/orgs", headers=list(fields.items()) + [("traceparent", fields["traceparent"])])
    eventually(lambda: collector.spans, "the span")
    assert all(each.trace != trace for each in collector.spans)


def test_the_sampler_decides(traced, collector):
    service = traced(OTEL_TRACES_SAMPLER="traceidratio", OTEL_TRACES_SAMPLER_ARG="0.5")
    low, high = "7fffffffffffffff", "8000000000000000"
    for half, flags in ((low, "00"), (high, "01")):
        service.get("/orgs", headers={"traceparent": f"00-{uuid.uuid4().hex[:16]}{half}-00f067aa0ba902b7-{flags}"})
    eventually(lambda: collector.spans, "the span")
    service.stop()
    assert [each.trace[16:] for each in collector.spans if each.kind == 2] == [low]


def test_what_waits_is_sent_at_the_end(traced, collector):
    service = traced(OTEL_BSP_SCHEDULE_DELAY=3_600_000)
    for _ in range(3):
        service.get("/orgs")
    assert not collector.spans
    assert service.stop() == 0
    assert len([each for each in collector.spans if each.kind == 2]) == 3


def test_a_collector_that_is_busy_is_asked_again(traced, collector):
    collector.statuses = [503, 429]
    service = traced()
    trace, _, fields = parent()
    service.get("/orgs", headers=fields)
    collector.trace(trace, 1)
    assert not collector.statuses
    collector.answer = b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}'
    service.get("/orgs")
    eventually(lambda: metric(service, 'vestibule_trace_spans_dropped_total{reason="rejected"}') == 1, "the count")
    collector.statuses = [400]
    service.get("/orgs")
    eventually(lambda: metric(service, 'vestibule_trace_spans_dropped_total{reason="export_failed"}') == 1, "the count")


@pytest.mark.parametrize("away", [True, False])
def test_nobody_waits_for_a_collector(traced, collector, away):
    """It is away, or takes the request and never answers: what does not fit the queue is dropped and counted."""
    collector.delay = 60
    service = traced(OTEL_BSP_MAX_QUEUE_SIZE=5, **(
        {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"} if away else {}))
    began = time.monotonic()
    for _ in range(50):
        assert service.get("/orgs").status_code == 401
    assert time.monotonic() - began < 20
    dropped = eventually(
        lambda: metric(service, 'vestibule_trace_spans_dropped_total{reason="queue_full"}'), "dropped spans")
    assert dropped >= 20 and metric(service, "vestibule_trace_queue_spans") <= 5
    began = time.monotonic()
    assert service.stop() == 0 and time.monotonic() - began < 15


def test_without_a_collector_nothing_is_traced(start, database, okta, host):
    database.settle_bootstrap()
    service = start(database.service_url, okta)
    _, token = newcomer(database, okta)
    trace, _, fields = parent()
    service.provision(token, headers=fields)
    assert not [seen for seen in host.traces() if trace in seen[1]]
    assert "vestibule_trace_" not in service.get("/metrics").text
    eventually(lambda: f'"trace_id":"{trace}"' in service.output(), "the line of the request")


@pytest.mark.parametrize("name, value", [
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "nonsense"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=%zz"),
    ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_TRACES_SAMPLER_ARG", "1.5"), ("OTEL_TRACES_SAMPLER_ARG", "nan"),
    ("OTEL_BSP_SCHEDULE_DELAY", "0"), ("OTEL_BSP_MAX_QUEUE_SIZE", "many"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "60001")])
def test_what_is_wrong_is_named(database, name, value):
    done = vestibule("config", "check", env={"DATABASE_URL": database.service_url, name: value})
    assert done.returncode == 2 and name in done.stderr, done.stderr
