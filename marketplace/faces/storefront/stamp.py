"""Certificates' addresses with our signature in them, and what the signature of an address that was opened is worth."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

from flask import current_app

from marketplace.faces.storefront.standing import Verified, verify
from marketplace.platform.core.ids import read_code
from marketplace.registry.certification.models import Certificate
from marketplace.registry.stamps.rules import Judgement, Signature, Stamp, judge, public_key, sign


@dataclass(frozen=True)
class Checked:
    """What a number and a signature lead to: with a good stamp one certificate, even where a number stands twice."""

    found: list[Verified]
    judgement: Judgement

    @property
    def good(self) -> bool:
        return self.judgement.signature is Signature.GOOD

    @property
    def forged(self) -> bool:
        return self.judgement.signature is Signature.BAD

    @property
    def differs(self) -> bool:
        """Whether the register has been set right since the label was printed."""
        return self.good and any(Stamp.of(one.certificate) != self.judgement.stamp for one in self.found)


def check(typed: str, token: str | None, *, on: date) -> Checked:
    """The certificates that a code or printed number names, and whether the label's signature is ours and theirs."""
    found = verify(typed, on=on)
    codes = {one.certificate.code for one in found} or {read_code(typed)}
    judgement = judge(token, codes, public_keys())
    if judgement.stamp is not None:
        found = [one for one in found if one.certificate.code == judgement.stamp.code]
    return Checked(found, judgement)


def public_keys() -> list[bytes]:
    """Today's public key, then those of before."""
    settings = current_app.config["SETTINGS"]
    return [public_key(settings.signing_seed), *settings.signing_keys_before]


def printed_keys() -> list[str]:
    """The same in base64, as they are published."""
    return [b64encode(key).decode() for key in public_keys()]


def signed_address(certificate: Certificate) -> str:
    """The absolute address that a label's QR code carries; the certificate's product is loaded."""
    settings = current_app.config["SETTINGS"]
    token = sign(Stamp.of(certificate), settings.signing_seed)
    return f"{settings.site_url}/verify/{certificate.code}?s={token}"
