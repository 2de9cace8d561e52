"""A person's device: what it computes, as the application on a telephone does."""

import re
from base64 import b32decode
from datetime import datetime

from flask import Flask

from marketplace.people.accounts.models import User
from marketplace.people.second_factor.queries import find_factor
from marketplace.people.second_factor.rules import code_at, step_of, unseal
from marketplace.people.second_factor.services import Proof, confirm_factor, start_factor
from marketplace.platform.core.db import transaction
from tests.conftest import Client

SHOWN = re.compile(r'<code class="code-long">([A-Z2-7 ]{39})</code>')


def device_code(page: str, at: datetime) -> str:
    """The code at an instant of the secret that an enrolling page shows."""
    found = SHOWN.search(page)
    assert found is not None
    return code_at(b32decode(found.group(1).replace(" ", "")), step_of(at))


def key_of(app: Flask) -> bytes:
    """What this application keeps secrets under."""
    key: bytes = app.config["SETTINGS"].second_factor_key
    return key


def code_of(app: Flask, user: User, at: datetime) -> str:
    """The code of a person's device at an instant."""
    factor = find_factor(user.id)
    assert factor is not None
    return code_at(unseal(factor.secret, key=key_of(app)), step_of(at))


def turn_on(app: Flask, user: User, *, at: datetime) -> list[str]:
    """Give a person a device, as of `at`; answers the codes on paper."""
    key = key_of(app)
    with transaction():
        start_factor(proof=Proof(), key=key, by=user.actor(), at=at)
    with transaction():
        return confirm_factor(typed=code_of(app, user, at), keep="", key=key, by=user.actor(), at=at)


def paper_codes(page: str) -> list[str]:
    """The codes for paper that a page shows."""
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)


def whoami(client: Client) -> int:
    """What a signed-in person's page answers."""
    return client.get("/account/profile").status_code
