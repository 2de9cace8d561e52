"""`flask serve`: the web server and the worker together, and in development play money to pay with."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask_migrate import upgrade

from config import ROOT, Settings, environment_with
from marketplace.faces.cli.demo.loading import PASSWORD, is_empty, load_demo
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db
from marketplace.shop.search.jobs import rebuild

PLAY_KEY, PLAY_SECRET = "sk_test_play_money", "whsec_play_money"
PLAY_DESK = ROOT / "tests" / "peers" / "stripe"
PLAY_ACCOUNT = "999999:0000000000:TAI KHOAN CHAY THU"  # 999999 is no bank, so that no app sends anything there


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web server processes.")
@click.option("--prepare", is_flag=True, help="First upgrade the database, and load the demonstration if it is empty.")
def serve(host: str, port: int, workers: int, prepare: bool) -> None:
    """Start the web server and the worker; when one stops, stop the other."""
    if prepare:
        upgrade()
        if is_empty():
            load_and_tell()
        db.engine.dispose()
    signal.signal(signal.SIGTERM, _stop)
    with play_money(current_app.config["SETTINGS"], host, port) as given:
        _run_both(host, port, workers, environment_with({"SITE_URL": f"http://{host}:{port}", **given}))


def load_and_tell() -> None:
    """Load the demonstration into the empty database, and say what it holds."""
    producers, listings = load_demo(at=now())
    rebuild(now())
    click.echo(f"{producers} producers and {listings} listings loaded; every account's password is {PASSWORD}")


@contextmanager
def play_money(settings: Settings, host: str, port: int) -> Iterator[Mapping[str, str]]:
    """Settings by which a visitor can pay with cards and transfers that move nothing; none outside development.

    The cards are taken by the tests' peer of Stripe in a process of its own, which remembers across starts.
    """
    if settings.environment != "development" or settings.stripe_secret_key or not PLAY_DESK.is_dir():
        yield {}
        return
    memory = Path(settings.queue_path).with_name("play-money.sqlite3")
    memory.parent.mkdir(parents=True, exist_ok=True)
    desk = [sys.executable, "-m", "tests.peers.stripe", "--with-parent", "--port", str(_free(port + 1))]
    desk += ["--key", PLAY_KEY, "--webhook-secret", PLAY_SECRET, "--store", str(memory)]
    desk += ["--webhook-url", f"http://{host}:{port}/payments/stripe/webhook"]
    process = subprocess.Popen(desk, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    try:
        given = {"STRIPE_SECRET_KEY": PLAY_KEY, "STRIPE_WEBHOOK_SECRET": PLAY_SECRET, "BANK_ACCOUNT": PLAY_ACCOUNT}
        yield given | {"STRIPE_API_BASE": process.stdout.readline().strip() if process.stdout else ""}
    finally:
        process.kill()
        process.wait(timeout=10)


def _free(port: int) -> int:
    """This port of ours if nobody has it, else any (0): a payment page keeps its address where that can be."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _run_both(host: str, port: int, workers: int, environment: Mapping[str, str]) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    web = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--workers", str(workers), "--threads", "8"]
    web += ["--no-control-socket", "--log-level", "warning", "wsgi:app"]
    running = [subprocess.Popen(each, env=environment) for each in ([*flask, "worker"], web)]  # noqa: S603 - our own programs
    click.echo(f"The marketplace is open: http://{host}:{port} (Ctrl+C closes it)")
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.2)
        raise click.ClickException("the web server or the worker stopped; see above")
    except (KeyboardInterrupt, SystemExit):
        click.echo("Closing …")
    finally:
        for process in running:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)
        for process in running:
            process.wait(timeout=30)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit
