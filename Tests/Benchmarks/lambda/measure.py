"""From the start of the Lambda package, unpacked into an empty root, to its first decision.

The event waits already, as it does in a cold start; the token is new and the issuer's keys are fetched over loopback.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.gateway_events import event  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.lambda_api import RuntimeAPI  # noqa: E402
from harness.lambda_package import Package, is_possible  # noqa: E402
from harness.service import issuer_environment  # noqa: E402

ROUNDS, LIMIT = 15, 0.060


def main() -> int:
    if not is_possible():
        print("not measured: an empty root needs root")
        return 0
    host = IssuerHost()
    okta = host.issuer(OKTA)
    seen = []
    with tempfile.TemporaryDirectory() as folder:
        package = Package(Path(folder))
        for _ in range(ROUNDS):
            api = RuntimeAPI()
            token = event("rest_request", okta.token("ada@example.com"))
            begun = time.monotonic()
            program = package.start(api, **issuer_environment(okta))
            kind, answer, _ = api.invoke(token)
            assert kind == "response" and answer["policyDocument"], answer
            seen.append(api.answered - begun)
            program.process.kill()
            program.process.wait()
            api.close()
        size = package.zip.stat().st_size / 1e6
    host.close()
    median = statistics.median(seen)
    print("| what | ours | reference | ratio | limit |\n|---|---|---|---|---|")
    print(f"| Lambda package, start to first decision (best {min(seen) * 1000:.0f} ms; zip {size:.0f} MB) | "
          f"{median * 1000:.0f} ms | | | {LIMIT * 1000:.0f} ms |")
    return 1 if median > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
