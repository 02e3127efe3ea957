"""What the machine itself adds to a delay that is measured, and the shares of what was."""

import threading
import time


class Delays:
    """How late this machine wakes a thread that sleeps for a millisecond, meanwhile."""

    def __enter__(self):
        self._end = threading.Event()
        self.seen = []

        def watch():
            while not self._end.is_set():
                began = time.monotonic()
                time.sleep(0.001)
                self.seen.append(time.monotonic() - began - 0.001)

        self._thread = threading.Thread(target=watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


def quantile(values: list, share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
