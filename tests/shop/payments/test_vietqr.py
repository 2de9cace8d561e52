"""VietQR payloads: those published elsewhere come out the same, and whatever is written is read again.

The payloads are from the README of duyquoc1508/napas-qr (AC13), of sunary/vietqr (BE74), and from a public shop (CE4C).
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import BadSetting, BankAccount, Settings
from marketplace.platform.core.money import Money
from marketplace.shop.payments.providers.transfer import BankTransfer
from marketplace.shop.payments.vietqr import Asks, BadPayload, payload, picture, plain, read_payload

NAPAS_QR = (
    "00020101021238530010A0000007270123000697041601092245284790208QRIBFTTA5303704540510000"
    "5802VN62340107NPS68690819TRANSFER TO SOMEONE6304AC13"
)
SUNARY = (
    "00020101021138510010A00000072701210006970407010797968680208QRIBFTTA5303704"
    "5802VN62240820gen by sunary/vietqr6304BE74"
)
SHOP = (
    "00020101021238570010A000000727012700069704220113VQRQACLNP26800208QRIBFTTA530370454061000005802VN"
    "62270823Thanh toan don hang ABC6304CE4C"
)
SHOP_ASKS = Asks("970422", "VQRQACLNP2680", Money(100_000), "Thanh toan don hang ABC")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (NAPAS_QR, Asks("970416", "224528479", Money(10_000), "TRANSFER TO SOMEONE")),
        (SUNARY, Asks("970407", "9796868", None, "gen by sunary/vietqr")),
        (SHOP, SHOP_ASKS),
    ],
)
def test_published_payloads_are_read(text: str, asks: Asks) -> None:
    assert read_payload(text) == asks


def test_a_published_payload_is_written_to_the_letter() -> None:
    assert payload(SHOP_ASKS) == SHOP


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z]{4,19}", fullmatch=True),
    st.integers(1, 10**12),
    st.text(max_size=60),
)
def test_what_is_written_is_read_again(bank: str, account: str, amount: int, note: str) -> None:
    text = payload(Asks(bank, account, Money(amount), note))
    assert text.isascii()
    assert read_payload(text) == Asks(bank, account, Money(amount), plain(note))
    assert re.fullmatch(r"[A-Za-z0-9 ]{0,25}", plain(note))


@given(st.integers(0, len(SHOP) - 1), st.characters(min_codepoint=48, max_codepoint=90))
def test_one_letter_changed_is_seen(place: int, letter: str) -> None:
    changed = SHOP[:place] + letter + SHOP[place + 1 :]
    if changed != SHOP:
        with pytest.raises(BadPayload):
            read_payload(changed)


@pytest.mark.parametrize("text", ["", "6304", "000299" + "6304" + "0000", SHOP[:-1]])
def test_no_payload(text: str) -> None:
    with pytest.raises(BadPayload):
        read_payload(text)


def test_a_field_cut_short_is_no_payload() -> None:
    with pytest.raises(BadPayload):
        read_payload("0005016304B3A2")
    with pytest.raises(BadPayload):
        read_payload("00xx0163046C4E")


def test_a_note_without_marks() -> None:
    assert plain("Trả tiền đơn ĐẶNG: 2611-ABC123, cảm ơn nhiều") == "Tra tien don DANG 2611 AB"
    assert read_payload(payload(Asks("970422", "123456", Money(1)))).note == ""


def test_the_picture() -> None:
    svg = picture(BankAccount("970422", "123456789", "CHO PHIEN"), Money(100_000), "2611ABC123")
    assert svg.startswith("<svg")
    assert 'fill="#fff"' in svg


def test_the_account_in_the_settings() -> None:
    account = Settings.from_environment({"BANK_ACCOUNT": "970422: 0011 :CHO PHIEN"}).bank_account
    assert account == BankAccount("970422", "0011", "CHO PHIEN")
    assert Settings.from_environment({}).bank_account is None
    assert BankTransfer(account).offers(Money(1)) is True


FEED = {
    "BANK_ACCOUNT": "970422:0011:A",
    "BANK_FEED_URL": "https://feed.example",
    "BANK_FEED_SECRET": "s" * 16,
    "BANK_FEED_TOKEN": "t",
}


@pytest.mark.parametrize(
    ("given_", "complaint"),
    [
        ({"BANK_ACCOUNT": "97042:0011:A"}, "the BIN is six digits"),
        ({"BANK_ACCOUNT": "970422"}, "the number is 4 to 19"),
        ({"BANK_ACCOUNT": "970422:00-11:A"}, "the number is 4 to 19"),
        ({"BANK_ACCOUNT": "970422:0011: "}, "the name is missing"),
        ({**FEED, "BANK_ACCOUNT": ""}, "BANK_ACCOUNT must be set"),
        ({**FEED, "BANK_FEED_SECRET": "short"}, "BANK_FEED_SECRET"),
        ({**FEED, "BANK_FEED_TOKEN": ""}, "BANK_FEED_TOKEN"),
        ({**FEED, "BANK_FEED_URL": "ftp://feed.example"}, "BANK_FEED_URL"),
    ],
)
def test_bad_ones_stop_the_start(given_: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadSetting, match=complaint):
        Settings.from_environment(given_)


def test_a_whole_feed() -> None:
    assert Settings.from_environment(FEED).bank_feed_url == "https://feed.example"
