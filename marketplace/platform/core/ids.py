"""Public identifiers: codes and slugs, never row numbers."""

import secrets
from collections.abc import Callable
from hashlib import sha256

from marketplace.platform.core.folding import slugify

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U, so that a code can be read aloud
ROUTE_WORDS = frozenset({"new", "sent"})  # stand in addresses where a slug may: nothing is called so


def random_code(length: int) -> str:
    """A code of `length` letters and digits, 5 bits of chance each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(typed: str) -> str:
    """What a person meant who typed a code: upper case, O as 0, I and L as 1, spaces gone."""
    return "".join(typed.split()).upper().translate(str.maketrans("OIL", "011"))


def new_token() -> str:
    """A secret of 256 bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a secret token."""
    return sha256(token.encode()).hexdigest()


def free_slug(name: str, taken: Callable[[str], bool]) -> str:
    """The name's slug, with -2, -3 … where it is taken, by another or by a page of ours."""
    base = slugify(name)
    slug, n = base, 1
    while slug in ROUTE_WORDS or taken(slug):
        n += 1
        slug = f"{base}-{n}"
    return slug
