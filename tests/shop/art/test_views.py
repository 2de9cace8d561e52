"""The drawings' addresses."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.platform.core.access import PUBLIC
from marketplace.shop.art.views import bp


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.register_blueprint(bp)
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/art/I.5.a/3.svg", "/art/I.3.b/mien-3.svg", "/art/icons/VI.1.svg", "/art/stall.svg", "/art/village.svg"]
)
def test_a_drawing_may_be_kept_for_ever(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.text.startswith("<svg ")


@pytest.mark.parametrize("path", ["/art/I.9/3.svg", "/art/icons/X.svg", "/art/I.5.a/3.png"])
def test_what_is_not_a_set_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_address_is_said_to_be_public(client: FlaskClient) -> None:
    views = [view for name, view in client.application.view_functions.items() if name.startswith("art.")]

    assert len(views) == 4
    assert all(getattr(view, "permission", None) is PUBLIC for view in views)
