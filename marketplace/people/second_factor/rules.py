"""Codes: which step of time a typed one belongs to, what is kept of one on paper, how a secret is kept."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from marketplace.platform.core.ids import random_code, read_code

STEP = 30  # seconds
DRIFT = 1  # steps that a device's clock may be off
SECRET_BYTES = 20  # RFC 4226, 4: 160 bits
DIGITS = 6
PAPER_CODES = 10
PAPER_LETTERS = 10  # 50 bits each


def new_secret() -> bytes:
    """A secret for one device."""
    return secrets.token_bytes(SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """The secret as a person types it into a device that reads no picture, in groups of four."""
    plain = b32encode(secret).decode()
    return " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def device_address(secret: bytes, *, account: str, site: str) -> str:
    """The `otpauth:` address that a device reads from the QR picture."""
    return _codes(secret).get_provisioning_uri(account, site)


def step_of(at: datetime) -> int:
    """The number of the step of time in which `at` lies."""
    return int(at.timestamp()) // STEP


def code_at(secret: bytes, step: int) -> str:
    """The code of one step."""
    return _codes(secret).generate(step * STEP).decode()


def matching_step(secret: bytes, typed: str, *, at: datetime) -> int | None:
    """The step whose code was typed, one before or after now at most; None where it is none of theirs.

    Every candidate is compared, and in constant time, so that how long it takes tells nothing.
    """
    given, found = "".join(typed.split()), None
    for step in range(step_of(at) - DRIFT, step_of(at) + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), given.encode()):
            found = step
    return found


def new_paper_codes() -> list[str]:
    """Ten codes to be kept on paper, `ABCDE-FGHJK`."""
    codes = [random_code(PAPER_LETTERS) for _ in range(PAPER_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def paper_hash(typed: str, *, key: bytes) -> str:
    """What is kept of a code on paper, however it is typed: keyed, so that a stolen table alone tells none."""
    return hmac.new(key, read_code(typed).replace("-", "").encode(), sha256).hexdigest()


def seal(secret: bytes, *, key: bytes) -> str:
    """The secret as the database keeps it."""
    return Fernet(key).encrypt(secret).decode()


def unseal(kept: str, *, key: bytes) -> bytes:
    """The secret again."""
    return Fernet(key).decrypt(kept.encode())


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - what every device's application computes
