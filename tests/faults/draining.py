"""A worker that ends when nothing is left: `python -m tests.faults.draining TOPIC …`, as many at once as one likes."""

import sys
import time

from flask import Flask
from sqlalchemy import func, select

from config import Settings
from marketplace.app import create_app
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.worker import run_sweep

PATIENCE = 400  # seconds


def left(app: Flask) -> int:
    """Jobs that nobody has finished, whenever they are due."""
    with app.app_context():
        unfinished = select(func.count()).where(Job.finished_at.is_(None), Job.failed_at.is_(None))
        return db.session.scalar(unfinished) or 0


def drain(app: Flask, topics: list[str]) -> None:
    """Do what is to be done under these topics until nothing is, by this process or by another."""
    until = time.monotonic() + PATIENCE
    while sum(run_sweep(app, topic) for topic in topics) or left(app):
        if time.monotonic() > until:
            raise SystemExit(f"{left(app)} jobs are left")


if __name__ == "__main__":
    drain(create_app(Settings.from_environment()), sys.argv[1:])
