"""The application, put together: platform, rooms, faces."""

from flask import Flask
from flask_migrate import Migrate

from config import ROOT, Settings
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, init_db
from marketplace.platform.web.glue import init_web


def create_app(settings: Settings | None = None) -> Flask:
    """An application for `settings` (the environment's when None). No table is read or written here."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "marketplace",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_mapping(settings.flask_config())
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    init_web(app, settings, identify=lambda: GUEST)
    return app
