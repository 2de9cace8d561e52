"""The shop's web application on a clock that the test moves: `CLOCK_FILE` holds an instant, or nothing."""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from wsgi import app as shop

CLOCK = Path(os.environ["CLOCK_FILE"])


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request as of the instant that the file names."""
    written = CLOCK.read_text() if CLOCK.exists() else ""
    if not written:
        return shop(environ, start_response)
    with time_machine.travel(datetime.fromisoformat(written), tick=True):
        return shop(environ, start_response)
