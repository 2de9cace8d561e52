"""A stamp: a certificate's facts in 26 bytes and their Ed25519 signature (RFC 8032), written as base64url.

Version 1 byte, our code 10, the product's code 10, stars 1, issued_on 2, expires_on 2; then the signature, 64. Numbers
are big-endian, days counted from 1 January 2018. The signature covers a fixed word and the 26 bytes. A certificate has
one stamp for each key, since signing is deterministic.

A good signature says that we made the code and what was true then; what the certificate is worth today, the register
says. It cannot tell a label from its photocopy: whoever holds the goods compares product and producer.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from struct import Struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from marketplace.registry.certification.models import Certificate

VERSION = 1
LAYOUT = Struct(">B10s10sBHH")
CODE_LENGTH = 10
FIRST_DAY = date(2018, 1, 1)
WORD = b"ocop-stamp:"  # nothing else that this key might ever sign begins so
WRITTEN = re.compile(r"[A-Za-z0-9_-]{120}")  # 90 bytes exactly, so that there is one way to write a stamp


class Signature(StrEnum):
    """What an address's signature is worth."""

    GOOD = "good"
    BAD = "bad"
    ABSENT = "absent"


@dataclass(frozen=True)
class Stamp:
    """What a label says of its certificate."""

    code: str
    product_code: str
    stars: int
    issued_on: date
    expires_on: date

    @classmethod
    def of(cls, certificate: Certificate) -> "Stamp":
        """The stamp of a certificate (its product loaded)."""
        c = certificate
        return cls(c.code, c.product.code, c.stars, c.issued_on, c.expires_on)


@dataclass(frozen=True)
class Judgement:
    """What a signature is worth; the `stamp` only where it is good."""

    signature: Signature
    stamp: Stamp | None = None


def public_key(seed: bytes) -> bytes:
    """The 32 bytes by which others check what this seed signs."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(stamp: Stamp, seed: bytes) -> str:
    """The stamp and its signature in 120 letters, always the same for a seed; ValueError where it has no room."""
    codes = [code.encode("ascii") for code in (stamp.code, stamp.product_code)]
    if any(len(code) != CODE_LENGTH for code in codes):
        raise ValueError(f"a stamp has room for codes of {CODE_LENGTH} letters")
    days = [(day - FIRST_DAY).days for day in (stamp.issued_on, stamp.expires_on)]
    if not all(0 <= n <= 0xFFFF for n in days):
        raise ValueError("a stamp has room for days from 2018 to 2197")
    facts = LAYOUT.pack(VERSION, *codes, stamp.stars, *days)
    return urlsafe_b64encode(facts + Ed25519PrivateKey.from_private_bytes(seed).sign(WORD + facts)).decode()


def read(token: str, public_keys: Iterable[bytes]) -> Stamp | None:
    """The stamp that one of these keys signed, or None: forged, cut off, or of a version we do not know."""
    if not WRITTEN.fullmatch(token):
        return None
    raw = urlsafe_b64decode(token)
    facts, signature = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if not any(_signed(facts, signature, key) for key in public_keys):
        return None
    version, code, product_code, stars, issued, expires = LAYOUT.unpack(facts)
    if version != VERSION:
        return None
    first, last = (FIRST_DAY + timedelta(days=n) for n in (issued, expires))
    return Stamp(code.decode("ascii"), product_code.decode("ascii"), stars, first, last)


def _signed(facts: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, WORD + facts)
    except InvalidSignature:
        return False
    return True


def judge(token: str | None, codes: Collection[str], public_keys: Iterable[bytes]) -> Judgement:
    """What an address's signature is worth that leads to a certificate with one of these codes; None: there is none.

    A stamp of ours on another certificate's address was copied from its label, and is as bad as none of ours.
    """
    if token is None:
        return Judgement(Signature.ABSENT)
    stamp = read(token, public_keys)
    if stamp is None or stamp.code not in codes:
        return Judgement(Signature.BAD)
    return Judgement(Signature.GOOD, stamp)
