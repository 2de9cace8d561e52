"""Accounts that administrators keep: one with a device, one closed; and what they type."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask

from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.services import stop_account
from marketplace.platform.core.db import transaction
from tests.builders import BY, make_user
from tests.stepping import turn_on
from tests.touching import SoftKey, give_key

WHY = {"reason": "Gọi lại số cơ quan rồi"}
KEPT_TYPED: dict[str, Mapping[str, str | list[str]]] = {
    "POST /account/second-factor/start": {"password": "một câu dài dễ nhớ"},
    "POST /account/second-factor/keys/new": {"password": "một câu dài dễ nhớ", "name": "Khóa"},
    "POST /account/second-factor/keys/{heldkey}/remove": {"password": "một câu dài dễ nhớ", "code": "123456"},
    "POST /account/second-factor/codes": {"password": "một câu dài dễ nhớ", "code": "123456"},
    "POST /account/second-factor/remove": {"password": "một câu dài dễ nhớ", "code": "123456"},
    "POST /office/users/new": {
        "name": "Mới",
        "email": "officer@example.com",
        "role": "commune_officer",
        "unit_code": "03390",
    },
    "POST /office/users/{stepped}/role": {**WHY, "role": "province_officer", "unit_code": "12"},
    "POST /office/users/{stepped}/disable": WHY,
    "POST /office/users/{shut}/enable": WHY,
    "POST /office/users/{stepped}/second-factor/reset": WHY,
}


def kept(app: Flask, people: dict[str, User], at: datetime) -> dict[str, str]:
    """The codes of an officer with a device and a key, of that key, of a closed account, and of `buyer`."""
    stepped, closed = make_user(Role.COMMUNE_OFFICER, at=at), make_user(at=at)
    turn_on(app, stepped, at=at)
    key = give_key(app, stepped, SoftKey())
    with transaction():
        stop_account(code=closed.code, reason=WHY["reason"], by=BY, at=at)
    return {"stepped": stepped.code, "heldkey": key, "shut": closed.code, "buyercode": people["buyer"].code}
