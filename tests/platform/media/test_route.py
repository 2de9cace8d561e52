"""The addresses of pictures: kept for ever, of the right type, and nothing else of the store."""

import pytest
from flask import Flask

from marketplace.platform.media.intake import keep, take_in
from marketplace.platform.media.rules import file_name, master_name
from marketplace.platform.media.stores import media_store
from tests.conftest import Client
from tests.platform.media.drawing import photo, saved

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def test_a_picture_is_handed_out(app: Flask, client: Client) -> None:
    made = take_in(saved(photo(700, 700)))
    keep(made, media_store())
    for size, kind, mime in ((320, "avif", "image/avif"), (640, "webp", "image/webp"), (640, "jpg", "image/jpeg")):
        name = file_name(made.name, size, kind)
        answer = client.get(f"/media/{name}")
        assert (answer.status_code, answer.mimetype, answer.data) == (200, mime, made.files[name])
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    for path in (
        master_name(made.name),
        f"pictures/{made.name}/1280.webp",
        f"pictures/{made.name}/..%2f..%2f{master_name(made.name)}",
        f"pictures/{made.name}/../../{master_name(made.name)}",
        "..%2f..%2fconfig.py",
        "%2fetc/passwd",
        "pictures",
    ):
        answer = client.get(f"/media/{path}", follow_redirects=True)
        assert answer.status_code == 404, path
        assert answer.headers["Cache-Control"] == "private, no-store"
