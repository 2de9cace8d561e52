"""A distributor judged twice at the same moment, or judged while it changes what it says: the second is told.

Each guard is also taken away, and the fault shows: the judgement on both databases, the lock on PostgreSQL.
"""

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.services import approve, return_distributor, save_profile
from tests.builders import BY
from tests.conftest import AT
from tests.faults.test_judged_at_once import QUEUED, house, meet, unlocked
from tests.trading import distributor_of, make_distributor, whole_profile

__all__ = ["house"]  # the fixture


def take_away(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if guard == "unjudged":
        monkeypatch.setattr("marketplace.trade.distributors.services.deciding._same_as_seen", lambda _row, _seen: None)
    elif guard == "unlocked":
        monkeypatch.setattr("marketplace.trade.distributors.queries.held", unlocked)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_one_officer_returns_what_the_other_approves(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        user = make_distributor(at=AT, verified=False)
        own = distributor_of(user)
        slug, seen = own.organisation.slug, own.version
    take_away(guard, monkeypatch)
    came = meet(
        house,
        lambda: return_distributor(slug=slug, remark="Giấy mờ", seen=seen, by=BY, at=AT),
        lambda: approve(slug=slug, seen=seen, by=BY, at=AT),
    )
    with house.app_context():
        letters = db.session.scalar(select(func.count()).where(OutgoingMail.to_address == user.email))
        found = (came, distributor_of(user).standing, letters)
        if guard == "whole":
            assert found == ("409 changed_meanwhile", Standing.RETURNED, 1)
        else:  # the fault: returned and verified in one breath, and both were said
            assert found == ("done", Standing.VERIFIED, 2)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_what_is_approved_is_what_was_seen(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        user = make_distributor(at=AT, verified=False)
        own = distributor_of(user)
        slug, seen = own.organisation.slug, own.version
    take_away(guard, monkeypatch)
    other = whole_profile(name="Tên chưa ai xem", tax_code="0100998877")
    came = meet(
        house,
        lambda: save_profile(facts=other, by=user.actor(), at=AT),
        lambda: approve(slug=slug, seen=seen, by=BY, at=AT),
    )
    with house.app_context():
        own = distributor_of(user)
        found = (came, own.standing, own.tax_code)
        if guard == "whole":
            assert found == ("409 changed_meanwhile", Standing.WAITING, "0100998877")
        else:  # the fault: a tax code that nobody compared counts as verified
            assert found == ("done", Standing.VERIFIED, "0100998877")
