"""The service's own TLS beside plain HTTP: versions, resumption, speed, and new certificates under load."""

import re
import shutil
import signal
import ssl
import subprocess
import threading

from connections import GET, answer, connect
from report import TLS, Trial, trial

from harness.programs import eventually

VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}


def context(version=None) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if version:
        made.minimum_version = made.maximum_version = version
    return made


def tls_service(trial: Trial, **settings):
    """An instance with certificate and key in a folder of its own, where they can be replaced."""
    put(trial, "first")
    service = trial.service(
        ready=False, VESTIBULE_TLS_CERT=trial.folder / "crt", VESTIBULE_TLS_KEY=trial.folder / "key", **settings)
    eventually(lambda: ask(service, context())[0] == 200, "readiness under TLS")
    return service


def put(trial: Trial, name: str):
    for ending in ("crt", "key"):
        shutil.copy(TLS / f"{name}.{ending}", trial.folder / ending)


def ask(service, context, session=None) -> tuple:
    """Status of /readyz, whether the session was resumed, the session, and the certificate."""
    with context.wrap_socket(connect(service), session=session) as connection:
        connection.sendall(GET.replace(b"healthz", b"readyz"))
        return answer(connection)[0], connection.session_reused, connection.session, connection.getpeercert(True)


@trial("TLS versions and resumption")
def versions(trial: Trial):
    service = tls_service(trial, VESTIBULE_THREADS=2)
    for name, version in VERSIONS.items():
        mine = context(version)
        status, reused, session, _ = ask(service, mine)
        trial.holds(status == 200 and not reused, f"{name}: {status}")
        again = [ask(service, mine, session)[1] for _ in range(20)]
        trial.holds(all(again), f"{name}: {again.count(True)} of 20 sessions were resumed, on whichever loop")
        service.program.send(signal.SIGHUP)
        eventually(lambda: not ask(service, mine, session)[1], "the end of old sessions")
        trial.line(f"{name}: 20 of 20 sessions resumed by two loops; none from before a reload, which are full handshakes")
    old = context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    try:
        ask(service, old)
        trial.holds(False, "TLS 1.1 is spoken")
    except (ssl.SSLError, OSError):
        pass


def speed(url: str, token: str) -> tuple:
    output = subprocess.run(
        ["wrk", "-t1", "-c16", "-d3", "--latency", "-H", f"Authorization: Bearer {token}", "-H", "X-Original-Method: GET",
         "-H", "X-Original-URI: /orders", url + "/authorize/nginx"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output, output
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]), re.search(r"99%\s+(\S+)", output)[1]


def handshakes(port: int, *how) -> float:
    output = subprocess.run(["openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-time", "3", *how], capture_output=True,
                            text=True).stdout
    return float(re.findall(r"(\d+) connections in (\d+) real seconds", output)[0][0]) / 3


@trial("TLS beside plain HTTP")
def beside(trial: Trial):
    plain, secure = trial.service(VESTIBULE_THREADS=1), None
    person = trial.person(plain)
    secure = tls_service(trial, VESTIBULE_THREADS=1)
    rates = {}
    for _ in range(2):
        for name, service, scheme in (("plain", plain, "http"), ("TLS 1.3", secure, "https")):
            rate, longest = speed(f"{scheme}://127.0.0.1:{service.port}", person.token)
            if rate > rates.get(name, (0, ""))[0]:
                rates[name] = (rate, longest)
    for name, (rate, longest) in rates.items():
        trial.line(f"{name}: {rate:.0f} authorizations/s on 16 kept connections, p99 {longest}")
    for name, how in (("TLS 1.3", []), ("TLS 1.2", ["-tls1_2"])):
        new, again = (handshakes(secure.port, which, *how) for which in ("-new", "-reuse"))
        trial.line(f"{name}: {new:.0f} new connections/s, {again:.0f} with resumption")
    trial.holds(rates["TLS 1.3"][0] > 0.4 * rates["plain"][0], "TLS costs more than half")


@trial("new certificates under load")
def reload(trial: Trial):
    """Twenty reloads, every other with files that are none, while clients come and stay."""
    service = tls_service(trial)
    names = {name: ssl.PEM_cert_to_DER_cert((TLS / f"{name}.crt").read_text()) for name in ("first", "second")}
    stop, answers, broken = threading.Event(), [], []

    def stay():
        with context().wrap_socket(connect(service)) as connection:
            while not stop.is_set():
                connection.sendall(GET)
                answers.append(answer(connection)[0])

    def come():
        mine = context()
        while not stop.is_set():
            try:
                answers.append(ask(service, mine)[0])
            except OSError as error:
                broken.append(str(error))
    threads = [threading.Thread(target=work) for work in (stay, stay, come, come)]
    for thread in threads:
        thread.start()
    try:
        present = "first"
        for turn in range(20):
            wrong = turn % 2 == 1
            if wrong:
                (trial.folder / "key").write_bytes(
                    (b"", b"nothing", (TLS / f"{'second' if present == 'first' else 'first'}.key").read_bytes())[turn % 3])
            else:
                present = "second" if present == "first" else "first"
                put(trial, present)
            said = service.output().count("reload")
            service.program.send(signal.SIGHUP)
            eventually(lambda: service.output().count("reload") > said, "a word of the reload")
            line = [line for line in service.output().splitlines() if "reload" in line][-1]
            trial.holds(("reload_failed" in line) == wrong, f"reload {turn}: {line}")
            trial.holds(ask(service, context())[3] == names[present], f"reload {turn}: another certificate")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    trial.line(f"20 reloads, 10 of them of files that are none, {len(answers)} requests meanwhile, {len(broken)} broken")
    trial.holds(not broken and set(answers) == {200}, f"{broken[:2]} {set(answers)}")
