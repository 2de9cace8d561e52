"""A shop that takes cards by a peer of Stripe, on a database that several processes share at the real time."""

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from marketplace.app import create_app
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.worker import run_sweep
from tests.databases import new_database, settings_for
from tests.peers.stripe.running import StripePeer

LONG = os.environ.get("FAULT_ROUNDS") == "long"
PATIENCE = 400  # seconds that workers may take


@contextmanager
def card_shop(kind: str, name: str, peer: StripePeer, **changes: Any) -> Iterator[Flask]:
    """The application on an empty database of its own, taking cards at the peer."""
    takes = {"stripe_secret_key": peer.key, "stripe_webhook_secret": peer.webhook_secret, "stripe_api_base": peer.url}
    settings = settings_for(new_database(kind, name), f"{name}-{kind}", **{"queue_path": "", **takes, **changes})
    app = create_app(settings)
    with app.app_context():
        upgrade()
    yield app
    let_go(app)


def let_go(app: Flask) -> None:
    """Leave the database: no connection of this process is open, so that none is shared with a child."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def drain(app: Flask, *topics: str, processes: int = 3) -> None:
    """Have so many workers at once do what is to be done under these topics until nothing is left."""

    def worker(_n: int) -> None:
        until = time.monotonic() + PATIENCE
        while sum(run_sweep(app, topic) for topic in topics) or jobs_left():
            assert time.monotonic() < until, f"{jobs_left()} jobs are left"

    side_by_side(app, worker, processes, processes=processes)


def jobs_left() -> int:
    """Jobs that nobody has finished, whenever they are due."""
    db.session.rollback()
    unfinished = select(func.count()).where(Job.finished_at.is_(None), Job.failed_at.is_(None))
    return db.session.scalar(unfinished) or 0


def side_by_side(app: Flask, work: Callable[[int], Any], times: int, *, processes: int = 2) -> list[Any]:
    """`work(0) … work(times - 1)` by so many forks of this process; what they answered, in that order."""
    let_go(app)
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe(duplex=False) for _ in range(processes)]

    def child(n: int) -> None:
        try:
            with app.app_context():
                db.engine.dispose(close=False)
                pipes[n][1].send([work(i) for i in range(n, times, processes)])
        except Exception:
            traceback.print_exc()  # the parent shows it where the test fails
            os._exit(1)
        os._exit(0)  # nothing of the parent's is closed twice

    children = [context.Process(target=child, args=(n,)) for n in range(processes)]
    for process in children:
        process.start()
    answers = []
    for process, (source, _) in zip(children, pipes, strict=True):
        while not source.poll(0.1):
            assert process.is_alive() or source.poll(), f"a child ended with {process.exitcode}"
        answers.append(source.recv())
        process.join()
    return [answers[i % processes][i // processes] for i in range(times)]
