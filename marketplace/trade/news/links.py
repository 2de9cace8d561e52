"""Signed links of the newsletter: one confirms, for two days; one ends it, for ever. Nothing is kept before."""

from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from marketplace.platform.core.errors import NotFound

TWO_DAYS = timedelta(days=2)


def confirm_token(email: str, language: str) -> str:
    """What the letter to `email` carries, so that only who reads its mailbox can confirm."""
    return _timed().dumps([email, language])


def read_confirm(token: str) -> tuple[str, str, datetime]:
    """Address, language and the second it was made in of a token that is ours and not two days old; else NotFound."""
    try:
        (email, language), asked = _timed().loads(token, max_age=int(TWO_DAYS.total_seconds()), return_timestamp=True)
    except BadSignature as error:
        raise NotFound from error
    return str(email), str(language), asked


def mark_of(email: str) -> str:
    """What is kept of an address that left: the same for the same address, read back by nobody without our secret."""
    signer = _plain().make_signer("newsletter-left")
    return sha256(signer.get_signature(email.encode())).hexdigest()


def leave_token(email: str) -> str:
    """What every issue carries, to end the subscription of its receiver."""
    return _plain().dumps(email)


def read_leave(token: str) -> str:
    """The address of a token that is ours; else NotFound."""
    try:
        return str(_plain().loads(token))
    except BadSignature as error:
        raise NotFound from error


def leave_address(email: str) -> str:
    """The absolute address that ends the subscription by one click."""
    return f"{current_app.config['SETTINGS'].site_url}/newsletter/leave/{leave_token(email)}"


def _timed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="newsletter-confirm")


def _plain() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="newsletter-leave")
