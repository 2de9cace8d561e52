"""Security keys (W3C Web Authentication): what a browser is asked for, and whether what it brings is right.

Nothing is kept of a challenge that was handed out: it carries the house's own seal, for one person and purpose,
and is written down once it was used.
"""

import hmac
import ipaddress
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LASTS = timedelta(minutes=10)
NONCE, INSTANT, SEAL = 16, 8, 32  # bytes of a challenge's three parts
MOST_SAID = 16_384  # letters of what a browser brings


class NotThisKey(ValueError):
    """What the browser brought is none of ours: another site's, altered, too late, or not to be read at all."""


class Purpose(StrEnum):
    """What a touch of a key is for; one asked for the one is not taken for the other."""

    ADD = "add"
    STEP = "step"
    OWN = "own"


@dataclass(frozen=True)
class Site:
    """What a key is bound to: the name and the origin of this site."""

    host: str
    origin: str
    name: str

    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(id=self.host, name=self.name)
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


@dataclass(frozen=True)
class Touched:
    """A key that answered: its credential, how often it has signed, and what it was asked."""

    credential: bytes
    sign_count: int
    challenge: bytes


def site_at(address: str, name: str) -> Site | None:
    """The site at a web address; None where that names a number: keys are bound to names (WebAuthn, 5.1.3)."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc}", name)
    return None


def credential_hash(credential: bytes) -> str:
    """What a credential is found by: its identifier alone, hashed."""
    return sha256(AttestedCredentialData(credential).credential_id).hexdigest()


def make_challenge(purpose: Purpose, person: str, *, key: bytes, at: datetime) -> bytes:
    """A challenge for one person and purpose, good for ten minutes."""
    head = secrets.token_bytes(NONCE) + int(at.timestamp()).to_bytes(INSTANT)
    return head + _seal(head, purpose, person, key)


def check_challenge(challenge: bytes, purpose: Purpose, person: str, *, key: bytes, at: datetime) -> None:
    """Raises NotThisKey unless this house handed it out for this, within ten minutes."""
    head, seal = challenge[: NONCE + INSTANT], challenge[NONCE + INSTANT :]
    if not hmac.compare_digest(seal, _seal(head, purpose, person, key)):
        raise NotThisKey
    age = at.timestamp() - int.from_bytes(head[NONCE:])
    if age > LASTS.total_seconds():
        raise NotThisKey


def _seal(head: bytes, purpose: Purpose, person: str, key: bytes) -> bytes:
    return hmac.new(key, b"\0".join((purpose.encode(), person.encode(), head)), sha256).digest()


def options_of_new(
    site: Site, *, challenge: bytes, person: str, account: str, known: Sequence[bytes]
) -> dict[str, Any]:
    """What `navigator.credentials.create` takes; a key of `known` says that it is there already."""
    asked, _ = site.server().register_begin(
        PublicKeyCredentialUserEntity(id=person.encode(), name=account, display_name=account),
        credentials=[AttestedCredentialData(each) for each in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.DISCOURAGED,  # the password is the other half
        challenge=challenge,
    )
    return dict(asked.public_key)


def options_of_touch(site: Site, *, challenge: bytes, known: Sequence[bytes]) -> dict[str, Any]:
    """What `navigator.credentials.get` takes, for a person with the credentials `known`."""
    asked, _ = site.server().authenticate_begin(
        credentials=[AttestedCredentialData(each) for each in known],
        user_verification=UserVerificationRequirement.DISCOURAGED,
        challenge=challenge,
    )
    return dict(asked.public_key)


def read_new(brought: str, site: Site) -> Touched:
    """The new key in what a browser brought, for the challenge it says: that one the caller checks. NotThisKey."""
    try:
        response = RegistrationResponse.from_dict(_read(brought))
        challenge = response.response.client_data.challenge
        found = site.server().register_complete(_state(challenge), response)
        made = found.credential_data
        return Touched(bytes(made or b""), found.counter, challenge)
    except Exception as broken:  # whatever a stranger's bytes make of the reader
        raise NotThisKey from broken


def read_touch(brought: str, site: Site, known: Sequence[bytes]) -> Touched:
    """Which of the credentials `known` signed what a browser brought; the challenge the caller checks. NotThisKey."""
    try:
        response = AuthenticationResponse.from_dict(_read(brought))
        challenge = response.response.client_data.challenge
        held = [AttestedCredentialData(each) for each in known]
        used = site.server().authenticate_complete(_state(challenge), held, response)
        return Touched(bytes(used), response.response.authenticator_data.counter, challenge)
    except Exception as broken:  # whatever a stranger's bytes make of the reader
        raise NotThisKey from broken


def _read(brought: str) -> Any:
    if len(brought) > MOST_SAID:
        raise NotThisKey
    return json.loads(brought)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.DISCOURAGED}
