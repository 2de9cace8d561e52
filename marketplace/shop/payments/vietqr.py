"""VietQR: what a bank's app reads to fill in a transfer. Pure, offline; nobody is asked and no contract is needed.

An EMVCo payload (merchant-presented mode) as NAPAS lays it down for transfers to an account, spec of 5/10/2022: fields
of a two-digit name, a two-digit length and a value, closed by a CRC-16 over everything before it.
"""

import io
import re
from binascii import crc_hqx
from dataclasses import dataclass

import segno

from config import BankAccount
from marketplace.platform.core.folding import bare
from marketplace.platform.core.money import Money

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG, VIETNAM = "704", "VN"
ONE_USE = "12"  # with an amount in it; 11 is a code to be used again
LONGEST_NOTE = 25  # field 62-08
QUIET_ZONE = 4  # modules


class BadPayload(ValueError):
    """Not a payload: cut short, or its CRC is of another text."""


@dataclass(frozen=True)
class Asks:
    """What a payload asks for. `amount` and `note` are empty where the payer fills them in."""

    bank: str
    account: str
    amount: Money | None = None
    note: str = ""


def payload(asks: Asks) -> str:
    """The text of the QR code. The note is written without marks, letters, digits and spaces only, 25 at most."""
    note = plain(asks.note)
    fields = [
        ("00", "01"),
        ("01", ONE_USE if asks.amount else "11"),
        ("38", _field("00", NAPAS) + _field("01", _field("00", asks.bank) + _field("01", asks.account)) + SERVICE),
        ("53", DONG),
        ("54", str(asks.amount.amount) if asks.amount else ""),
        ("58", VIETNAM),
        ("62", _field("08", note) if note else ""),
    ]
    text = "".join(_field(name, value) for name, value in fields if value) + "6304"
    return text + _crc(text)


def read_payload(text: str) -> Asks:
    """What a payload asks for; raises BadPayload where the CRC does not hold or a field is cut short."""
    if len(text) < 8 or text[-8:-4] != "6304" or _crc(text[:-4]) != text[-4:].upper():
        raise BadPayload
    fields = _fields(text[:-8])
    to = _fields(_fields(fields["38"])["01"])
    amount = fields.get("54", "")
    return Asks(to["00"], to["01"], Money(int(amount)) if amount else None, _fields(fields.get("62", "")).get("08", ""))


def plain(note: str) -> str:
    """A note as every bank carries it."""
    letters = bare(note).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9 ]", " ", letters).split())[:LONGEST_NOTE].strip()


def picture(account: BankAccount, amount: Money, note: str) -> str:
    """The QR code as SVG, black on white in any theme."""
    held = io.BytesIO()
    code = segno.make_qr(payload(Asks(account.bank, account.number, amount, note)), error="m", boost_error=False)
    code.save(held, kind="svg", border=QUIET_ZONE, scale=1, light="#fff", omitsize=True, xmldecl=False, nl=False)
    return held.getvalue().decode()


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"


SERVICE = _field("02", TO_ACCOUNT)


def _fields(text: str) -> dict[str, str]:
    found = {}
    while text:
        name, length, rest = text[:2], text[2:4], text[4:]
        if not (length.isascii() and length.isdecimal()) or len(rest) < int(length):
            raise BadPayload
        found[name], text = rest[: int(length)], rest[int(length) :]
    return found


def _crc(text: str) -> str:
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"
