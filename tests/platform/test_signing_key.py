"""SIGNING_KEY and SIGNING_KEYS_BEFORE: what a process starts with, and what it refuses."""

import base64

import pytest

from config import DEVELOPMENT_SECRET, BadSetting, Settings
from marketplace.registry.stamps.rules import public_key

SEED = bytes(range(100, 132))
PRODUCTION = {"MARKETPLACE_ENV": "production", "SECRET_KEY": "0123456789abcdef0123456789abcdef"}


@pytest.mark.parametrize(
    "written",
    [
        SEED.hex(),
        SEED.hex().upper(),
        base64.b64encode(SEED).decode(),
        base64.urlsafe_b64encode(SEED).decode().rstrip("="),
        f" {base64.b64encode(SEED).decode()} ",
    ],
)
def test_every_way_to_write_the_same_key(written: str) -> None:
    assert Settings.from_environment({**PRODUCTION, "SIGNING_KEY": written}).signing_seed == SEED


def test_without_one_it_comes_of_the_secret_key_outside_production() -> None:
    one, two = (Settings.from_environment({"SECRET_KEY": secret}).signing_seed for secret in ("a" * 32, "b" * 32))
    assert len(one) == len(two) == 32
    assert one != two
    assert one == Settings.from_environment({"SECRET_KEY": "a" * 32}).signing_seed


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "SIGNING_KEY must be set in production"),
        ("abc", "SIGNING_KEY must be 32 bytes"),
        (SEED.hex()[:-2], "SIGNING_KEY must be 32 bytes"),
        ("zz" * 32, "SIGNING_KEY must be 32 bytes"),
        ("!" + base64.b64encode(SEED).decode()[1:], "SIGNING_KEY must be 32 bytes"),
        (base64.b64encode(SEED * 2).decode(), "SIGNING_KEY must be 32 bytes"),
        ("00" * 32, "SIGNING_KEY must be random"),
        ("0123456789abcdef" * 4, "SIGNING_KEY must be random"),
        (Settings(secret_key=DEVELOPMENT_SECRET).signing_seed.hex(), "SIGNING_KEY must be random"),
    ],
)
def test_production_refuses_to_start(written: str, complaint: str) -> None:
    with pytest.raises(BadSetting, match=complaint):
        Settings.from_environment({**PRODUCTION, "SIGNING_KEY": written})


def test_keys_of_before() -> None:
    one, two = public_key(SEED), public_key(SEED[::-1])
    before = f"{base64.b64encode(one).decode()}, {two.hex()},"
    given = {**PRODUCTION, "SIGNING_KEY": SEED.hex(), "SIGNING_KEYS_BEFORE": before}
    assert Settings.from_environment(given).signing_keys_before == (one, two)
    assert Settings.from_environment({}).signing_keys_before == ()
    with pytest.raises(BadSetting, match="SIGNING_KEYS_BEFORE must be 32 bytes"):
        Settings.from_environment({**given, "SIGNING_KEYS_BEFORE": "abc"})


def test_the_key_of_development_is_never_trusted_in_production() -> None:
    everybodys = public_key(Settings().signing_seed).hex()
    assert Settings.from_environment({"SIGNING_KEYS_BEFORE": everybodys}).signing_keys_before
    with pytest.raises(BadSetting, match="anybody can sign"):
        Settings.from_environment({**PRODUCTION, "SIGNING_KEY": SEED.hex(), "SIGNING_KEYS_BEFORE": everybodys})
