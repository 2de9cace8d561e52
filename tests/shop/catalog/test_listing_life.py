"""A listing's life in any order of acts: it is public exactly when the rule says.

What the public reads changes only by an officer's act or approval, or where a fact applies at once.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.shop.catalog.models import TRANSITIONS, ListingState, ProposalState
from marketplace.shop.catalog.proposals import find_proposal
from marketplace.shop.catalog.queries import get_kept, get_offer, get_public
from marketplace.shop.catalog.services import (
    LabelFacts,
    ListingTexts,
    approve_proposal,
    move_listing,
    rest_listing,
    return_proposal,
    save_label,
    save_texts,
    wake_listing,
    withdraw_proposal,
)
from tests.builders import complete_label, make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import AT, TODAY
from tests.databases import KINDS, migrated_app, rolled_back

S = ListingState
NAMES = st.sampled_from(["Miến", "Miến dong", "Miến dong mộc"])
USES = st.sampled_from(["Nấu", "Nấu chín", "Xào"])
SEASONS = st.sampled_from([0, 3])
ALLERGENS = st.sets(st.sampled_from(["eggs", "fish", "milk"]))
DAYS = st.integers(1, 3)


class Life(RuleBasedStateMachine):
    """The model beside the real thing: `reads` is what the public should read, `wants` what waits for a look."""

    kind = KINDS[0]

    def __init__(self) -> None:
        super().__init__()
        self.undone = rolled_back(migrated_app(self.kind))
        self.undone.__enter__()
        user = make_user(Role.PRODUCER, at=AT)
        self.maker, self.officer = user.actor(), make_user(Role.PROVINCE_OFFICER, at=AT).actor()
        product = make_product(make_producer("Lò", at=AT, user=user), "Miến", at=AT)
        make_certificate(product, at=AT)
        listing, variant = make_listing(product, at=AT, state=S.DRAFT)
        self.slug, self.sku = listing.slug, variant.sku
        self.reads: dict[str, Any] = {"name": "Miến", "usage": "Thử", "season": 0, "allergens": []}
        self.wants: dict[str, Any] = {}
        self.base: dict[str, Any] = {}
        self.waiting = False
        self.state, self.looked_at, self.back_on = S.DRAFT, False, TODAY

    def teardown(self) -> None:
        self.undone.__exit__(None, None, None)

    @property
    def public(self) -> bool:
        return self.state in (S.PUBLISHED, S.PAUSED)

    def say(self, typed: dict[str, Any]) -> None:
        """What the model makes of the maker's typing."""
        if not self.public:
            self.reads |= typed
            return
        for code, value in typed.items():
            if code == "season":
                self.reads[code] = value
            elif code == "allergens" and set(value) - set(self.reads[code]):
                self.reads[code] = sorted({*value, *self.reads[code]})
        before = dict(self.wants)
        for code in typed.keys() - {"season"}:
            self.wants.pop(code, None)
            if typed[code] != self.reads[code]:
                self.wants[code], self.base[code] = typed[code], self.reads[code]
        for code in list(self.wants):  # what an officer has meanwhile written himself is no proposal
            if self.wants[code] == self.reads[code]:
                self.wants.pop(code)
        self.waiting = bool(self.wants) and (self.waiting or self.wants != before or bool(typed.keys() & self.wants))

    @initialize(shown=st.sampled_from([True, True, True, False]))
    def begins(self, shown: bool) -> None:
        if shown:
            self.moves(S.PUBLISHED, True)

    @rule(name=NAMES)
    def maker_names(self, name: str) -> None:
        with transaction():
            save_texts(slug=self.slug, texts=texts(name), by=self.maker, at=AT)
        self.say({"name": name})

    @rule(usage=USES, season=SEASONS, allergens=ALLERGENS)
    def maker_labels(self, usage: str, season: int, allergens: set[str]) -> None:
        with transaction():
            save_label(slug=self.slug, label=label(usage, season, allergens), by=self.maker, at=AT)
        self.say({"usage": usage, "season": season, "allergens": sorted(allergens)})

    @rule(name=NAMES)
    def officer_names(self, name: str) -> None:
        with transaction():
            save_texts(slug=self.slug, texts=texts(name), by=self.officer, at=AT)
        self.reads["name"] = name

    @rule(stale=st.booleans())
    def officer_approves(self, stale: bool) -> None:
        proposal = find_proposal(get_kept(self.slug, by=self.officer).id)
        seen = (proposal.version if proposal else 0) - stale
        done = False
        with suppress(Refusal), transaction():
            approve_proposal(slug=self.slug, seen=seen, by=self.officer, at=AT)
            done = True
        moved = any(self.base[c] != self.reads[c] != self.wants[c] for c in self.wants)
        assert done == (self.waiting and not stale and not moved)
        if done:
            self.reads |= self.wants
            self.wants, self.waiting = {}, False

    @rule()
    def officer_returns(self) -> None:
        done = False
        with suppress(Refusal), transaction():
            return_proposal(slug=self.slug, seen=None, remark="Sửa lại.", by=self.officer, at=AT)
            done = True
        assert done == self.waiting
        self.waiting = False

    @rule()
    def maker_takes_back(self) -> None:
        done = False
        with suppress(NotFound), transaction():
            withdraw_proposal(slug=self.slug, by=self.maker, at=AT)
            done = True
        assert done == bool(self.wants)
        self.wants, self.waiting = {}, False

    @rule(to=st.sampled_from([S.IN_REVIEW, S.DRAFT, S.PUBLISHED, S.PAUSED]), officer=st.booleans())
    def moves(self, to: ListingState, officer: bool) -> None:
        done = False
        with suppress(Refusal), transaction():
            move_listing(slug=self.slug, to=to, by=self.officer if officer else self.maker, at=AT)
            done = True
        may = officer or to is not S.PUBLISHED or self.state is S.PAUSED
        assert done == (to in TRANSITIONS[self.state] and may)
        self.state = to if done else self.state

    @rule(days=DAYS)
    def rests(self, days: int) -> None:
        done = False
        with suppress(Refusal), transaction():
            rest_listing(slug=self.slug, back_on=TODAY + timedelta(days=days), by=self.maker, at=AT)
            done = True
        assert done == self.public
        self.back_on = TODAY + timedelta(days=days) if done else self.back_on

    @rule()
    def wakes(self) -> None:
        done = False
        with suppress(Refusal), transaction():
            wake_listing(slug=self.slug, by=self.maker, at=AT)
            done = True
        assert done == (self.public and self.back_on > TODAY)
        self.back_on = TODAY if done else self.back_on

    @invariant()
    def the_public_reads_what_it_should(self) -> None:
        db.session.expunge_all()
        db.session.rollback()
        for day in (TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=3)):
            shown = sold = False
            with suppress(NotFound):
                listing = get_public(self.slug, on=day).listing
                told = {"name": listing.name, "season": listing.season, **listing.told}
                shown = {code: told[code] for code in self.reads} == self.reads
                assert shown, (listing.told, self.reads)
            with suppress(NotFound):
                sold = get_offer(self.sku, on=day).variant.sku == self.sku
            assert (shown, sold) == (self.state is S.PUBLISHED, self.state is S.PUBLISHED and day >= self.back_on)

    @invariant()
    def what_waits_is_kept_whole(self) -> None:
        proposal = find_proposal(get_kept(self.slug, by=self.officer).id)
        assert (proposal.wanted if proposal else {}) == self.wants
        assert (proposal is not None and proposal.state is ProposalState.WAITING) == self.waiting


def texts(name: str) -> ListingTexts:
    return ListingTexts(name=name, art_seed="x", summary="Ngon.")


def label(usage: str, season: int, allergens: set[str]) -> LabelFacts:
    found = complete_label("I.3.b", usage=usage, allergens=sorted(allergens))
    return LabelFacts(**{**found.__dict__, "season": season})


@pytest.mark.parametrize("kind", KINDS)
def test_in_any_order_of_acts(kind: str) -> None:
    machine = type("Life", (Life,), {"kind": kind})
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=10, stateful_step_count=14, deadline=None, suppress_health_check=slow),
    )
