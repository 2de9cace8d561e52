"""A stamp comes back as it was signed; nothing else is ever read."""

import base64
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.ids import ALPHABET
from marketplace.registry.stamps.rules import (
    FIRST_DAY,
    LAYOUT,
    WORD,
    Judgement,
    Signature,
    Stamp,
    judge,
    public_key,
    read,
    sign,
)

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY = public_key(SEED)
ONE = Stamp("CN2K1GW5V9", "SPP7J8HWE0", 4, date(2025, 12, 30), date(2028, 12, 30))

CODES = st.text(ALPHABET, min_size=8, max_size=8)
DAYS = st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=0xFFFF))
STAMPS = st.builds(
    Stamp, CODES.map("CN{}".format), CODES.map("SP{}".format), st.integers(3, 5), DAYS, DAYS
)  # fmt: skip
SEEDS = st.binary(min_size=32, max_size=32)


@given(stamp=STAMPS, seed=SEEDS)
def test_what_is_signed_is_read_again(stamp: Stamp, seed: bytes) -> None:
    token = sign(stamp, seed)
    assert (len(token), token) == (120, sign(stamp, seed))
    assert read(token, [public_key(seed)]) == stamp


@given(stamp=STAMPS, seed=SEEDS, other=SEEDS)
def test_nobody_elses_signature_is_read(stamp: Stamp, seed: bytes, other: bytes) -> None:
    keys = {public_key(seed)}
    assert (read(sign(stamp, other), keys) is None) == (seed != other)


def test_every_single_flipped_bit_is_refused() -> None:
    raw = base64.urlsafe_b64decode(sign(ONE, SEED))
    assert len(raw) == 90
    for position in range(len(raw)):
        for bit in range(8):
            spoilt = bytearray(raw)
            spoilt[position] ^= 1 << bit
            assert read(base64.urlsafe_b64encode(spoilt).decode(), [KEY]) is None, (position, bit)


def test_every_single_changed_letter_is_refused() -> None:
    token = sign(ONE, SEED)
    for position, letter in enumerate(token):
        for other in "A-_+/=. \né":
            if other != letter:
                assert read(token[:position] + other + token[position + 1 :], [KEY]) is None, (position, other)


@given(text=st.text() | st.text("ABCabc012-_", min_size=118, max_size=122))
def test_no_text_is_a_stamp(text: str) -> None:
    assert read(text, [KEY]) is None


@pytest.mark.parametrize("spoil", ["", " {}", "{}\n", "{}=", "{}AAAA"])
def test_there_is_one_way_to_write_a_stamp(spoil: str) -> None:
    assert read(spoil.format(sign(ONE, SEED)), [KEY]) is None


def test_labels_stay_good_after_a_change_of_key() -> None:
    old = sign(ONE, SEED)
    assert read(old, [public_key(OTHER)]) is None
    assert read(old, [public_key(OTHER), KEY]) == ONE
    assert sign(ONE, OTHER) != old


def test_a_later_version_is_not_guessed_at() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    facts = LAYOUT.pack(2, b"CN2K1GW5V9", b"SPP7J8HWE0", 4, 1, 2)
    signature = Ed25519PrivateKey.from_private_bytes(SEED).sign(WORD + facts)
    assert read(base64.urlsafe_b64encode(facts + signature).decode(), [KEY]) is None


@pytest.mark.parametrize(
    ("stamp", "complaint"),
    [
        (Stamp("CN1", "SPP7J8HWE0", 4, ONE.issued_on, ONE.expires_on), "10 letters"),
        (Stamp("CN2K1GW5V9", "SPP7J8HWE01", 4, ONE.issued_on, ONE.expires_on), "10 letters"),
        (Stamp("CN2K1GW5V9", "SPP7J8HWE0", 4, date(2017, 12, 31), ONE.expires_on), "days"),
        (Stamp("CN2K1GW5V9", "SPP7J8HWE0", 4, ONE.issued_on, date(2198, 1, 1)), "days"),
    ],
)
def test_what_has_no_room_is_not_signed(stamp: Stamp, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        sign(stamp, SEED)


def test_what_a_signature_is_worth_on_an_address() -> None:
    good, forged = sign(ONE, SEED), sign(ONE, OTHER)
    assert judge(None, {ONE.code}, [KEY]) == Judgement(Signature.ABSENT)
    assert judge(good, {"CN00000000", ONE.code}, [KEY]) == Judgement(Signature.GOOD, ONE)
    assert judge(good, {"CN00000000"}, [KEY]) == Judgement(Signature.BAD)  # copied from another label
    assert judge(good, set(), [KEY]) == Judgement(Signature.BAD)
    assert judge(forged, {ONE.code}, [KEY]) == Judgement(Signature.BAD)
    assert judge("", {ONE.code}, [KEY]) == Judgement(Signature.BAD)
