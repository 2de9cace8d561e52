"""Flask-Login over sign-in rows: the cookie holds a secret, the row says whether it still counts."""

from typing import Any

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from marketplace.people.accounts.models import SignIn
from marketplace.people.accounts.queries import find_sign_in
from marketplace.people.accounts.rules import show_phone
from marketplace.people.accounts.services import SEEN_EVERY, see_sign_in, set_language
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.language import asked_language

manager = LoginManager()


class Visitor(UserMixin):  # type: ignore[misc] # Flask-Login carries no types
    """Who is signed in, by one sign-in."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.token = token
        self.sign_in = sign_in
        self.actor = sign_in.user.actor()
        self.language = sign_in.user.language
        self.email = sign_in.user.email

    def get_id(self) -> str:
        """What the cookie holds: the secret, never a row number."""
        return self.token


def init_sessions(app: Flask) -> None:
    """Attach Flask-Login, and how pages write a person's phone number."""
    app.jinja_env.globals["show_phone"] = show_phone
    manager.init_app(app)
    app.extensions["own_language"] = own_language
    app.before_request(_remember_language)
    manager.session_protection = None  # a phone changes its address many times a day; rows can be ended instead


@manager.user_loader  # type: ignore[untyped-decorator] # Flask-Login carries no types
def load(token: str) -> Visitor | None:
    """Who a cookie's secret speaks for, or nobody: ended, expired, disabled, unknown."""
    at = now()
    sign_in = find_sign_in(token, at=at)
    if sign_in is None:
        return None
    visitor = Visitor(token, sign_in)
    if at - sign_in.last_seen_at >= SEEN_EVERY:
        with transaction():
            see_sign_in(sign_in_id=sign_in.id, at=at)
    return visitor


def identify() -> Actor:
    """Who asks in this request."""
    visitor: Any = current_user
    return visitor.actor if visitor.is_authenticated else GUEST


def current_sign_in() -> SignIn | None:
    """The sign-in of this request."""
    visitor: Any = current_user
    return visitor.sign_in if visitor.is_authenticated else None


def own_language() -> str | None:
    """The language that the signed-in person reads in, as their account remembers it."""
    visitor: Any = current_user
    return visitor.language if visitor.is_authenticated else None


def _remember_language() -> None:
    """Whoever switches the language while signed in is remembered to read in it."""
    asked = asked_language()
    visitor: Any = current_user
    if asked is not None and visitor.is_authenticated and visitor.language != asked:
        with transaction():
            set_language(language=asked, by=visitor.actor)


def begin(token: str) -> None:
    """Sign this browser in: what its session held before is gone, so that no cookie planted earlier lives on."""
    session.clear()
    session.permanent = True
    sign_in = find_sign_in(token, at=now())
    assert sign_in is not None
    login_user(Visitor(token, sign_in))


def end() -> None:
    """Sign this browser out."""
    logout_user()
    session.clear()


def network_address() -> str:
    """Where the request comes from, as the trusted proxies say."""
    return request.remote_addr or ""


def device() -> str:
    """What the browser says it is."""
    return request.headers.get("User-Agent", "")
