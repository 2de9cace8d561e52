"""What a signature rests on: the sheet last seen, every line or a word that it is meant, members who are there."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.registry.councils.minutes import minutes
from marketplace.registry.councils.models import ScoreSheet, Seat, Sitting, SittingState
from marketplace.registry.councils.queries import get_sitting, list_sheets, list_table, missing_sheets, scored_table
from marketplace.registry.councils.services import (
    NoChair,
    NotReady,
    SeatFacts,
    SheetChanged,
    SheetFacts,
    SheetsMissing,
    TableLaid,
    add_member,
    close_sitting,
    end_seat,
    enter_sheet,
    open_sitting,
    reopen_sheet,
    save_sheet,
    take_off,
)
from marketplace.registry.councils.services.scoring import copy_sheet
from marketplace.registry.dossiers.models import Dossier
from marketplace.registry.dossiers.services import withdraw_dossier
from tests.builders import BY, make_sitting, members_of, pdf, score
from tests.pdf_text import pdf_words
from tests.registry.councils.test_councils import FULL, World, admitted, fresh, world

__all__ = ["world"]

LESS = SheetFacts({"A": Decimal(20), "B": Decimal(20), "C": Decimal(25)})


def sign(
    sitting: Sitting, dossier: Dossier, facts: SheetFacts, who: int, at: datetime, *, sign: bool = True
) -> ScoreSheet:
    by = members_of(sitting)[who].actor()
    with transaction():
        return save_sheet(sitting_code=sitting.code, dossier_code=dossier.code, facts=facts, sign=sign, by=by, at=at)


def enter(sitting: Sitting, dossier: Dossier, facts: SheetFacts, at: datetime) -> ScoreSheet:
    """The first member's paper sheet, with its scan."""
    scan = take_document(pdf("phiếu"), "phieu.pdf")
    put_document(scan, at=at)
    member = get_sitting(sitting.code, by=BY).council.members[0].code
    with transaction():
        return enter_sheet(
            sitting_code=sitting.code,
            dossier_code=dossier.code,
            member_code=member,
            facts=facts,
            scan=scan,
            by=BY,
            at=at,
        )


def sheets_of(sitting: Sitting) -> list[tuple[Decimal, bool]]:
    db.session.rollback()
    db.session.expunge_all()
    return [(sheet.total, sheet.signed_at is not None) for sheet in list_sheets(sitting.id)]


def close(sitting: Sitting, at: datetime, *without: tuple[str, str]) -> None:
    with transaction():
        close_sitting(code=sitting.code, without=without, by=BY, at=at)


def detail_of(action: str) -> dict[str, object]:
    db.session.rollback()
    found: dict[str, object] = db.session.scalars(
        select(AuditEntry.detail).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()).limit(1)
    ).one()
    return found


def test_a_sheet_changed_since_it_was_seen_is_not_signed(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    first = sign(sitting, dossier, LESS, 0, at, sign=False)
    for facts in (FULL, replace(FULL, seen="0" * 16)):
        for signing in (True, False):
            with pytest.raises(SheetChanged):
                sign(sitting, dossier, facts, 0, at, sign=signing)
    assert sheets_of(sitting) == [(Decimal(65), False)]
    second = sign(sitting, dossier, replace(LESS, comment="Thơm", seen=first.mark), 0, at, sign=False)
    assert second.mark != first.mark  # a word is a change too
    member = get_sitting(sitting.code, by=BY).council.members[0].code
    with transaction():  # a file comes between
        copy_sheet(
            sitting_code=sitting.code,
            dossier_code=dossier.code,
            member_code=member,
            facts=FULL,
            sign=False,
            by=BY,
            at=at,
        )
    with pytest.raises(SheetChanged):
        sign(sitting, dossier, replace(LESS, seen=second.mark), 0, at)
    assert sheets_of(sitting) == [(Decimal(75), False)]
    [now] = list_sheets(sitting.id)
    assert sign(sitting, dossier, replace(LESS, seen=now.mark), 0, at).total == Decimal(65)


def test_empty_lines_are_signed_knowingly(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    part = SheetFacts({"A": Decimal(30)})
    with pytest.raises(Invalid) as refusal:
        sign(sitting, dossier, part, 0, at)
    assert set(refusal.value.fields) == {"B", "C", "knowingly"}
    with pytest.raises(Invalid) as refusal:
        sign(sitting, dossier, SheetFacts({}, knowingly=True), 0, at)
    assert set(refusal.value.fields) == {"A", "B", "C"}
    assert sheets_of(sitting) == []
    signed = sign(sitting, dossier, replace(part, knowingly=True), 0, at)
    assert (signed.total, signed.points) == (Decimal(30), {"A": "30"})
    assert detail_of("sheet.signed")["empty"] == ["B", "C"]


def test_a_paper_sheet_below_what_is_there_or_over_a_signature_is_entered_knowingly(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    draft = sign(sitting, dossier, FULL, 0, at, sign=False)
    with pytest.raises(SheetChanged):
        enter(sitting, dossier, LESS, at)
    seen = replace(LESS, seen=draft.mark)
    with pytest.raises(Invalid) as refusal:
        enter(sitting, dossier, seen, at)
    assert refusal.value.fields == {
        "knowingly": "Tổng này thấp hơn điểm đang có trên phiếu. Đúng như phiếu giấy thì đánh dấu ở đây."
    }
    assert sheets_of(sitting) == [(Decimal(75), False)]
    signed = enter(sitting, dossier, replace(seen, knowingly=True), at)
    assert (signed.total, signed.signed_at) == (Decimal(65), at)
    with pytest.raises(Invalid) as refusal:
        enter(sitting, dossier, replace(FULL, seen=signed.mark), at)
    assert refusal.value.fields == {"knowingly": "Phiếu này đã ký. Muốn thay bằng phiếu giấy thì đánh dấu ở đây."}
    assert sheets_of(sitting) == [(Decimal(65), True)]


def test_a_paper_sheet_above_an_unsigned_one_needs_no_word(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=1)
    draft = sign(sitting, dossier, LESS, 0, at, sign=False)
    assert enter(sitting, dossier, replace(FULL, seen=draft.mark), at).total == Decimal(75)


def test_who_leaves_takes_unsigned_sheets_along_and_signed_ones_count(world: World, at: datetime) -> None:
    one, two = admitted(world, at, "Miến A"), admitted(world, at, "Miến B")
    sitting = make_sitting(one, two, round_code=world.round.code, at=at, members=2)
    sign(sitting, one, FULL, 0, at)
    sign(sitting, two, FULL, 0, at)
    sign(sitting, one, LESS, 1, at)
    scanned = sign(sitting, two, LESS, 1, at)
    council = get_sitting(sitting.code, by=BY).council
    chair, leaver = council.members
    scan = take_document(pdf("phiếu"), "phieu.pdf")
    put_document(scan, at=at)
    facts = replace(LESS, seen=scanned.mark, knowingly=True)
    codes = {"sitting_code": sitting.code, "dossier_code": two.code}
    with transaction():
        enter_sheet(**codes, member_code=leaver.code, facts=facts, scan=scan, by=BY, at=at)
        reopen_sheet(**codes, by=members_of(sitting)[1].actor(), at=at)
    with pytest.raises(NotReady):
        close(sitting, at)  # it waits for the second product's sheet
    with transaction():
        end_seat(council_code=council.code, member_code=leaver.code, by=BY, at=at)
    assert sheets_of(sitting) == [(Decimal(75), True), (Decimal(75), True), (Decimal(65), True)]
    assert detail_of("council.seat_ended") == {"member": leaver.code, "sheets_dropped": [two.code]}
    with pytest.raises(NotFound):
        sign(sitting, two, LESS, 1, at)
    close(sitting, at)
    assert [entry.average for entry in list_table(sitting.id)] == [Decimal(70), Decimal(75)]
    found = get_sitting(sitting.code, by=BY)
    assert found.absences == {"missing": {}, "left": {leaver.code: "2026-11-23"}}
    words = pdf_words(minutes(found))
    assert "rời hội đồng ngày 23/11/2026, phiếu đã ký vẫn tính" in words
    assert chair.name in words


def test_a_sitting_closes_without_a_sheet_only_where_that_is_said(world: World, at: datetime) -> None:
    one, two = admitted(world, at, "Miến A"), admitted(world, at, "Miến B")
    sitting = make_sitting(one, two, round_code=world.round.code, at=at, members=3)
    for dossier in (one, two):
        sign(sitting, dossier, FULL, 0, at)
    sign(sitting, one, FULL, 1, at)
    _chair, second, third = (m.code for m in get_sitting(sitting.code, by=BY).council.members)
    missing = {second: [two.code], third: [one.code, two.code]}
    assert missing_sheets(get_sitting(sitting.code, by=BY), scored_table(sitting.id)) == missing
    for without in ((), ((second, two.code), (third, one.code)), ((third, two.code), (second, one.code))):
        with pytest.raises(SheetsMissing):
            close(sitting, at, *without)
    db.session.rollback()
    assert get_sitting(sitting.code, by=BY).state is SittingState.OPEN
    assert fresh(one).score is None
    close(sitting, at, (second, two.code), (third, one.code), (third, two.code))
    found = get_sitting(sitting.code, by=BY)
    assert found.absences == {"missing": missing, "left": {}}
    words = pdf_words(minutes(found))
    assert detail_of("sitting.closed") == {"missing": missing, "left": {}}
    assert "Không có phiếu của Ông Thử 3: Miến A; Miến B." in words
    assert "Không có phiếu của Ông Thử 2: Miến B." in words


def test_a_council_without_a_chairman_opens_nothing(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=2, opened=False)
    council = get_sitting(sitting.code, by=BY).council
    with transaction():
        end_seat(council_code=council.code, member_code=council.members[0].code, by=BY, at=at)
    with pytest.raises(NoChair), transaction():
        open_sitting(code=sitting.code, by=BY, at=at)
    assert get_sitting(sitting.code, by=BY).state is SittingState.PLANNED
    facts = SeatFacts("moi@example.com", "Bà Mới", "Sở", Seat.CHAIR)
    with transaction():
        add_member(council_code=council.code, facts=facts, by=BY, at=at)
    with transaction():
        open_sitting(code=sitting.code, by=BY, at=at)
    assert get_sitting(sitting.code, by=BY).state is SittingState.OPEN


def test_what_was_withdrawn_does_not_hold_up_the_others(world: World, at: datetime) -> None:
    one, two = admitted(world, at, "Miến A"), admitted(world, at, "Miến B")
    sitting = make_sitting(one, two, round_code=world.round.code, at=at, members=1)
    for dossier in (one, two):
        score(sitting, dossier, ("30", "20", "25"), at=at)
    with pytest.raises(TableLaid), transaction():
        take_off(code=sitting.code, dossier_code=two.code, by=BY, at=at)
    with transaction():
        withdraw_dossier(code=two.code, by=world.user.actor(), at=at + timedelta(hours=1))
    with transaction():
        take_off(code=sitting.code, dossier_code=two.code, by=BY, at=at)
    assert sheets_of(sitting) == [(Decimal(75), True)]
    close(sitting, at)
    assert [(e.dossier.code, e.average) for e in list_table(sitting.id)] == [(one.code, Decimal(75))]


def test_a_sheet_begun_on_the_screen_goes_with_its_member(world: World, at: datetime) -> None:
    dossier = admitted(world, at)
    sitting = make_sitting(dossier, round_code=world.round.code, at=at, members=2)
    sign(sitting, dossier, FULL, 0, at)
    sign(sitting, dossier, LESS, 1, at, sign=False)
    council = get_sitting(sitting.code, by=BY).council
    with transaction():
        end_seat(council_code=council.code, member_code=council.members[1].code, by=BY, at=at)
    assert sheets_of(sitting) == [(Decimal(75), True)]
