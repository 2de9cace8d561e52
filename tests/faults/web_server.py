"""The web server of `flask serve`, as forks of the test's process: no program starts, and a guard can be taken away."""

import multiprocessing
import os
import signal
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from gunicorn.app.base import BaseApplication

from tests.faults.card_shop import let_go


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """Gunicorn with one application and these settings."""

    def __init__(self, app: Flask, **settings: object) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


@contextmanager
def web_server(app: Flask, *, processes: int = 2, unguarded: Callable[[Flask], None] = lambda _: None) -> Iterator[int]:
    """Serve in so many processes of eight threads; answers the port. `unguarded` is done there before it begins."""
    let_go(app)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
        settings = {"bind": f"fd://{door.fileno()}", "workers": processes, "threads": 8, "loglevel": "warning"}

        def serve() -> None:
            try:
                unguarded(app)
                Server(app, **settings, control_socket_disable=True).run()
            except SystemExit:
                os._exit(0)  # nothing of the parent's is closed twice
            except BaseException:
                traceback.print_exc()
            os._exit(1)

        master = multiprocessing.get_context("fork").Process(target=serve)
        master.start()
        try:
            yield door.getsockname()[1]
        finally:
            os.kill(master.pid or 0, signal.SIGINT)  # at once
            master.join(30)
