"""One code, typed in many browsers at once, or one touch of a key, opens one sign-in; with the guard off, several."""

import pytest
from flask import Flask
from sqlalchemy import func, select, true

from marketplace.people.accounts.models import SignIn
from marketplace.people.second_factor.services import Browser, Proof, begin_step, finish_step, proofs
from marketplace.people.second_factor.webauthn import Purpose, make_challenge, options_of_touch
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from tests.builders import make_user
from tests.conftest import AT
from tests.faults.test_last_units import shop as shop
from tests.faults.test_last_units import together
from tests.people.second_factor.test_second_step import HALF_MINUTE
from tests.stepping import code_of, key_of, turn_on
from tests.touching import SITE, SoftKey, give_key

BROWSERS = 12


@pytest.mark.parametrize("guarded", [True, False])
def test_a_code_opens_one_sign_in(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop.app_context():
        user = make_user(at=AT)
        turn_on(shop, user, at=AT - HALF_MINUTE)
        code, key = code_of(shop, user, AT), key_of(shop)
        with transaction():
            tokens = [begin_step(user_id=user.id, target="/", at=AT) for _ in range(BROWSERS)]
    if not guarded:
        monkeypatch.setattr(proofs, "_later_than_used", lambda _step: true())

    def enter(n: int) -> bool:
        try:
            with transaction():
                finish_step(token=tokens[n], proof=Proof(code), browser=Browser("", ""), key=key, at=AT)
        except Refusal:
            return False
        return True

    entered = together(shop, enter, BROWSERS)
    assert entered == 1 if guarded else entered > 1
    with shop.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == entered


@pytest.mark.parametrize("guarded", [True, False])
def test_a_touch_opens_one_sign_in(shop: Flask, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a key that does not count how often it signed: the challenge alone tells the second from the first."""
    with shop.app_context():
        user, soft, key = make_user(at=AT), SoftKey(counts=False), key_of(shop)
        give_key(shop, user, soft)
        challenge = make_challenge(Purpose.STEP, user.code, key=key, at=AT)
        touch = soft.touch(options_of_touch(SITE, challenge=challenge, known=[]))
        with transaction():
            tokens = [begin_step(user_id=user.id, target="/", at=AT) for _ in range(BROWSERS)]
    if not guarded:
        monkeypatch.setattr(proofs, "_answered_first", lambda _challenge, _at: True)

    def enter(n: int) -> bool:
        try:
            with transaction():
                proof = Proof(touch=touch, site=SITE)
                finish_step(token=tokens[n], proof=proof, browser=Browser("", ""), key=key, at=AT)
        except Refusal:
            return False
        return True

    entered = together(shop, enter, BROWSERS, processes=BROWSERS)
    assert entered == 1 if guarded else entered > 1
    with shop.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == entered
