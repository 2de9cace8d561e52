"""A maker writes on at the moment an officer approves what he has read: what nobody has looked at is not published.

PostgreSQL only: on SQLite a write block is alone, so there is no such moment.
"""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.queries import get_public
from marketplace.shop.catalog.services import (
    ChangedSinceSeen,
    ListingTexts,
    approve_proposal,
    number_of,
    return_page,
    save_texts,
)
from tests.builders import make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import AT, TODAY
from tests.faults.test_revoked_meanwhile import _until_waiting, shop
from tests.shop.catalog.test_proposals import opened

__all__ = ["shop"]


def _texts(name: str) -> ListingTexts:
    return ListingTexts(name=name, art_seed="x", summary="Ngon.")


@pytest.mark.parametrize("guarded", [True, False])
def test_the_approval_waits_and_sees_another_version(
    shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The officer stands in the queue behind the maker's save; the twin without the guard publishes it unread."""
    if not guarded:
        monkeypatch.setattr("marketplace.shop.catalog.services.proposals.check_seen", lambda _now, _seen: None)
    with shop.app_context():
        desk = opened(AT)
        with transaction():
            save_texts(slug=desk.slug, texts=_texts("Miến lành"), by=desk.maker, at=AT)
    done: list[str] = []

    def approve() -> None:
        with shop.app_context():
            try:
                with transaction():
                    approve_proposal(slug=desk.slug, seen=1, by=desk.officer, at=AT)
            except ChangedSinceSeen:
                done.append("told")
            else:
                done.append("approved")

    officer = threading.Thread(target=approve)
    with shop.app_context():
        with transaction():
            save_texts(slug=desk.slug, texts=_texts("Miến chữa bệnh"), by=desk.maker, at=AT)
            officer.start()
            _until_waiting(shop, 1)
        officer.join(20)
        db.session.rollback()
        assert done == (["told"] if guarded else ["approved"])
        shown = get_public(desk.slug, on=TODAY).listing.name
        assert shown == ("Miến dong Thử" if guarded else "Miến chữa bệnh")


@pytest.mark.parametrize("guarded", [True, False])
def test_the_return_waits_and_sees_another_version(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """The maker mends what the officer is about to complain of; the twin without the guard returns it all the same."""
    if not guarded:
        monkeypatch.setattr("marketplace.shop.catalog.services.listings.check_seen", lambda _now, _seen: None)
    with shop.app_context():
        maker, officer = make_user(Role.PRODUCER, at=AT), make_user(Role.PROVINCE_OFFICER, at=AT)
        product = make_product(make_producer("Lò miến", at=AT, user=maker), at=AT)
        make_certificate(product, at=AT)
        listing, _ = make_listing(product, at=AT, state=ListingState.IN_REVIEW)
        slug, seen = listing.slug, number_of(listing.id)
        by, looker = maker.actor(), officer.actor()
    done: list[str] = []

    def give_back() -> None:
        with shop.app_context():
            try:
                with transaction():
                    return_page(slug=slug, seen=seen, remark="Sửa tên.", by=looker, at=AT)
            except ChangedSinceSeen:
                done.append("told")
            else:
                done.append("returned")

    thread = threading.Thread(target=give_back)
    with shop.app_context():
        with transaction():
            save_texts(slug=slug, texts=_texts("Miến lành"), by=by, at=AT)
            thread.start()
            _until_waiting(shop, 1)
        thread.join(20)
        db.session.rollback()
        assert done == (["told"] if guarded else ["returned"])
        state = db.session.scalars(select(Listing.state)).one()
        assert state is (ListingState.IN_REVIEW if guarded else ListingState.DRAFT)
