"""Thousands of connections, slow ones, odd ones, and more in one write than anybody needs."""

import random
import resource
import socket
import threading
import time

from report import Trial, trial

from harness.programs import eventually
from harness.service import Service

IDLE, SLOW = 8000, 2000
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(service: Service, seconds: float = 20) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answer(connection) -> tuple:
    """Status and body of the next answer; (0, b"") at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return 0, b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12]), body


def asked(service, count: int = 200) -> float:
    """The 99th percentile of asking for `/healthz`, each time over a new connection."""
    times = []
    for _ in range(count):
        began = time.monotonic()
        with connect(service) as connection:
            connection.sendall(GET)
            assert answer(connection)[0] == 200
        times.append(time.monotonic() - began)
    return sorted(times)[int(count * .99)]


def gauge(service, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in service.get("/metrics").text.splitlines()
               if line.startswith(name) and not line.startswith("#"))


@trial("ten thousand connections")
def ten_thousand(trial: Trial):
    """Eight thousand that rest after a request and two thousand that send a byte of a head now and then."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = IDLE + SLOW + 500
    trial.holds(most >= need, f"this machine lets a process open {most} files; {need} are needed")
    if most < need:
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    service = trial.service()
    before, quick = trial.memory(service), asked(service)
    idle = []
    for _ in range(IDLE):
        idle.append(connect(service))
        idle[-1].sendall(GET)
    for connection in idle:
        assert answer(connection)[0] == 200
    slow = [connect(service) for _ in range(SLOW)]
    began = time.monotonic()
    for connection in slow:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    loaded, busy = trial.memory(service), asked(service)
    trial.line(f"{IDLE} idle and {SLOW} slow ones: {(loaded - before) * 1024 / (IDLE + SLOW):.1f} KiB each; p99 of a new "
               f"connection's request {busy * 1e3:.1f} ms, {quick * 1e3:.1f} ms before")
    cut = 0
    while slow and time.monotonic() - began < 20:
        for connection in list(slow):
            try:
                connection.sendall(b"a")
                connection.settimeout(0.0)
                text = connection.recv(4096)
                cut += text.startswith(b"HTTP/1.1 408")
                slow.remove(connection)
            except BlockingIOError:
                connection.settimeout(20)
            except OSError:
                slow.remove(connection)
        time.sleep(0.5)
    trial.line(f"slow ones cut after {time.monotonic() - began:.0f} s, {cut} of them told so by 408")
    trial.holds(not slow, f"{len(slow)} slow connections are open after 20 s")
    for connection in random.sample(idle, 200):
        connection.sendall(GET)
        trial.holds(answer(connection)[0] == 200, "an idle connection is of no use any more")
    for connection in idle:
        connection.close()
    eventually(lambda: gauge(service, "vestibule_http_connections") < 50, "the end of the connections")
    trial.holds((loaded - before) * 1024 / (IDLE + SLOW) < 16, "a connection costs more than 16 KiB")
    trial.holds(busy < 0.25, "others wait for them")


@trial("vanished peers")
def vanished(trial: Trial):
    """Peers that are gone without a word, as when a cable is cut: the idle limit of 75 s ends what is left of them."""
    repair, count = 19, 200
    service = trial.service()
    begun = gauge(service, "vestibule_http_connections")
    for number in range(count):
        connection = connect(service)
        connection.sendall(GET if number % 2 else GET[:20])
        if number % 2:
            assert answer(connection)[0] == 200
        # From here on the kernel forgets the connection instead of ending it.
        connection.setsockopt(socket.IPPROTO_TCP, repair, 1)
        connection.close()
    began = time.monotonic()
    trial.holds(gauge(service, "vestibule_http_connections") >= begun + count * 0.9, "the service was told of it")
    eventually(lambda: gauge(service, "vestibule_http_connections") <= begun + 2, "the end of all of them", 100)
    trial.line(f"{count} peers vanished, half of them inside a head: all forgotten after {time.monotonic() - began:.0f} s")


@trial("half-open")
def half_open(trial: Trial):
    """A client that has said its last word still gets the answer; one in the middle of a head gets none."""
    service, okta = trial.service(), trial.okta
    token = okta.token("half@domain.example")
    good = 0
    for number in range(200):
        with connect(service) as connection:
            path = ("/healthz", "/readyz")[number % 2]
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            connection.shutdown(socket.SHUT_WR)
            good += answer(connection)[0] == 200
    for _ in range(200):
        with connect(service) as connection:
            connection.sendall(GET[:-2])
            connection.shutdown(socket.SHUT_WR)
            trial.holds(connection.recv(100) == b"", "half a request was answered")
    trial.line(f"{good} of 200 that ended their side after the request got its answer")
    trial.holds(good == 200, "an answer was kept from a client that had ended its side")
    eventually(lambda: gauge(service, "vestibule_http_connections") < 10, "the end of the connections", 5)


@trial("slow readers")
def slow_readers(trial: Trial):
    """Who asks for much and reads nothing holds little memory, keeps nobody waiting, and is cut after 30 s."""
    service = trial.service()
    page = service.get("/openapi.json").content
    before, readers = trial.memory(service), []
    for _ in range(300):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        readers.append(connection)
    time.sleep(2)
    began = time.monotonic() - 2
    loaded, busy = trial.memory(service), asked(service)
    trial.line(f"300 readers that ask 100 times for {len(page) >> 10} KiB and read nothing: {loaded - before:.0f} MiB more, p99 of "
               f"others {busy * 1e3:.1f} ms")
    trial.holds(loaded - before < 300 * (len(page) + (256 << 10)) / (1 << 20), "the service answers ahead of its readers")
    trial.holds(busy < 0.25, "others wait for them")
    # A steady slow reader gets all of it.
    steady = readers.pop()
    steady.settimeout(20)
    data = b""
    while len(data) < len(page) * 2:
        data += steady.recv(65536)
    trial.holds(page in data, "a slow reader gets something else")
    eventually(lambda: gauge(service, "vestibule_http_connections") < 10, "the end of those who read nothing", 60)
    trial.line(f"all cut after {time.monotonic() - began:.0f} s")
    for connection in [*readers, steady]:
        connection.close()


@trial("huge heads")
def huge_heads(trial: Trial):
    """Heads at their limit are served, heads beyond it refused, thousands of them, and no memory stays with them."""
    service = trial.service()
    line = b"GET /healthz HTTP/1.1\r\n"

    def head(bytes: int, fields: int = 1) -> bytes:
        rest = bytes - len(line) - len(b"Host: x\r\n") - 2
        each = rest // fields
        parts = [b"X-%05d: " % number + b"a" * (each - 11) + b"\r\n" for number in range(fields)]
        return line + b"Host: x\r\n" + b"".join(parts) + b"\r\n"

    for request, expected in ((head(32 * 1024), 200), (head(33 * 1024), 431), (head(20_000, 99), 200), (head(20_000, 120), 431),
                              (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414)):
        with connect(service) as connection:
            connection.sendall(request)
            trial.holds(answer(connection)[0] == expected, f"a head of {len(request)} bytes is not {expected}")
    before, refused, began = trial.memory(service), [], time.monotonic()

    def flood(count: int):
        for _ in range(count):
            with connect(service) as connection:
                try:
                    connection.sendall(line + b"X: " + b"a" * 200_000)
                except OSError:
                    pass
                try:
                    refused.append(connection.recv(4096)[9:12])
                except OSError:
                    refused.append(b"reset")
    threads = [threading.Thread(target=flood, args=(500,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    busy = asked(service)
    for thread in threads:
        thread.join()
    took, more = time.monotonic() - began, trial.memory(service) - before
    trial.line(f"4000 endless heads in {took:.1f} s: {refused.count(b'431')} were told 431, {more:.1f} MiB more, p99 of others "
               f"{busy * 1e3:.1f} ms")
    trial.holds(refused.count(b"431") >= 3900 and not set(refused) - {b"431", b"reset", b""}, f"other answers: {set(refused)}")
    trial.holds(more < 64, "memory stays with them")
    trial.holds(busy < 0.5, "others wait for them")


@trial("pipelining")
def pipelining(trial: Trial):
    """Ten thousand requests in one go, answered in their order, and no further ahead than a reader takes."""
    service, count = trial.service(), 10_000
    okta = trial.okta
    token = okta.token("pipe@domain.example")
    assert service.provision(token).status_code == 201
    with connect(service, 60) as connection:
        requests = b"".join(
            b"GET %s HTTP/1.1\r\nHost: x\r\nX-Request-Id: r%d\r\nAuthorization: Bearer %s\r\n\r\n" % (
                (b"/healthz", b"/authorize/nginx", b"/readyz", b"/nothing")[number % 4], number, token.encode())
            for number in range(count))
        sender = threading.Thread(target=connection.sendall, args=(requests,))
        began = time.monotonic()
        sender.start()
        data, seen = b"", []
        while len(seen) < count:
            part = connection.recv(1 << 20)
            if not part:
                break
            data += part
            while (end := data.find(b"\r\n\r\n")) >= 0:
                head = data[:end].lower()
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
                if len(data) < end + 4 + length:
                    break
                seen.append((int(head[9:12]), head.split(b"x-request-id: ")[1].split(b"\r\n")[0]))
                data = data[end + 4 + length:]
        sender.join()
    expected = [((200, 200, 200, 404)[number % 4], b"r%d" % number) for number in range(count)]
    trial.line(f"{count} requests, answers in memory and by tasks in turn, in {time.monotonic() - began:.1f} s")
    trial.holds(seen == expected, "the answers are not those of the requests in their order")
