"""Choosing the engine that a setting names."""

from pathlib import Path

from flask import Flask

from config import BadSetting, Settings
from marketplace.shop.search.whoosh_engine import WhooshEngine


def init_search(app: Flask, settings: Settings) -> None:
    """Attach the engine of SEARCH_URL: `whoosh:FOLDER`."""
    kind, _, place = settings.search_url.partition(":")
    if kind != "whoosh" or not place:
        raise BadSetting("SEARCH_URL must read whoosh:FOLDER")
    app.extensions["search"] = WhooshEngine(Path(place))
