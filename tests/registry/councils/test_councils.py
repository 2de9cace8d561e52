"""Councils: seats, tables, sheets, results, decisions, appeals; and that nothing else certifies."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.certification.services import DecisionFacts
from marketplace.registry.councils.models import (
    Appeal,
    AppealState,
    CouncilMember,
    ScoreSheet,
    Seat,
    Sitting,
    SittingState,
)
from marketplace.registry.councils.queries import (
    get_appeal,
    get_council,
    get_own_sitting,
    get_sitting,
    list_councils,
    list_open_appeals,
    list_own_sittings,
    list_sheets,
    list_table,
    list_waiting_for_table,
    scored_table,
    seat_of,
)
from marketplace.registry.councils.services import (
    AlreadyAppealed,
    AlreadySits,
    AppealAnswered,
    NotAppealable,
    NothingToDecide,
    NotOpen,
    NotReady,
    Ruling,
    SeatFacts,
    SheetFacts,
    SheetSigned,
    TableLaid,
    add_member,
    answer_appeal,
    close_sitting,
    decide,
    end_seat,
    enter_sheet,
    form_council,
    lay_table,
    make_appeal,
    open_sitting,
    plan_sitting,
    reopen_sheet,
    save_sheet,
    seats,
    take_off,
)
from marketplace.registry.councils.services.scoring import copy_sheet
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState, DossierStep
from marketplace.registry.dossiers.queries import papers_of
from marketplace.registry.dossiers.services import look_again
from marketplace.registry.dossiers.services.steps import NotNow
from marketplace.registry.rounds.models import EvaluationRound
from tests.builders import (
    BY,
    make_certificate,
    make_dossier,
    make_producer,
    make_product,
    make_round,
    make_sitting,
    make_user,
    members_of,
    pdf,
    score,
    scored_sitting,
)
from tests.conftest import TODAY

ALL_MET = ("3-class", "4-class", "5-class")
FULL = SheetFacts({"A": Decimal(30), "B": Decimal(20), "C": Decimal(25)})


def seen_of(sitting: Sitting, dossier: Dossier, member: User) -> str:
    """The mark of a member's sheet, as its page would carry it; empty where there is none."""
    sheets = [s for s in list_sheets(sitting.id) if s.dossier_id == dossier.id and s.member.user_id == member.id]
    return sheets[0].mark if sheets else ""


class World(NamedTuple):
    user: User
    producer: Producer
    round: EvaluationRound


@pytest.fixture
def world(app: Flask, at: datetime) -> World:
    user = make_user(Role.PRODUCER, at=at)
    return World(user, make_producer("Lò miến", at=at, user=user), make_round(at=at))


def admitted(world: World, at: datetime, name: str = "Miến dong Thử") -> Dossier:
    return make_dossier(world.user, at=at, name=name, to=DossierState.ADMITTED, round_code=world.round.code)


def met_of(dossier: Dossier) -> tuple[str, ...]:
    return tuple(minimum.code for minimum in dossier.rules.minimum)


def decision(on: date = TODAY, number: str = "9/QĐ-UBND") -> DecisionFacts:
    return DecisionFacts("UBND tỉnh Thử", AuthorityLevel.PROVINCE, number, on)


def fresh(dossier: Dossier) -> Dossier:
    db.session.expunge_all()
    db.session.rollback()
    return db.session.get_one(Dossier, dossier.id)


def test_a_council_is_formed_and_its_seats_filled(app: Flask, at: datetime) -> None:
    officer = make_user(Role.COMMUNE_OFFICER, at=at)
    buyer = make_user(Role.BUYER, at=at)
    for name, number, on, level in (
        (" ", "1/QĐ", TODAY, AuthorityLevel.PROVINCE),
        ("A", " ", TODAY, AuthorityLevel.PROVINCE),
        ("A", "1/QĐ", TODAY + timedelta(days=1), AuthorityLevel.PROVINCE),
        ("A", "1/QĐ", TODAY, AuthorityLevel.MINISTRY),
    ):
        with pytest.raises(Invalid), transaction():
            form_council(name=name, level=level, decision_number=number, established_on=on, by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        form_council(
            name="A",
            level=AuthorityLevel.PROVINCE,
            decision_number="1",
            established_on=TODAY,
            by=officer.actor(),
            at=at,
        )
    assert list_councils(by=BY) == []
    with transaction():
        council = form_council(
            name="Hội đồng tỉnh",
            level=AuthorityLevel.PROVINCE,
            decision_number="1/QĐ",
            established_on=TODAY,
            by=BY,
            at=at,
        )
    new = SeatFacts("so.cong.thuong@example.com", "Bà Hoa", "Sở Công Thương", Seat.CHAIR)
    with transaction():
        add_member(council_code=council.code, facts=new, by=BY, at=at)
    with transaction():
        add_member(council_code=council.code, facts=SeatFacts(officer.email, "Ông Xã", ""), by=BY, at=at)
    user = db.session.scalars(select(User).where(User.email == new.email)).one()
    assert (user.role, user.unit_id, user.organisation_id) == (Role.COUNCIL_MEMBER, None, None)
    assert "/account/reset/" in db.session.scalars(select(OutgoingMail.text)).one()
    db.session.rollback()
    for facts, refusal in (
        (new, AlreadySits),
        (SeatFacts(buyer.email, "Người mua", ""), Invalid),
        (SeatFacts("x@example.com", " ", ""), Invalid),
    ):
        with pytest.raises(refusal), transaction():
            add_member(council_code=council.code, facts=facts, by=BY, at=at)
    members = get_council(council.code, by=BY).members
    assert [(m.name, m.seat, m.user.role) for m in members] == [
        ("Bà Hoa", Seat.CHAIR, Role.COUNCIL_MEMBER),
        ("Ông Xã", Seat.MEMBER, Role.COMMUNE_OFFICER),
    ]
    with pytest.raises(NotFound), transaction():
        end_seat(council_code=council.code, member_code="TV0", by=BY, at=at)
    with transaction():
        end_seat(council_code=council.code, member_code=members[0].code, by=BY, at=at)
    with transaction():
        add_member(council_code=council.code, facts=new, by=BY, at=at)
    assert [m.left_at for m in get_council(council.code, by=BY).members] == [None, None]
    with pytest.raises(NotFound):
        get_council("HD00000000", by=BY)


def test_a_council_has_so_many_seats(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST_SEATS", 1)
    with transaction():
        council = form_council(
            name="H", level=AuthorityLevel.DISTRICT, decision_number="1/QĐ", established_on=TODAY, by=BY, at=at
        )
        add_member(council_code=council.code, facts=SeatFacts("a@example.com", "A", ""), by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        add_member(council_code=council.code, facts=SeatFacts("b@example.com", "B", ""), by=BY, at=at)
    assert db.session.scalars(select(CouncilMember.name)).all() == ["A"]


def test_the_table_is_laid_and_opened(world: World, at: datetime) -> None:
    first, second = admitted(world, at, "Miến A"), admitted(world, at, "Miến B")
    sitting = make_sitting(first, round_code=world.round.code, at=at, opened=False)
    assert [d.code for d in list_waiting_for_table(world.round.id, by=BY)] == [second.code]
    with transaction():
        assert lay_table(code=sitting.code, dossier_codes=[first.code, second.code, "HS0"], by=BY, at=at) == 1
    with transaction():
        take_off(code=sitting.code, dossier_code=first.code, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        take_off(code=sitting.code, dossier_code=first.code, by=BY, at=at)
    assert [entry.dossier.code for entry in list_table(sitting.id)] == [second.code]
    with transaction():
        open_sitting(code=sitting.code, by=BY, at=at)
    subjects = db.session.scalars(select(OutgoingMail.subject).where(OutgoingMail.subject.contains("mời chấm"))).all()
    assert len(subjects) == 3
    db.session.rollback()
    for verb in (
        lambda: open_sitting(code=sitting.code, by=BY, at=at),
        lambda: lay_table(code=sitting.code, dossier_codes=[first.code], by=BY, at=at),
        lambda: take_off(code=sitting.code, dossier_code=second.code, by=BY, at=at),
    ):
        with pytest.raises(TableLaid), transaction():
            verb()
    with pytest.raises(NotFound):
        get_sitting("PH00000000", by=BY)


def test_a_sitting_needs_a_table_members_a_place_and_a_day(world: World, at: datetime) -> None:
    sitting = make_sitting(round_code=world.round.code, at=at, opened=False)
    with pytest.raises(NotReady), transaction():
        open_sitting(code=sitting.code, by=BY, at=at)
    code = get_sitting(sitting.code, by=BY).council.code
    for held_on, place in ((world.round.opens_on - timedelta(days=1), "Sở"), (TODAY, " ")):
        with pytest.raises(Invalid), transaction():
            plan_sitting(council_code=code, round_code=world.round.code, held_on=held_on, place=place, by=BY, at=at)
    with transaction():
        again = plan_sitting(council_code=code, round_code=world.round.code, held_on=TODAY, place="Sở", by=BY, at=at)
    assert again.number == 2
    empty = make_sitting(admitted(world, at), round_code=world.round.code, at=at, members=0, opened=False)
    with pytest.raises(NotReady), transaction():
        open_sitting(code=empty.code, by=BY, at=at)
    stranger = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    for verb in (
        lambda: plan_sitting(
            council_code=code, round_code=world.round.code, held_on=TODAY, place="Sở", by=stranger, at=at
        ),
        lambda: lay_table(code=sitting.code, dossier_codes=[], by=stranger, at=at),
        lambda: take_off(code=sitting.code, dossier_code="HS0", by=stranger, at=at),
        lambda: open_sitting(code=sitting.code, by=stranger, at=at),
        lambda: close_sitting(code=sitting.code, by=stranger, at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()


def test_members_see_only_their_table_and_score_it(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at)
    member, stranger = members_of(sitting)[0], make_user(Role.COUNCIL_MEMBER, at=at)
    assert [s.code for s in list_own_sittings(by=member.actor())] == [sitting.code]
    assert list_own_sittings(by=stranger.actor()) == []
    assert list_own_sittings(by=Actor()) == []
    with pytest.raises(NotFound):
        get_own_sitting(sitting.code, by=stranger.actor())
    with pytest.raises(NotFound):
        seat_of(get_sitting(sitting.code, by=BY), stranger.actor())

    def save(facts: SheetFacts, *, sign: bool = False, by: User = member) -> ScoreSheet:
        facts = replace(facts, seen=seen_of(sitting, dossier, by))
        with transaction():
            return save_sheet(
                sitting_code=sitting.code, dossier_code=dossier.code, facts=facts, sign=sign, by=by.actor(), at=at
            )

    draft = save(SheetFacts({"A": Decimal("30.5")}))
    assert (draft.total, draft.signed_at, draft.points) == (Decimal("30.50"), None, {"A": "30.5"})
    with pytest.raises(Invalid) as refusal:
        save(SheetFacts({"A": Decimal(41), "B": Decimal(2)}), sign=True)
    assert set(refusal.value.fields) == {"A", "C", "knowingly"}
    for facts in (SheetFacts({"Z": Decimal(1)}), SheetFacts({}, frozenset({"9-none"}))):
        with pytest.raises(NotFound):
            save(facts)
    signed = save(FULL, sign=True)
    assert (signed.id, signed.total, signed.signed_at) == (draft.id, Decimal("75.00"), at)
    with pytest.raises(SheetSigned):
        save(SheetFacts({}))
    with pytest.raises(NotFound):
        save(FULL, by=stranger)
    with pytest.raises(Forbidden):
        save(FULL, by=world.user)
    with transaction():
        reopen_sheet(sitting_code=sitting.code, dossier_code=dossier.code, by=member.actor(), at=at)
    save(SheetFacts({"A": Decimal(1)}))
    other = members_of(sitting)[1].actor()
    with pytest.raises(NotFound), transaction():
        reopen_sheet(sitting_code=sitting.code, dossier_code=dossier.code, by=other, at=at)
    with pytest.raises(Forbidden), transaction():
        reopen_sheet(sitting_code=sitting.code, dossier_code=dossier.code, by=world.user.actor(), at=at)
    with transaction():
        db.session.execute(update(CouncilMember).where(CouncilMember.user_id == member.id).values(left_at=at))
    assert list_own_sittings(by=member.actor()) == []


def test_a_paper_sheet_whose_points_are_not_known_needs_its_scan(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    member = get_sitting(sitting.code, by=BY).council.members[0]

    def enter(facts: SheetFacts, scan: bytes | None = None, who: str = member.code, by: Actor = BY) -> ScoreSheet:
        document = take_document(scan, "phieu.pdf") if scan else None
        if document:
            put_document(document, at=at)
        with transaction():
            return enter_sheet(
                sitting_code=sitting.code,
                dossier_code=dossier.code,
                member_code=who,
                facts=facts,
                scan=document,
                by=by,
                at=at,
            )

    with pytest.raises(Invalid) as refusal:
        enter(FULL)
    assert set(refusal.value.fields) == {"files"}
    with pytest.raises(NotFound):
        enter(FULL, pdf(), who="TV0")
    with pytest.raises(Forbidden):
        enter(FULL, pdf(), by=make_user(Role.COMMUNE_OFFICER, at=at).actor())
    assert db.session.scalars(select(ScoreSheet.id)).all() == []
    db.session.rollback()
    sheet = enter(FULL, pdf())
    assert (sheet.total, sheet.signed_at, sheet.entered_by) == (Decimal("75.00"), at, BY.name)
    higher = SheetFacts({"A": Decimal(40), "B": Decimal(25), "C": Decimal(35)}, seen=sheet.mark, knowingly=True)
    again = enter(higher)
    assert (again.id, again.total, again.scan_id) == (sheet.id, Decimal("100.00"), sheet.scan_id)


def test_a_sheet_from_a_table_waits_unsigned_and_never_overwrites_a_signed_one(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    member = get_sitting(sitting.code, by=BY).council.members[0]

    def copy(*, sign: bool) -> ScoreSheet:
        with transaction():
            return copy_sheet(
                sitting_code=sitting.code,
                dossier_code=dossier.code,
                member_code=member.code,
                facts=FULL,
                sign=sign,
                by=BY,
                at=at,
            )

    assert copy(sign=False).signed_at is None
    assert copy(sign=True).signed_at == at
    with pytest.raises(SheetSigned):
        copy(sign=True)


@pytest.mark.parametrize(
    ("points", "met", "average", "stars", "by_band", "potential"),
    [
        ([("28", "18", "24"), ("29", "18", "25"), ("28", "19", "24.5")], "all", "71.17", 4, 4, False),
        ([("40", "25", "30"), ("38", "25", "33"), ("39", "25", "35")], "all", "96.67", 4, 5, True),
        ([("28", "18", "24"), ("29", "18", "25"), ("28", "19", "24.5")], "none", "71.17", 2, 4, False),
        ([("20", "10", "10"), ("20", "10", "9"), ("20", "10", "9")], "all", "39.33", 2, 2, False),
    ],
)
def test_the_star_by_band_and_by_minimum_criteria(
    world: World,
    at: datetime,
    points: list[tuple[str, str, str]],
    met: str,
    average: str,
    stars: int,
    by_band: int,
    potential: bool,
) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at)
    score(sitting, dossier, *points, at=at, met=met_of(dossier) if met == "all" else ())
    with transaction():
        close_sitting(code=sitting.code, by=BY, at=at)
    [entry] = list_table(sitting.id)
    assert (entry.average, entry.stars, entry.by_band, entry.potential_five) == (
        Decimal(average), stars, by_band, potential,
    )  # fmt: skip
    assert (fresh(dossier).state, fresh(dossier).score, fresh(dossier).stars) == (
        DossierState.SCORED, Decimal(average), stars,
    )  # fmt: skip


def test_a_sitting_closes_when_every_sheet_is_signed_and_then_stands(world: World, at: datetime) -> None:
    one, two = admitted(world, at, "Miến A"), admitted(world, at, "Miến B")
    sitting = make_sitting(one, two, round_code=world.round.code, at=at)
    member = members_of(sitting)[0].actor()

    def close() -> None:
        with transaction():
            close_sitting(code=sitting.code, by=BY, at=at)

    score(sitting, one, *[("20", "20", "20")] * 3, at=at)
    with pytest.raises(NotReady):
        close()  # the second product has no sheet
    score(sitting, two, *[("20", "20", "20")] * 3, at=at)
    with transaction():
        reopen_sheet(sitting_code=sitting.code, dossier_code=two.code, by=member, at=at)
    with pytest.raises(NotReady):
        close()  # a sheet is not signed
    assert {fresh(d).state for d in (one, two)} == {DossierState.ADMITTED}
    facts = replace(FULL, seen=seen_of(sitting, two, members_of(sitting)[0]))
    with transaction():
        save_sheet(sitting_code=sitting.code, dossier_code=two.code, facts=facts, sign=True, by=member, at=at)
    close()
    assert get_sitting(sitting.code, by=BY).state is SittingState.CLOSED
    with pytest.raises(NotReady):
        close()
    for verb in (
        lambda: save_sheet(sitting_code=sitting.code, dossier_code=two.code, facts=FULL, sign=True, by=member, at=at),
        lambda: reopen_sheet(sitting_code=sitting.code, dossier_code=two.code, by=member, at=at),
    ):
        with pytest.raises(NotOpen), transaction():
            verb()
    assert [s.spread.average for s in scored_table(sitting.id) if s.spread] == [Decimal(60), Decimal(65)]


def test_one_decision_grants_and_refuses_many(world: World, at: datetime) -> None:
    old = make_product(world.producer, "Chè cũ", at=at)
    make_certificate(old, at=at, stars=4)
    lowered = make_dossier(world.user, at=at, renews=old, to=DossierState.ADMITTED, round_code=world.round.code)
    raised, refused, later = (admitted(world, at, f"Món {n}") for n in range(3))
    sitting = make_sitting(lowered, raised, refused, later, round_code=world.round.code, at=at, members=1)
    met = met_of(raised)
    for dossier, points in (
        (lowered, ("25", "15", "20")),
        (raised, ("38", "24", "33")),
        (refused, ("10", "10", "10")),
        (later, ("30", "20", "25")),
    ):
        score(sitting, dossier, points, at=at, met=met)
    grant = [Ruling(d.code, True) for d in (lowered, raised)]
    with pytest.raises(NothingToDecide), transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=grant, by=BY, at=at)
    with transaction():
        close_sitting(code=sitting.code, by=BY, at=at)
    for rulings in ([], [Ruling("HS00000000", True)]):
        with pytest.raises(NothingToDecide), transaction():
            decide(sitting_code=sitting.code, decision=decision(), rulings=rulings, by=BY, at=at)
    with pytest.raises(Invalid) as refusal, transaction():
        wrong = [Ruling(refused.code, True), Ruling(later.code, False, " "), Ruling(raised.code, True)]
        decide(sitting_code=sitting.code, decision=decision(), rulings=wrong, by=BY, at=at)
    assert set(refusal.value.fields) == {refused.code, later.code}
    with pytest.raises(Invalid) as refusal, transaction():
        ministry = DecisionFacts("Bộ Thử", AuthorityLevel.MINISTRY, "1/QĐ-B", TODAY)
        decide(sitting_code=sitting.code, decision=ministry, rulings=grant, by=BY, at=at)
    assert set(refusal.value.fields) == {lowered.code, raised.code}
    assert {fresh(d).state for d in (lowered, raised, refused, later)} == {DossierState.SCORED}
    with transaction():
        rulings = [*grant, Ruling(refused.code, False, "Dưới 50 điểm")]
        assert decide(sitting_code=sitting.code, decision=decision(), rulings=rulings, by=BY, at=at) == 2
    certificates = {
        c.product_id: c for c in db.session.scalars(select(Certificate).where(Certificate.issued_on == TODAY))
    }
    given = {d.name: certificates[fresh(d).product_id or 0] for d in (lowered, raised)}
    assert {name: (c.stars, c.score, c.potential_five) for name, c in given.items()} == {
        "Chè cũ": (3, Decimal("60.00"), False),
        "Món 0": (4, Decimal("95.00"), True),
    }
    assert len({c.decision_id for c in given.values()}) == 1
    assert {d.name: fresh(d).state for d in (lowered, raised, refused, later)} == {
        "Chè cũ": DossierState.CERTIFIED,
        "Món 0": DossierState.CERTIFIED,
        "Món 1": DossierState.REFUSED,
        "Món 2": DossierState.SCORED,
    }
    with pytest.raises(NothingToDecide), transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=grant, by=BY, at=at)
    officer = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=[Ruling(later.code, True)], by=officer, at=at)


def refused(world: World, at: datetime) -> Dossier:
    dossier = admitted(world, at)
    sitting = scored_sitting(dossier, round_code=world.round.code, at=at, points=("10", "10", "10"))
    with transaction():
        rulings = [Ruling(dossier.code, False, "Dưới 50 điểm")]
        decide(sitting_code=sitting.code, decision=decision(), rulings=rulings, by=BY, at=at)
    return dossier


def test_an_appeal_upheld_is_scored_again(world: World, at: datetime) -> None:
    dossier, by = refused(world, at), world.user.actor()
    for words in (" ", "x" * 6001):
        with pytest.raises(Invalid), transaction():
            make_appeal(dossier_code=dossier.code, words=words, by=by, at=at)
    with pytest.raises(Forbidden), transaction():
        make_appeal(dossier_code=dossier.code, words="Không đúng", by=BY, at=at)
    with pytest.raises(NotAppealable), transaction():
        make_appeal(dossier_code=dossier.code, words="Không đúng", by=by, at=at + timedelta(days=91))
    with transaction():
        appeal = make_appeal(dossier_code=dossier.code, words="Không đúng", by=by, at=at + timedelta(days=90))
    with pytest.raises(AlreadyAppealed), transaction():
        make_appeal(dossier_code=dossier.code, words="Nữa", by=by, at=at)
    elsewhere = make_user(Role.PROVINCE_OFFICER, at=at, unit="01").actor()
    with pytest.raises(NotFound), transaction():
        answer_appeal(code=appeal.code, upheld=True, answer="Đúng", by=elsewhere, at=at)
    with pytest.raises(Forbidden), transaction():
        answer_appeal(code=appeal.code, upheld=True, answer="Đúng", by=by, at=at)
    with pytest.raises(Invalid), transaction():
        answer_appeal(code=appeal.code, upheld=True, answer=" ", by=BY, at=at)
    assert [a.code for a in list_open_appeals(by=BY)] == [appeal.code]
    with transaction():
        answer_appeal(code=appeal.code, upheld=True, answer="Chấm lại", by=BY, at=at)
    assert (fresh(dossier).state, fresh(dossier).score) == (DossierState.ADMITTED, None)
    with pytest.raises(AppealAnswered), transaction():
        answer_appeal(code=appeal.code, upheld=False, answer="Thôi", by=BY, at=at)
    assert (get_appeal(appeal.code, by=BY).state, list_open_appeals(by=BY)) == (AppealState.UPHELD, [])
    again = scored_sitting(dossier, round_code=world.round.code, at=at, points=("30", "20", "25"))
    with transaction():
        decide(sitting_code=again.code, decision=decision(), rulings=[Ruling(dossier.code, True)], by=BY, at=at)
    assert fresh(dossier).state is DossierState.CERTIFIED


def test_an_appeal_dismissed_leaves_everything(world: World, at: datetime) -> None:
    dossier = refused(world, at)
    with transaction():
        appeal = make_appeal(dossier_code=dossier.code, words="Không đúng", by=world.user.actor(), at=at)
    with transaction():
        answer_appeal(code=appeal.code, upheld=False, answer="Hội đồng đã chấm đúng", by=BY, at=at)
    assert fresh(dossier).state is DossierState.REFUSED
    told = db.session.scalars(
        select(OutgoingMail.text).where(OutgoingMail.subject.startswith("Trả lời khiếu nại"))
    ).one()
    assert "Hội đồng đã chấm đúng" in told
    preparing = make_dossier(world.user, at=at, name="Khác")
    with pytest.raises(NotAppealable), transaction():
        make_appeal(dossier_code=preparing.code, words="Sao lâu", by=world.user.actor(), at=at)


def test_an_upheld_appeal_against_a_star_leaves_the_certificate_until_the_next_decision(
    world: World, at: datetime
) -> None:
    dossier = admitted(world, at)
    sitting = scored_sitting(dossier, round_code=world.round.code, at=at, points=("25", "15", "20"))
    with transaction():
        decide(sitting_code=sitting.code, decision=decision(), rulings=[Ruling(dossier.code, True)], by=BY, at=at)
    with transaction():
        appeal = make_appeal(dossier_code=dossier.code, words="Đáng 4 sao", by=world.user.actor(), at=at)
    with transaction():
        answer_appeal(code=appeal.code, upheld=True, answer="Chấm lại", by=BY, at=at)
    again = db.session.scalars(select(Dossier).where(Dossier.kind == DossierKind.UPGRADE)).one()
    assert (again.state, again.previous_certificate_id, again.wanted_stars) == (
        DossierState.ADMITTED, fresh(dossier).certificate_id, 4,
    )  # fmt: skip
    assert set(papers_of(again.id)) == set(papers_of(dossier.id))
    assert fresh(dossier).state is DossierState.CERTIFIED


def test_five_stars_are_not_looked_at_again(world: World, at: datetime) -> None:
    dossier = refused(world, at)
    with pytest.raises(NotNow), transaction():
        look_again(dossier_id=dossier.id, row=world.round, by=BY, at=at)
    assert db.session.scalars(select(Appeal.id)).all() == []


# --- no way round the decision

VERBS = ("score", "close", "grant", "refuse", "appeal", "uphold", "reopen", "again")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(verbs=["score", "close", "grant", "refuse", "appeal", "uphold"])
@example(verbs=["score", "close", "refuse", "appeal", "uphold", "score", "close", "grant"])
@given(verbs=st.lists(st.sampled_from(VERBS), min_size=1, max_size=10))
def test_no_path_reaches_certified_without_a_decision(app: Flask, world: World, at: datetime, verbs: list[str]) -> None:
    connection = db.engine
    undo = connection.begin_nested()  # type: ignore[attr-defined] # within a test the engine is one open connection
    try:
        dossier = admitted(world, at)
        sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
        for number, verb in enumerate(verbs):
            _try(verb, world, dossier, sitting.code, at, f"{number}/QĐ-T")
            _holds(dossier)
    finally:
        db.session.rollback()
        undo.rollback()


def _try(verb: str, world: World, dossier: Dossier, sitting: str, at: datetime, number: str) -> None:
    member = members_of(get_sitting(sitting, by=BY))[0].actor()
    codes = {"sitting_code": sitting, "dossier_code": dossier.code}
    appeal = db.session.scalar(select(Appeal.code).order_by(Appeal.id.desc()))
    facts = SheetFacts(FULL.points, frozenset(met_of(dossier)))
    seen = seen_of(get_sitting(sitting, by=BY), dossier, members_of(get_sitting(sitting, by=BY))[0])
    ruling = Ruling(dossier.code, verb == "grant", "Vì thế")
    try:
        with transaction():
            if verb in ("score", "again"):
                save_sheet(**codes, facts=replace(facts, seen=seen), sign=verb == "score", by=member, at=at)
            elif verb == "close":
                close_sitting(code=sitting, by=BY, at=at)
            elif verb in ("grant", "refuse"):
                decide(sitting_code=sitting, decision=decision(number=number), rulings=[ruling], by=BY, at=at)
            elif verb == "appeal":
                make_appeal(dossier_code=dossier.code, words="Không đúng", by=world.user.actor(), at=at)
            elif verb == "uphold":
                answer_appeal(code=appeal or "", upheld=True, answer="Đúng", by=BY, at=at)
            else:
                reopen_sheet(**codes, by=member, at=at)
    except Refusal:
        db.session.rollback()


def _holds(dossier: Dossier) -> None:
    """Certified exactly with a certificate of the product, by a decision, after a step that says so."""
    found = fresh(dossier)
    granted = db.session.scalars(select(Certificate).where(Certificate.product_id == found.product_id)).all()
    steps = db.session.scalars(select(DossierStep.verb).where(DossierStep.dossier_id == found.id)).all()
    assert (found.state is DossierState.CERTIFIED) == bool(granted) == ("certified" in steps)
    assert all(certificate.decision_id for certificate in granted)
    assert db.session.get_one(Product, found.product_id)
    db.session.rollback()
