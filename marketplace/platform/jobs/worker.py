"""The worker: Huey wakes it after each commit that left work, and every minute in any case.

What is to be done stands in our own rows; a message in Huey's queue is only a nudge, and losing one costs a minute.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab

from config import Settings
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import on_commit
from marketplace.platform.core.log import log

Sweep = Callable[[datetime], int]


def init_queue(app: Flask, settings: Settings) -> None:
    """Attach the queue, embedded or on Redis, and nudge the worker after commits. No queue path: no nudges."""
    app.extensions["sweeps"] = {}
    if not settings.queue_path and not settings.redis_url:
        return
    queue = _queue(settings)
    app.extensions["queue"] = queue

    @queue.task()  # type: ignore[untyped-decorator] # Huey carries no types
    def sweep(topic: str) -> None:
        run_sweep(app, topic)

    @queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator] # Huey carries no types
    def every_minute() -> None:
        for topic in app.extensions["sweeps"]:
            run_sweep(app, topic)

    on_commit(app, lambda topic: _nudge(sweep, topic))


def on_topic(app: Flask, topic: str, sweep: Sweep) -> None:
    """Have the worker call `sweep(now)` when a block announced `topic`, and every minute."""
    app.extensions["sweeps"][topic] = sweep


def run_sweep(app: Flask, topic: str) -> int:
    """Do what is due under one topic; answers how many things were done. A failure is logged and tried again."""
    with app.app_context():
        try:
            done: int = app.extensions["sweeps"][topic](now())
        except Exception as error:
            log.exception("sweep failed", topic=topic, error=repr(error))
            return 0
        if done:
            log.info("sweep", topic=topic, done=done)
        return done


def work(app: Flask) -> None:
    """Be the worker until told to stop: first everything that waits, then as nudged."""
    for topic in app.extensions["sweeps"]:
        run_sweep(app, topic)
    queue: Huey = app.extensions["queue"]
    consumer = queue.create_consumer(workers=2, worker_type="thread", initial_delay=0.05, max_delay=0.5, backoff=1.3)
    consumer.run()


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("marketplace", url=settings.redis_url, results=False)
    Path(settings.queue_path).parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("marketplace", filename=settings.queue_path, results=False, fsync=False)


def _nudge(sweep: Any, topic: str) -> None:
    """A queue that cannot be reached must not fail the request: the rows are committed, the minute comes."""
    try:
        sweep(topic)
    except Exception as error:
        log.warning("worker not nudged", topic=topic, error=repr(error))
