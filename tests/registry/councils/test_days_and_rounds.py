"""Decisions follow their sitting; an upheld appeal is scored again where a round is open, one dossier a product."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.councils.models import Appeal, AppealState, Council
from marketplace.registry.councils.queries import ScoringAgain, get_council
from marketplace.registry.councils.services import NoRoundOpen, Ruling, answer_appeal, decide, make_appeal, plan_sitting
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.registry.dossiers.services import AnotherOpen, start_from_certificate
from marketplace.registry.rounds.rules import RoundDays
from marketplace.registry.rounds.services import RoundFacts, close_round, open_round
from tests.builders import BY, make_certificate, scored_sitting
from tests.conftest import TODAY
from tests.registry.councils.test_councils import World, admitted, decision, fresh, refused, world

__all__ = ["world"]

LATER = RoundDays(TODAY, TODAY + timedelta(days=20), TODAY + timedelta(days=30))


def appealed(world: World, dossier: Dossier, at: datetime) -> str:
    with transaction():
        return make_appeal(dossier_code=dossier.code, words="Không đúng", by=world.user.actor(), at=at).code


def uphold(code: str, at: datetime) -> ScoringAgain | None:
    with transaction():
        return answer_appeal(code=code, upheld=True, answer="Chấm lại", by=BY, at=at)


def letter() -> str:
    db.session.rollback()
    return db.session.scalars(
        select(OutgoingMail.text).where(OutgoingMail.subject.startswith("Trả lời khiếu nại"))
    ).one()


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (TODAY - timedelta(days=1), "phải từ ngày họp trở đi"),
        (TODAY + timedelta(days=1), "không thể ở tương lai"),
    ],
)
@pytest.mark.parametrize("granted", [True, False])
def test_a_decision_is_of_a_day_from_the_sitting_until_today(
    world: World, at: datetime, on: date, told: str, granted: bool
) -> None:
    dossier = admitted(world, at)
    sitting = scored_sitting(dossier, round_code=world.round.code, at=at, points=("30", "20", "25"))
    ruling = [Ruling(dossier.code, granted, "Vì thế")]
    with pytest.raises(Invalid) as refusal, transaction():
        decide(sitting_code=sitting.code, decision=decision(on), rulings=ruling, by=BY, at=at)
    assert told in refusal.value.fields["issued_on"]
    assert fresh(dossier).state is DossierState.SCORED
    assert db.session.scalar(select(func.count(Certificate.id))) == 0
    db.session.rollback()
    with transaction():
        assert decide(sitting_code=sitting.code, decision=decision(), rulings=ruling, by=BY, at=at) == granted


def test_an_upheld_appeal_stays_in_its_round_and_names_the_next_sitting(world: World, at: datetime) -> None:
    dossier = refused(world, at)
    code = appealed(world, dossier, at)
    council = get_council(_council_code(), by=BY)
    for days, place in ((9, "Sở B"), (5, "Sở A")):
        with transaction():
            plan_sitting(
                council_code=council.code,
                round_code=world.round.code,
                held_on=TODAY + timedelta(days=days),
                place=place,
                by=BY,
                at=at,
            )
    again = uphold(code, at)
    assert again is not None
    assert again.round is not None
    assert again.sitting is not None
    assert (again.round.code, again.sitting.place) == (world.round.code, "Sở A")
    assert "Chấm lại ở đợt 1 năm 2026, dự kiến ngày 28/11/2026 tại Sở A." in letter()


def _council_code() -> str:
    return db.session.scalars(select(Council.code).order_by(Council.id).limit(1)).one()


def test_a_closed_round_is_not_opened_again_the_next_one_takes_it(world: World, at: datetime) -> None:
    dossier = refused(world, at)
    code = appealed(world, dossier, at)
    with transaction():
        close_round(code=world.round.code, by=BY, at=at)
    with pytest.raises(NoRoundOpen):
        uphold(code, at)
    assert (fresh(dossier).state, _appeal_state()) == (DossierState.REFUSED, AppealState.OPEN)
    with transaction():
        row = open_round(year=2026, number=2, facts=RoundFacts(LATER), by=BY, at=at)
    uphold(code, at)
    assert (fresh(dossier).state, fresh(dossier).round_id, fresh(dossier).ruleset_code) == (
        DossierState.ADMITTED, row.id, row.ruleset_code,
    )  # fmt: skip
    assert "Chấm lại ở đợt 2 năm 2026; ngày họp sẽ báo sau." in letter()


def _appeal_state() -> AppealState | None:
    return db.session.scalar(select(Appeal.state))


def test_no_second_open_dossier_of_a_product_by_an_appeal(world: World, at: datetime) -> None:
    """Refused, then begun anew by the product's older certificate; the appeal waits and names what is open."""
    dossier = refused(world, at)
    make_certificate(db.session.get_one(Product, dossier.product_id), at=at)
    code = appealed(world, dossier, at)
    product = db.session.get_one(Product, dossier.product_id).code
    with transaction():
        renewal = start_from_certificate(
            product_code=product, kind=DossierKind.RENEWAL, by=world.user.actor(), at=at
        ).code
    with pytest.raises(AnotherOpen) as refusal:
        uphold(code, at)
    assert refusal.value.facts == {"dossier": renewal}
    assert (fresh(dossier).state, _appeal_state()) == (DossierState.REFUSED, AppealState.OPEN)
    db.session.rollback()
    with transaction():  # dismissed it may be at once
        answer_appeal(code=code, upheld=False, answer="Hội đồng đã chấm đúng", by=BY, at=at)
    assert _appeal_state() is AppealState.DISMISSED


def test_no_second_open_dossier_beside_an_upgrade(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = scored_sitting(dossier, round_code=world.round.code, at=at, points=("25", "15", "20"))
    with transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=[Ruling(dossier.code, True)], by=BY, at=at)
    code = appealed(world, dossier, at)
    product = db.session.get_one(Product, dossier.product_id).code
    with transaction():
        upgrade = start_from_certificate(
            product_code=product, kind=DossierKind.UPGRADE, by=world.user.actor(), at=at
        ).code
    with pytest.raises(AnotherOpen) as refusal:
        uphold(code, at)
    assert refusal.value.facts == {"dossier": upgrade}
    assert db.session.scalar(select(func.count(Dossier.id))) == 2
