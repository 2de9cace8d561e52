"""Letters about an account. Those that carry a link's secret are emptied once they have left."""

from datetime import datetime

from flask import current_app

from marketplace.people.accounts.models import Invitation, Organisation, User
from marketplace.platform.core.ids import new_token, token_hash
from marketplace.platform.mail.services import Letter, post
from marketplace.platform.web.letters import compose


def confirm(user: User, token: str, *, at: datetime) -> None:
    """To somebody who has just registered: the link that opens the account."""
    letter = compose("confirm", user.language, name=user.name, address=_address("confirm", token))
    _post_link("confirm", user.email, letter, token, at)


def welcome(user: User, *, at: datetime) -> None:
    """To somebody whose account has just opened."""
    letter = compose("welcome", user.language, name=user.name, role=user.role.value)
    post(key=f"welcome:{user.code}", to=user.email, letter=letter, at=at)


def tried_again(user: User, *, at: datetime) -> None:
    """To the owner of an address that somebody tried to use once more; at most one a day."""
    letter = compose("tried-again", user.language, name=user.name)
    post(key=f"tried-again:{user.code}:{at:%Y%m%d}", to=user.email, letter=letter, at=at)


def reset(user: User, token: str, *, at: datetime) -> None:
    """The link that sets a new password."""
    _post_link("reset", user.email, _reset_letter(user.name, user.language, token), token, at)


def reset_for_nobody() -> None:
    """The same work for an address without an account: a letter that goes nowhere."""
    _reset_letter("", "vi", new_token())


def password_changed(user: User, *, at: datetime) -> None:
    """The password is a new one."""
    letter = compose("password-changed", user.language, name=user.name, at=at)
    post(key=f"password-changed:{user.code}:{at.timestamp()}", to=user.email, letter=letter, at=at)


def confirm_email(user: User, email: str, token: str, *, at: datetime) -> None:
    """To a new address: the link that makes it the account's."""
    letter = compose("email-confirm", user.language, name=user.name, address=_address("email/confirm", token))
    _post_link("email-confirm", email, letter, token, at)


def email_changing(user: User, undo: str, *, at: datetime) -> None:
    """To the present address: somebody asked to change it, and how to undo that."""
    letter = compose("email-changing", user.language, name=user.name, address=_address("email/undo", undo))
    _post_link("email-changing", user.email, letter, undo, at)


def email_changed(user: User, old: str, *, at: datetime) -> None:
    """To both addresses: the new one counts."""
    letter = compose("email-changed", user.language, name=user.name)
    for email in (old, user.email):
        key = f"email-changed:{user.code}:{at.timestamp()}:{token_hash(email)[:12]}"
        post(key=key, to=email, letter=letter, at=at)


def email_undone(user: User, *, at: datetime) -> None:
    """To the address that was kept: nothing changes, and what to do next."""
    letter = compose("email-undone", user.language, name=user.name)
    post(key=f"email-undone:{user.code}:{at.timestamp()}", to=user.email, letter=letter, at=at)


def invited(invitation: Invitation, organisation: Organisation, owner: User, token: str, *, at: datetime) -> None:
    """To somebody asked to join an organisation, in the owner's language."""
    address = _address("join", token)
    letter = compose("invitation", owner.language, owner=owner.name, organisation=organisation.name, address=address)
    _post_link("invitation", invitation.email, letter, token, at)


def office_invited(user: User, token: str, *, at: datetime) -> None:
    """To somebody who works for the office from now on: the link that sets their password."""
    letter = compose("office-invited", user.language, name=user.name, address=_address("reset", token))
    _post_link("office-invited", user.email, letter, token, at)


def erased(user: User, *, at: datetime) -> None:
    """The last letter: the account and its data are gone."""
    letter = compose("erased", user.language, name=user.name)
    post(key=f"erased:{user.code}", to=user.email, letter=letter, at=at, secret=True)


def _reset_letter(name: str, language: str, token: str) -> Letter:
    return compose("reset", language, name=name, address=_address("reset", token))


def _address(page: str, token: str) -> str:
    return f"{current_app.config['SETTINGS'].site_url}/account/{page}/{token}"


def _post_link(kind: str, to: str, letter: Letter, token: str, at: datetime) -> None:
    post(key=f"{kind}:{token_hash(token)[:32]}", to=to, letter=letter, at=at, secret=True)
