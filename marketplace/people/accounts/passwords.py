"""Argon2id with 19 MiB, 2 passes, 1 lane (OWASP; ASVS 5.0 appendix C). Never called inside a write block."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from marketplace.people.accounts.rules import password_bytes

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# what a password is compared with where there is no such account, so that the answer takes as long
NOBODYS = hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """The hash to store, its parameters and salt included."""
    return hasher.hash(password_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one's; where nothing is stored it costs the same and is not."""
    try:
        right = hasher.verify(stored or NOBODYS, password_bytes(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return hasher.check_needs_rehash(stored)
