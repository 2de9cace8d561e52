"""Criteria, scores, decisions told together and never beyond a quota, answers, the waiting list, fees."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.services import suspend_producer
from marketplace.platform.audit.queries import list_acts
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate
from marketplace.trade.exhibitors.goods import lacks_of
from marketplace.trade.exhibitors.models import (
    Application,
    ApplicationState,
    Criterion,
    Decision,
    FeeMethod,
    FeeReceipt,
    FeeWaiver,
)
from marketplace.trade.exhibitors.queries import (
    get_application,
    list_applications,
    list_criteria,
    list_waiting,
    placings_of,
    points_of,
    scores_by,
)
from marketplace.trade.exhibitors.services import (
    CriteriaFixed,
    NothingPending,
    NothingToShow,
    NotNow,
    OfferOver,
    QuotaFull,
    ReceiptFacts,
    ReferenceKnown,
    TooLateToOffer,
    cancel,
    confirm,
    decline,
    mark_no_show,
    mark_pending,
    publish_decisions,
    record_fee,
    refund_fee,
    score_application,
    set_criteria,
    waive_fee,
    withdraw,
)
from marketplace.trade.exhibitors.standing import fees_of, ranked, rooms
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.rules import OUTSIDE
from tests.applying import CRITERIA, HOME, LATE, Exhibitor, again, apply, decide, make_booth, make_exhibitor, place
from tests.builders import BY, make_user, revoke_certificate
from tests.fairing import FAIR_DAY, lead_to, make_edition

DISTRICT = "before-2025:106"
HERE = "2025:03390"


def sent(n: int, at: datetime, code: str, **maker: Any) -> list[tuple[Exhibitor, Application]]:
    """So many applications, one minute after the other."""
    makers = [make_exhibitor(f"HTX {i}", at=at, **maker) for i in range(n)]
    return [(who, apply(who, code, at=at + timedelta(minutes=i))) for i, who in enumerate(makers)]


def letters(who: Exhibitor) -> list[str]:
    query = select(OutgoingMail.subject).where(OutgoingMail.to_address == who.user.email).order_by(OutgoingMail.id)
    return [subject for subject in db.session.scalars(query) if "Hội chợ" in subject]


def states(*rows: Application) -> list[ApplicationState]:
    return [again(row).state for row in rows]


def test_criteria_until_the_first_score(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    with transaction():
        set_criteria(code=edition.code, criteria=[("Cũ", "", 5)], by=BY, at=at)
        set_criteria(code=edition.code, criteria=CRITERIA, by=BY, at=at)
    kept = [(each.number, each.name, each.name_en, each.most) for each in list_criteria(edition.id)]
    assert kept == [(0, "Chất lượng", "Quality", 60), (1, "Gian đẹp", "", 40)]
    for wrong in ([("", "", 5)], [("A", "", 0)], [("A", "", 101)], [("A", "", 1)] * 13):
        with pytest.raises(Invalid), transaction():
            set_criteria(code=edition.code, criteria=wrong, by=BY, at=at)
    ((_who, row),) = sent(1, at, edition.code)
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with transaction():
        score_application(code=edition.code, application=row.code, points={0: 1, 1: 1}, by=officer, at=at)
    with pytest.raises(CriteriaFixed), transaction():
        set_criteria(code=edition.code, criteria=[], by=BY, at=at)
    placed = make_edition(at=at, state=EditionState.ALLOCATED)
    with pytest.raises(CriteriaFixed), transaction():
        set_criteria(code=placed.code, criteria=CRITERIA, by=BY, at=at)
    assert db.session.scalar(select(func.count()).select_from(Criterion)) == 2


def test_scores_of_two_officers_make_the_rank(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (_a, first), (_b, second), (_c, third) = sent(3, at, edition.code)
    one, two = (make_user(Role.PROVINCE_OFFICER, at=at).actor() for _ in range(2))
    with pytest.raises(Invalid), transaction():  # no criteria yet
        score_application(code=edition.code, application=first.code, points={}, by=one, at=at)
    with transaction():
        set_criteria(code=edition.code, criteria=CRITERIA, by=BY, at=at)
    for points in ({0: 61, 1: 1}, {0: 60, 1: -1}, {0: 60}):
        with pytest.raises(Invalid), transaction():
            score_application(code=edition.code, application=first.code, points=points, by=one, at=at)
    assert points_of([first.id]) == {}
    for row, by, points in (
        (first, one, {0: 10, 1: 10}),
        (first, one, {0: 50, 1: 40}),  # again: the last counts
        (first, two, {0: 45, 1: 39}),
        (second, one, {0: 60, 1: 27}),
    ):
        with transaction():
            score_application(code=edition.code, application=row.code, points=points, note_given="Tốt", by=by, at=at)
    rows = ranked(list_applications(edition.id), home=HOME)
    assert [(row.application.code, row.score, row.rank) for row in rows] == [
        (first.code, Fraction(87), 1),
        (second.code, Fraction(87), 2),
        (third.code, None, 3),
    ]
    mine = scores_by(first.id, officer_id=one.user_id)
    assert [(each.points, each.note) for each in mine.values()] == [(50, "Tốt"), (40, "Tốt")]
    decide(edition.code, Decision.REJECT, second, reason="Ít chỗ", at=at)
    with pytest.raises(NotNow), transaction():
        score_application(code=edition.code, application=second.code, points={0: 1, 1: 1}, by=one, at=at)


def test_what_is_pending_is_told_to_nobody(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.OPEN)
    (who, row), (_b, other) = sent(2, at, edition.code)
    with pytest.raises(Invalid) as told, transaction():
        mark_pending(code=edition.code, applications=[row.code], decision=Decision.REJECT, by=BY, at=at)
    assert list(told.value.fields) == ["reason"]
    with pytest.raises(Invalid) as told, transaction():
        mark_pending(code=edition.code, applications=[], decision=Decision.OFFER, by=BY, at=at)
    assert list(told.value.fields) == ["applications"]
    with pytest.raises(NotFound), transaction():
        mark_pending(code=edition.code, applications=[row.code, "GHKHONG"], decision=Decision.OFFER, by=BY, at=at)
    with transaction():
        assert (
            mark_pending(
                code=edition.code,
                applications=[row.code, other.code],
                decision=Decision.REJECT,
                reason=" Ít chỗ ",
                by=BY,
                at=at,
            )
            == 2
        )
    kept = again(row)
    assert (kept.state, kept.pending, kept.reason) == (ApplicationState.SUBMITTED, Decision.REJECT, "Ít chỗ")
    with transaction():
        mark_pending(code=edition.code, applications=[row.code], decision=None, by=BY, at=at)
    assert (again(row).pending, again(row).reason, letters(who)) == (None, "", [])
    with pytest.raises(NotNow), transaction():  # while producers still apply
        publish_decisions(code=edition.code, home=HOME, by=BY, at=at)
    assert states(row, other) == [ApplicationState.SUBMITTED] * 2


def test_all_decisions_at_once_each_told_once(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (a, offered), (b, first), (c, second), (d, refused) = sent(4, at, edition.code)
    lead_to(edition.code, EditionState.SELECTION, at=at)
    with pytest.raises(NothingPending), transaction():
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    for decision, rows in (
        (Decision.OFFER, [offered]),
        (Decision.WAIT, [second, first]),
        (Decision.REJECT, [refused]),
    ):
        with transaction():
            mark_pending(
                code=edition.code,
                applications=[row.code for row in rows],
                decision=decision,
                reason="Trùng hàng",
                by=BY,
                at=LATE,
            )
    with transaction():
        done = publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    assert done == {Decision.OFFER: 1, Decision.WAIT: 2, Decision.REJECT: 1}
    kept = again(offered)
    assert (kept.state, kept.pending, kept.reason) == (ApplicationState.OFFERED, None, "")
    assert (kept.decided_at, kept.answer_until) == (LATE, LATE + timedelta(days=5))
    assert [(each.code, each.wait_number) for each in list_waiting(edition.id)] == [(first.code, 1), (second.code, 2)]
    assert (again(refused).state, again(refused).reason) == (ApplicationState.REJECTED, "Trùng hàng")
    with pytest.raises(NothingPending), transaction():
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    assert [letters(who) for who in (a, b, c, d)] == [
        ["Bạn được mời nhận gian ở “Hội chợ OCOP thử”"],
        ["Bạn ở danh sách chờ của “Hội chợ OCOP thử”"],
        ["Bạn ở danh sách chờ của “Hội chợ OCOP thử”"],
        ["Đơn của bạn ở “Hội chợ OCOP thử” không được chọn"],
    ]
    decide(edition.code, Decision.WAIT, refused, at=LATE + timedelta(hours=1))  # the office thinks again
    assert (again(refused).state, again(refused).reason, again(refused).wait_number) == (
        ApplicationState.WAITING,
        "",
        3,
    )
    with pytest.raises(NotNow), transaction():
        mark_pending(code=edition.code, applications=[offered.code], decision=Decision.OFFER, by=BY, at=LATE)


def test_an_offer_never_stands_into_the_fair(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, answer_days=30)
    (_a, row), (_b, late) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    assert again(row).answer_until == midnight(FAIR_DAY)
    with pytest.raises(TooLateToOffer), transaction():
        mark_pending(code=edition.code, applications=[late.code], decision=Decision.OFFER, by=BY, at=LATE)
        publish_decisions(code=edition.code, home=HOME, by=BY, at=midnight(FAIR_DAY))
    assert states(row, late) == [ApplicationState.OFFERED, ApplicationState.SUBMITTED]


@pytest.mark.parametrize(
    ("place_of", "commune", "name"),
    [(HERE, "03390", "Xã Bình Lư"), (DISTRICT, "03390", "Huyện Tam Đường"), (OUTSIDE, "00004", "")],
)
def test_quotas_are_never_exceeded(app: Flask, at: datetime, place_of: str, commune: str, name: str) -> None:
    edition = make_edition(at=at, quotas={place_of: 1})
    rows = [row for _who, row in sent(2, at, edition.code, commune=commune)]
    lead_to(edition.code, EditionState.SELECTION, at=at)
    with transaction():
        mark_pending(
            code=edition.code, applications=[row.code for row in rows], decision=Decision.OFFER, by=BY, at=LATE
        )
    listed = ranked(list_applications(edition.id), home=HOME)
    (room,) = rooms(get_edition(edition.code), listed, home=HOME)
    assert (room.place, room.used, room.pending, room.most, room.left) == (place_of, 0, 2, 1, 1)
    with pytest.raises(QuotaFull) as told, transaction():
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    assert told.value.facts == ({"most": 1, "place": name} if name else {"most": 1})
    assert states(*rows) == [ApplicationState.SUBMITTED] * 2
    assert db.session.scalar(select(func.count()).where(OutgoingMail.subject.contains("được mời"))) == 0
    with transaction():
        mark_pending(code=edition.code, applications=[rows[1].code], decision=None, by=BY, at=LATE)
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    (room,) = rooms(get_edition(edition.code), ranked(list_applications(edition.id), home=HOME), home=HOME)
    assert (room.used, room.pending, room.left) == (1, 0, 0)
    with pytest.raises(QuotaFull), transaction():
        mark_pending(code=edition.code, applications=[rows[1].code], decision=Decision.OFFER, by=BY, at=LATE)
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    assert states(*rows) == [ApplicationState.OFFERED, ApplicationState.SUBMITTED]


def test_taken_in_time(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (who, row), (other, submitted) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    for by in (other.by, make_exhibitor("Lạ", at=at).by):
        with pytest.raises((NotNow, NotFound)), transaction():
            confirm(code=edition.code, by=by, at=LATE)
    until = again(row).answer_until
    assert until is not None
    with pytest.raises(OfferOver), transaction():
        confirm(code=edition.code, by=who.by, at=until + timedelta(seconds=1))
    with transaction():
        confirm(code=edition.code, by=who.by, at=until)
    kept = again(row)
    assert (kept.state, kept.answered_at) == (ApplicationState.CONFIRMED, until)
    with pytest.raises(NotNow), transaction():
        confirm(code=edition.code, by=who.by, at=until)
    assert states(submitted) == [ApplicationState.SUBMITTED]
    acts = [each.action for each in list_acts([("exhibitor", row.code)], since=None, until=None, most=99)]
    assert acts[0] == "exhibitor.confirmed"
    assert set(acts) == {
        f"exhibitor.{verb}" for verb in ("started", "saved", "submitted", "pending", "offered", "confirmed")
    }


def leave_by_declining(code: str, who: Exhibitor, row: Application) -> None:
    decline(code=code, home=HOME, by=who.by, at=LATE)


def leave_by_withdrawing(code: str, who: Exhibitor, row: Application) -> None:
    confirm(code=code, by=who.by, at=LATE)
    withdraw(code=code, home=HOME, by=who.by, at=LATE)


def leave_by_being_struck_off(code: str, who: Exhibitor, row: Application) -> None:
    cancel(code=code, application=row.code, reason="Hàng giả", home=HOME, by=BY, at=LATE)


@pytest.mark.parametrize(
    ("leave", "left"),
    [
        (leave_by_declining, ApplicationState.DECLINED),
        (leave_by_withdrawing, ApplicationState.WITHDRAWN),
        (leave_by_being_struck_off, ApplicationState.CANCELLED),
    ],
)
def test_the_next_that_fits_is_offered_what_comes_free(
    app: Flask, at: datetime, leave: Callable[[str, Exhibitor, Application], None], left: ApplicationState
) -> None:
    edition = make_edition(at=at, quotas={HERE: 1, OUTSIDE: 1})
    ((a, here),) = sent(1, at, edition.code)
    (b, outside), (c, no_room), (e, doomed) = sent(3, at, edition.code, commune="00004")
    (d, fits), (f, later) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, here, outside, at=LATE)
    decide(edition.code, Decision.WAIT, no_room, doomed, at=LATE)  # first in line, but their place is full
    decide(edition.code, Decision.WAIT, fits, later, at=LATE)
    booth = make_booth(edition.code)
    place(here, booth, at=LATE)
    with transaction():
        leave(edition.code, a, here)
    assert states(here, outside, no_room, doomed, fits, later) == [
        left,
        ApplicationState.OFFERED,
        ApplicationState.WAITING,
        ApplicationState.WAITING,
        ApplicationState.OFFERED,
        ApplicationState.WAITING,
    ]
    assert placings_of([here.id]) == {}
    kept = again(fits)
    assert (kept.answer_until, kept.wait_number) == (LATE + timedelta(days=5), None)
    assert letters(d)[-1] == "Bạn được mời nhận gian ở “Hội chợ OCOP thử”"
    assert [letters(who)[-1] for who in (c, f)] == ["Bạn ở danh sách chờ của “Hội chợ OCOP thử”"] * 2
    place(fits, booth, at=LATE)  # the booth is free again
    with transaction():  # whom the office means to reject is passed over
        mark_pending(
            code=edition.code, applications=[no_room.code], decision=Decision.REJECT, reason="Trùng", by=BY, at=LATE
        )
        decline(code=edition.code, home=HOME, by=b.by, at=LATE)
    assert states(no_room, doomed) == [ApplicationState.WAITING, ApplicationState.OFFERED]
    assert letters(e)[-1] == "Bạn được mời nhận gian ở “Hội chợ OCOP thử”"


def lose_its_certificate(who: Exhibitor) -> None:
    mine = select(Certificate).where(Certificate.product_id == who.listing.product_id)
    revoke_certificate(db.session.scalars(mine).one(), at=LATE)


def be_suspended(who: Exhibitor) -> None:
    with transaction():
        suspend_producer(slug=who.producer.slug, by=BY, at=LATE)


@pytest.mark.parametrize("lose", [lose_its_certificate, be_suspended])
def test_who_has_nothing_to_show_any_more_gets_no_place(
    app: Flask, at: datetime, lose: Callable[[Exhibitor], None]
) -> None:
    edition = make_edition(at=at)
    (a, first), (b, offered), (c, waiting), (_d, next_in_line) = sent(4, at, edition.code)
    decide(edition.code, Decision.OFFER, first, offered, at=LATE)
    decide(edition.code, Decision.WAIT, waiting, next_in_line, at=LATE)
    lose(b)
    with pytest.raises(NothingToShow), transaction():
        confirm(code=edition.code, by=b.by, at=LATE)
    lose(c)
    with transaction():
        mark_pending(code=edition.code, applications=[waiting.code], decision=Decision.OFFER, by=BY, at=LATE)
    with pytest.raises(NothingToShow), transaction():
        publish_decisions(code=edition.code, home=HOME, by=BY, at=LATE)
    told = len(letters(c))
    with transaction():
        decline(code=edition.code, home=HOME, by=a.by, at=LATE)
    assert states(offered, waiting, next_in_line) == [
        ApplicationState.OFFERED,
        ApplicationState.WAITING,
        ApplicationState.OFFERED,  # passed on by the first in line
    ]
    assert len(letters(c)) == told


def test_nobody_is_offered_a_place_once_the_fair_begins(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (a, row), (_b, waiting) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    decide(edition.code, Decision.WAIT, waiting, at=LATE)
    with transaction():
        decline(code=edition.code, home=HOME, by=a.by, at=midnight(FAIR_DAY))
    assert states(row, waiting) == [ApplicationState.DECLINED, ApplicationState.WAITING]


def test_with_nobody_waiting_a_place_stays_free(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (a, row), (_b, other) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    with transaction():
        decline(code=edition.code, home=HOME, by=a.by, at=LATE)
    with pytest.raises(NotNow), transaction():
        decline(code=edition.code, home=HOME, by=a.by, at=LATE)
    assert states(row, other) == [ApplicationState.DECLINED, ApplicationState.SUBMITTED]


def test_struck_off_with_a_reason(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ((who, row),) = sent(1, at, edition.code)
    with pytest.raises(Invalid), transaction():
        cancel(code=edition.code, application=row.code, reason=" ", home=HOME, by=BY, at=at)
    with transaction():
        cancel(code=edition.code, application=row.code, reason="Hàng giả", home=HOME, by=BY, at=at)
    assert (again(row).state, again(row).reason) == (ApplicationState.CANCELLED, "Hàng giả")
    assert letters(who) == ["Đơn của bạn ở “Hội chợ OCOP thử” bị hủy"]
    with pytest.raises(NotNow), transaction():
        cancel(code=edition.code, application=row.code, reason="Lại", home=HOME, by=BY, at=at)
    assert again(row).reason == "Hàng giả"


def test_who_did_not_come(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (who, row), (_b, other) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, other, at=LATE)
    with transaction():
        confirm(code=edition.code, by=who.by, at=LATE)
    with pytest.raises(NotNow), transaction():
        mark_no_show(code=edition.code, application=row.code, by=BY, at=LATE)
    lead_to(edition.code, EditionState.RUNNING, at=at)
    day = datetime(2026, 12, 18, 5, tzinfo=UTC)
    with pytest.raises(NotNow), transaction():  # it never confirmed
        mark_no_show(code=edition.code, application=other.code, by=BY, at=day)
    with pytest.raises(NotNow), transaction():
        decline(code=edition.code, home=HOME, by=who.by, at=day)
    with transaction():
        mark_no_show(code=edition.code, application=row.code, by=BY, at=day)
    assert states(row, other) == [ApplicationState.NO_SHOW, ApplicationState.OFFERED]


def test_only_the_office_judges(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    ((who, row),) = sent(1, at, edition.code)
    acts: tuple[Callable[[], object], ...] = (
        lambda: set_criteria(code=edition.code, criteria=CRITERIA, by=who.by, at=at),
        lambda: score_application(code=edition.code, application=row.code, points={}, by=who.by, at=at),
        lambda: mark_pending(code=edition.code, applications=[row.code], decision=Decision.OFFER, by=who.by, at=at),
        lambda: publish_decisions(code=edition.code, home=HOME, by=who.by, at=at),
        lambda: cancel(code=edition.code, application=row.code, reason="x", home=HOME, by=who.by, at=at),
        lambda: mark_no_show(code=edition.code, application=row.code, by=who.by, at=at),
        lambda: waive_fee(code=edition.code, application=row.code, reason="x", by=who.by, at=at),
    )
    for act in acts:
        with pytest.raises(Forbidden), transaction():
            act()
    assert (states(row), list_criteria(edition.id)) == ([ApplicationState.SUBMITTED], [])
    with pytest.raises(NotFound):
        get_application(make_edition(at=at).id, row.code)
    assert lacks_of(edition, [get_application(edition.id, row.code)]) == {who.listing.id: ()}


def test_a_fee_is_the_booths_price(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    (_a, row), (_b, other) = sent(2, at, edition.code)
    decide(edition.code, Decision.OFFER, row, other, at=LATE)
    cash, moved = FeeMethod.CASH, FeeMethod.TRANSFER

    def pay(amount: int, method: FeeMethod, reference: str = "", of: Application = row) -> FeeReceipt:
        with transaction():
            facts = ReceiptFacts(Money(amount), method, reference)
            return record_fee(code=edition.code, application=of.code, facts=facts, by=BY, at=LATE)

    def stands(of: Application = row) -> tuple[int | None, int, int, int]:
        fee = fees_of([of.id])[of.id]
        return fee.fee.amount if fee.fee else None, fee.paid.amount, fee.owed.amount, fee.to_return.amount

    assert stands() == (None, 0, 0, 0)
    with pytest.raises(Invalid):
        pay(1, cash)
    booth = make_booth(edition.code, "A1", price=2_000_000)
    place(row, booth, at=LATE)
    place(other, make_booth(edition.code, "A2", price=500_000), at=LATE)
    assert stands() == (2_000_000, 0, 2_000_000, 0)
    for amount, method, reference, field in (
        (0, cash, "", "amount"),
        (2_000_001, cash, "", "amount"),
        (1, moved, " ", "reference"),
    ):
        with pytest.raises(Invalid) as told:
            pay(amount, method, reference)
        assert list(told.value.fields) == [field]
    pay(1_500_000, moved, "FT1")
    first = pay(500_000, cash, "ghi thừa")
    assert (first.bank_reference, stands()) == (None, (2_000_000, 2_000_000, 0, 0))
    with pytest.raises(ReferenceKnown):
        pay(500_000, moved, "FT1", of=other)
    assert stands(other) == (500_000, 0, 500_000, 0)
    with pytest.raises(NotFound), transaction():
        refund_fee(code=edition.code, application=other.code, receipt_id=first.id, by=BY, at=LATE)
    with transaction():
        refund_fee(code=edition.code, application=row.code, receipt_id=first.id, by=BY, at=LATE)
    with pytest.raises(NotNow), transaction():
        refund_fee(code=edition.code, application=row.code, receipt_id=first.id, by=BY, at=LATE)
    assert stands() == (2_000_000, 1_500_000, 500_000, 0)
    for reason, refusal in ((" ", Invalid), ("Hộ nghèo", None), ("Lần nữa", NotNow)):
        if refusal is None:
            with transaction():
                waive_fee(code=edition.code, application=row.code, reason=reason, by=BY, at=LATE)
        else:
            with pytest.raises(refusal), transaction():
                waive_fee(code=edition.code, application=row.code, reason=reason, by=BY, at=LATE)
    assert stands() == (2_000_000, 1_500_000, 0, 1_500_000)
    assert [waiver.reason for waiver in db.session.scalars(select(FeeWaiver))] == ["Hộ nghèo"]
    assert db.session.scalar(select(func.count()).select_from(FeeReceipt)) == 2
