"""What the account pages share: the blueprint, the limits, where a role's work is."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, render_template, request

from marketplace.people.accounts import sessions
from marketplace.people.accounts.models import Role
from marketplace.people.accounts.passwords import matches
from marketplace.people.accounts.rules import read_email
from marketplace.people.accounts.services import LinkGone, open_sign_in
from marketplace.platform.core.access import View
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import token_hash
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.glue import limiter

bp = Blueprint("accounts", __name__)

HOME_OF_ROLE = {
    Role.PRODUCER: "/producer/",
    Role.DISTRIBUTOR: "/distributor/",
    Role.COUNCIL_MEMBER: "/council/",
    Role.BUYER: "/",
}
WRONG = N_("Mật khẩu không đúng.")


def home_of(role: Role) -> str:
    """Where a role's work is."""
    return HOME_OF_ROLE.get(role, "/office/")


def address_typed(typed: str) -> str:
    """The one form of an address however it is written, so that spelling it anew is no new attempt."""
    try:
        return read_email(typed)
    except Invalid:
        return nfc(typed).lower()[:254]


def account_tried() -> str:
    """Whose account is tried from where: what attempts are counted by."""
    return f"{sessions.network_address()} {address_typed(request.form.get('email', ''))}"


def email_typed() -> str:
    """Whose mailbox is asked to be written to: what letters are counted by."""
    return f"email {address_typed(request.form.get('email', ''))}"


def own_account() -> str:
    """The signed-in person: what tries of a password are counted by."""
    return f"user {current_actor().user_id}"


def link_tried() -> str:
    """The link in the address: what tries of the password that goes with it are counted by."""
    return f"link {token_hash(str((request.view_args or {}).get('token')))}"


def not_sent() -> bool:
    """Whether nothing is tried: the page is only looked at."""
    return request.method != "POST"


def limit(rule: str, key: Callable[[], str] | None = None) -> Callable[[View], View]:
    """A limit on what is sent, not on looking; counted by network address where no other key is given."""
    return cast("Callable[[View], View]", limiter.limit(rule, key_func=key, exempt_when=not_sent))


def check_own(stored: str, password: str, field: str = "password") -> None:
    """Raise Invalid on the field unless the password is the stored one's."""
    if not matches(stored, password):
        raise Invalid({field: WRONG})


def sign_in_now(user_id: int) -> str:
    """Open a sign-in for this browser in the open block; the secret goes to `sessions.begin` after it."""
    return open_sign_in(user_id=user_id, address=sessions.network_address(), device=sessions.device(), at=now())


@bp.app_errorhandler(LinkGone)
def link_gone(_gone: LinkGone) -> tuple[str, int]:
    """A link that opens nothing any more, and what to do instead."""
    return render_template("accounts/link-gone.html"), LinkGone.status
