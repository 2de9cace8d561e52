"""The marketplace on generated goods, and the bare page, as real servers on loopback."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import ROOT

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "8", "--no-control-socket"]
GUNICORN += ["--keep-alive", "75", "--log-level", "error"]


class Server:
    """A gunicorn of one worker process, with one kept-alive connection to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """One request; the answer's status and body."""
        self.connection.request("GET", path, headers=dict(headers or {}))
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def cpu_seconds(self) -> float:
        """User and system time that the server's processes have used so far."""
        main = str(self.process.pid)
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        ticks = 0
        for pid in (main, *children):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """`application` (module:name) served while the block runs."""
    port = free_port()
    command = [*GUNICORN, "--bind", f"127.0.0.1:{port}", application]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environment), stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def prepare(folder: Path, database_url: str, products: int, seed: int) -> tuple[dict[str, str], float]:
    """A migrated database with generated goods and their index; its environment, and the seconds it took."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "MARKETPLACE_ENV": "development",
        "DATABASE_URL": database_url,
        "SEARCH_URL": f"whoosh:{folder / 'search'}",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "QUEUE_PATH": str(folder / "queue.sqlite3"),
        "ATTEMPT_LIMITS": "0",
    }
    started = time.perf_counter()
    for command in (
        ["db", "upgrade"],
        ["demo", "load"],
        ["demo", "generate", "--products", str(products), "--seed", str(seed)],
    ):
        subprocess.run([*FLASK, *command], cwd=ROOT, env=os.environ | environment, check=True, capture_output=True)
    return environment, time.perf_counter() - started


def cards_of(server: Server, folder: Path) -> dict[str, str]:
    """The environment of the bare page: the first 24 cards of the shop, kept in a file."""
    _, body = server.get("/api/v1/products")
    file = folder / "cards.json"
    file.write_text(json.dumps(json.loads(body)["items"]))
    return {"BARE_CARDS": str(file)}
