"""A security key made of software: it answers as the standard says, and lies where a test wants it to."""

import html
import json
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.second_factor.models import SecurityKey
from marketplace.people.second_factor.services import add_key
from marketplace.people.second_factor.webauthn import Purpose, Site, make_challenge, options_of_new
from marketplace.platform.core.db import db, transaction
from tests.conftest import AT

HERE = "http://localhost"
SITE = Site("localhost", HERE, "Chợ Phiên")
ASKED = re.compile(r'data-touch="([^"]*)"')


def asked_on(page: str) -> dict[str, Any]:
    """What a page asks the browser's key."""
    found = ASKED.search(page)
    assert found is not None
    asked: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return asked


@dataclass
class SoftKey:
    """One key for one site. `count` is how often it has signed; it stays at 0 where `counts` is off."""

    counts: bool = True
    count: int = 0
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifier: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, asked: dict[str, Any], origin: str = HERE) -> str:
        """What a browser brings of a new key."""
        public = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(b"\0" * 16, self.identifier, public)
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_site_hash(asked["rp"]["id"]), flags, self._signs(), credential)
        client = CollectedClientData.create("webauthn.create", websafe_decode(asked["challenge"]), origin)
        made = AttestationObject.create("none", data, {})
        return self._say({"clientDataJSON": client.b64, "attestationObject": websafe_encode(made)})

    def touch(self, asked: dict[str, Any], origin: str = HERE, flags: int = AuthenticatorData.FLAG.UP) -> str:
        """What a browser brings of a touch."""
        data = AuthenticatorData.create(_site_hash(asked["rpId"]), AuthenticatorData.FLAG(flags), self._signs())
        client = CollectedClientData.create("webauthn.get", websafe_decode(asked["challenge"]), origin)
        signature = self.secret.sign(data + client.hash, ec.ECDSA(SHA256()))
        return self._say(
            {
                "clientDataJSON": client.b64,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
            }
        )

    def _signs(self) -> int:
        self.count += self.counts
        return self.count

    def _say(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.identifier)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def codes_with_key(app: Flask, user: User, key: SoftKey, name: str = "Khóa") -> list[str]:
    """Let a person have a key; as their first thing it brings the codes for paper."""
    sealed: bytes = app.config["SETTINGS"].second_factor_key
    challenge = make_challenge(Purpose.ADD, user.code, key=sealed, at=AT)
    asked = options_of_new(SITE, challenge=challenge, person=user.code, account=user.email, known=[])
    with transaction():
        return add_key(brought=key.make(asked), name=name, site=SITE, keep="", key=sealed, by=user.actor(), at=AT)


def give_key(app: Flask, user: User, key: SoftKey) -> str:
    """Let a person have a key; answers its code."""
    codes_with_key(app, user, key)
    return db.session.scalars(select(SecurityKey.code).where(SecurityKey.user_id == user.id)).one()


def _site_hash(name: str) -> bytes:
    return sha256(name.encode()).digest()
