"""Faults for calls of the API, asked for by control; they last as long as the process."""

import re
import threading
from dataclasses import dataclass

KINDS = {
    "rate_limited": "429 with Retry-After (seconds); nothing is done",
    "unavailable": "503 before the API is reached; nothing is done, no key is remembered",
    "reset_before": "the connection is cut; nothing is done",
    "hang": "no answer (for seconds); nothing is done",
    "slow": "the call waits (seconds), then goes its way; its key is in use meanwhile",
    "error_before": "500; nothing is done, the key remembers the 500",
    "error_after": "500 although the call was done; the key remembers the 500",
    "reset_after": "the connection is cut after the call was done; the key remembers the good answer",
    "hang_after": "no answer (for seconds) although the call was done; the key remembers the good answer",
}


@dataclass
class Fault:
    """One kind of fault for the next `times` calls whose method and path match."""

    kind: str
    path: str = ".*"
    method: str = ""
    times: int = 1
    seconds: float = 1.0


class Faults:
    """The faults to come, first asked first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._to_come: list[Fault] = []
        self._calm = threading.Event()
        self.waiting = 0  # calls that hang or are slow now

    def add(self, fault: Fault) -> None:
        """Ask for a fault of one of the KINDS."""
        with self._lock:
            self._to_come.append(fault)

    def clear(self) -> None:
        """No more faults; the calls that hang are let go."""
        with self._lock:
            self._to_come.clear()
            self._calm.set()
            self._calm = threading.Event()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this call, used up once."""
        with self._lock:
            for fault in self._to_come:
                if fault.method in ("", method) and re.fullmatch(fault.path, path):
                    fault.times -= 1
                    if not fault.times:
                        self._to_come.remove(fault)
                    return fault
        return None

    def wait(self, seconds: float) -> None:
        """Sleep, at most until the faults are cleared."""
        with self._lock:
            calm = self._calm
            self.waiting += 1
        calm.wait(seconds)
        with self._lock:
            self.waiting -= 1
