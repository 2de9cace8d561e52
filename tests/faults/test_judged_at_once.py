"""Two people judge the same thing at the same moment: the second one is told, and nothing of theirs is written.

On PostgreSQL the second stands in the queue for the row; on SQLite a whole write block waits for the other. Each
guard is also taken away, and the fault shows: the judgement on both databases, lock and second reading on PostgreSQL.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from marketplace.app import create_app
from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.models import Paper, PaperState
from marketplace.people.papers.services import look_at_paper, withdraw_paper
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.imports.rules import Row
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.councils.importing import ScoresImporter
from marketplace.registry.councils.models import Appeal, CouncilMember, ScoreSheet, SittingState
from marketplace.registry.councils.queries import get_sitting
from marketplace.registry.councils.services import (
    Ruling,
    SeatFacts,
    SheetFacts,
    add_member,
    answer_appeal,
    close_sitting,
    decide,
    end_seat,
    make_appeal,
    save_sheet,
)
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.registry.dossiers.services import withdraw_dossier
from tests.builders import (
    BY,
    make_dossier,
    make_paper,
    make_producer,
    make_round,
    make_sitting,
    make_user,
    members_of,
    score,
    scored_sitting,
)
from tests.conftest import AT
from tests.databases import KINDS, migrated_database, settings_for
from tests.faults.test_revoked_meanwhile import _until_waiting
from tests.registry.councils.test_councils import FULL, decision

BOTH = [(kind, guard) for kind in KINDS for guard in ("whole", "unjudged")]
QUEUED = [*BOTH, ("postgresql", "unlocked")]


def unlocked(query: Any, *_of: Any) -> Any:
    """`held` without its lock."""
    return query.execution_options(populate_existing=True)


def unread(query: Any, *of: Any) -> Any:
    """`held` that does not read again what the session has."""
    return query.with_for_update(of=of or None)


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application whose blocks really commit, on the database that the test names first."""
    kind = request.node.callspec.params["kind"]
    app = create_app(settings_for(migrated_database(kind, "at_once"), f"at-once-{kind}", queue_path=""))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def meet(house: Flask, first: Callable[[], object], second: Callable[[], object], *, joined: bool = False) -> str:
    """Both verbs in blocks of their own, the second begun before the first has committed; what the second came to.

    `joined`: nothing holds the second back, so it is waited for before the first commits.
    """
    came: list[str] = []

    def other() -> None:
        with house.app_context():
            try:
                with transaction():
                    second()
            except Refusal as refusal:
                came.append(f"{refusal.status} {refusal.code}")
            except (StaleDataError, IntegrityError) as error:
                came.append(type(error).__name__)
            else:
                came.append("done")

    waiting = threading.Thread(target=other)
    with house.app_context():
        with transaction():
            first()
            db.session.flush()
            waiting.start()
            if joined:
                waiting.join(30)
            elif db.engine.dialect.name == "postgresql":
                _until_waiting(house, 1)
        waiting.join(30)
        db.session.rollback()
    return came[0]


def maker_and_round() -> tuple[User, str]:
    user = make_user(Role.PRODUCER, at=AT)
    make_producer("Lò miến", at=AT, user=user)
    return user, make_round(at=AT).code


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_an_appeal_is_answered_by_one_of_two_officers(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = scored_sitting(dossier, round_code=row, at=AT, points=("10", "10", "10"))
        with transaction():
            decide(
                sitting_code=sitting.code,
                decision=decision(),
                rulings=[Ruling(dossier.code, False, "Ít")],
                by=BY,
                at=AT,
            )
        with transaction():
            appeal = make_appeal(dossier_code=dossier.code, words="Không đúng", by=user.actor(), at=AT).code
    if guard == "unjudged":
        monkeypatch.setattr("marketplace.registry.councils.services.appeals._still_open", lambda _appeal: None)
    if guard == "unlocked":
        monkeypatch.setattr("marketplace.registry.councils.queries.held", unlocked)
    came = meet(
        house,
        lambda: answer_appeal(code=appeal, upheld=False, answer="Đã chấm đúng", by=BY, at=AT),
        lambda: answer_appeal(code=appeal, upheld=True, answer="Chấm lại", by=BY, at=AT),
    )
    with house.app_context():
        told = db.session.execute(select(Appeal.state, Appeal.answer)).one()
        letters = db.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.key.startswith("appeal-answered"))
        ).all()
        state = db.session.scalar(select(Dossier.state))
    if guard == "whole":
        assert (came, *told) == ("409 appeal_answered", "dismissed", "Đã chấm đúng")
        assert (state, len(letters)) == (DossierState.REFUSED, 1)
    else:  # the fault: both judged, and the producer holds a letter that is no longer true
        assert (came, *told, state) == ("done", "upheld", "Chấm lại", DossierState.ADMITTED)


@pytest.mark.parametrize("producer", [True, False])
@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_a_paper_is_judged_as_it_was_seen(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str, producer: bool
) -> None:
    """One officer refuses it, or its producer withdraws it, while another accepts it."""
    with house.app_context():
        user, _row = maker_and_round()
        paper = make_paper(user, at=AT)
    if guard == "unjudged":
        monkeypatch.setattr("marketplace.people.papers.services._same_as_seen", lambda _paper, _seen: None)
        monkeypatch.setattr(
            "marketplace.people.papers.services.TRANSITIONS", dict.fromkeys(PaperState, frozenset(PaperState))
        )
    if guard == "unlocked":
        monkeypatch.setattr("marketplace.people.papers.queries.held", unlocked)

    def judge(accepted: bool) -> Paper:
        return look_at_paper(code=paper.code, accepted=accepted, remark="Mờ", seen=paper.mark, by=BY, at=AT)

    def withdraw() -> None:
        withdraw_paper(code=paper.code, by=user.actor(), at=AT)

    came = meet(house, withdraw if producer else lambda: judge(False), lambda: judge(True))
    with house.app_context():
        state = db.session.scalar(select(Paper.state))
    if guard == "whole":
        kept = PaperState.WITHDRAWN if producer else PaperState.REFUSED
        assert (came, state) == ("409 paper_moved", kept)
    else:
        assert (came, state) == ("done", PaperState.ACCEPTED)


@pytest.mark.parametrize(
    ("kind", "guard"),
    [("sqlite", "whole"), ("postgresql", "whole"), ("postgresql", "unread"), ("postgresql", "unlocked")],
)
def test_what_was_withdrawn_meanwhile_is_not_scored(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The closing has read the table, waits for the dossier, and must read it again; the twin scores what is gone."""
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = make_sitting(dossier, round_code=row, at=AT, members=1)
        score(sitting, dossier, ("30", "20", "25"), at=AT)
    if guard != "whole":
        monkeypatch.setattr(
            "marketplace.registry.dossiers.queries.held", {"unread": unread, "unlocked": unlocked}[guard]
        )
    came = meet(
        house,
        lambda: withdraw_dossier(code=dossier.code, by=user.actor(), at=AT),
        lambda: close_sitting(code=sitting.code, by=BY, at=AT),
    )
    with house.app_context():
        state = db.session.scalar(select(Dossier.state))
    if guard == "whole":
        assert (came, state) == ("409 dossier_state", DossierState.WITHDRAWN)
    else:
        assert (came, state) == ("done", DossierState.SCORED)


def seat(sitting_code: str, n: int) -> CouncilMember:
    return get_sitting(sitting_code, by=BY).council.members[n]


@pytest.mark.parametrize(("kind", "guard"), [(kind, "whole") for kind in KINDS] + [("postgresql", "unlocked")])
@pytest.mark.parametrize("leaves", [True, False])
def test_a_seat_ends_while_its_sheet_is_signed(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str, leaves: bool
) -> None:
    """Whoever is first: a member who has left signs nothing; what was signed before counts and is not dropped."""
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = make_sitting(dossier, round_code=row, at=AT, members=2)
        code, council = seat(sitting.code, 1).code, get_sitting(sitting.code, by=BY).council.code
        member = members_of(sitting)[1].actor()
        codes = {"sitting_code": sitting.code, "dossier_code": dossier.code}
        with transaction():
            draft = save_sheet(**codes, facts=FULL, sign=False, by=member, at=AT).mark
    if guard == "unlocked":
        monkeypatch.setattr("marketplace.registry.councils.queries.held", unlocked)

    def sign() -> None:
        save_sheet(**codes, facts=replace(FULL, seen=draft), sign=True, by=member, at=AT)

    def end() -> None:
        end_seat(council_code=council, member_code=code, by=BY, at=AT)

    came = meet(house, *((end, sign) if leaves else (sign, end)))
    with house.app_context():
        signed = db.session.scalars(select(ScoreSheet.signed_at)).all()
        left = seat(codes["sitting_code"], 1).left_at
    assert left == AT
    if guard == "whole":
        assert (came, signed) == (("404 not_found", []) if leaves else ("done", [AT]))
    else:  # the signature fails on a row that is gone, without a word of why; or what was signed is dropped
        assert (came, signed) == (("StaleDataError", []) if leaves else ("done", []))


@pytest.mark.parametrize(("kind", "guard"), [(kind, "whole") for kind in KINDS] + [("postgresql", "unlocked")])
def test_a_member_is_added_while_the_sitting_closes(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """Whoever has a seat before the closing has a sheet, or is named as missing; the twin closes over their head."""
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = make_sitting(dossier, round_code=row, at=AT, members=1)
        score(sitting, dossier, ("30", "20", "25"), at=AT)
        code, council = sitting.code, get_sitting(sitting.code, by=BY).council.code
        email = make_user(Role.COMMUNE_OFFICER, at=AT).email
    if guard == "unlocked":
        monkeypatch.setattr("marketplace.registry.councils.queries.held", unlocked)

    def add() -> None:
        add_member(council_code=council, facts=SeatFacts(email, "Ông Mới", "Sở"), by=BY, at=AT)

    came = meet(house, add, lambda: close_sitting(code=code, by=BY, at=AT), joined=guard == "unlocked")
    with house.app_context():
        state = get_sitting(code, by=BY).state
    whole = ("409 sheets_missing", SittingState.OPEN)
    assert (came, state) == (whole if guard == "whole" else ("done", SittingState.CLOSED))


@pytest.mark.parametrize(("kind", "guard"), BOTH)
def test_a_sheet_signed_meanwhile_is_not_overwritten_by_a_file(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = make_sitting(dossier, round_code=row, at=AT, members=1)
        member = members_of(sitting)[0].actor()
        email = members_of(sitting)[0].email
        codes = {"sitting_code": sitting.code, "dossier_code": dossier.code}
        cells = {"sitting": sitting.code, "dossier": dossier.code, "member": email, "a": "1", "b": "1", "c": "1"}
    if guard == "unjudged":
        monkeypatch.setattr("marketplace.registry.councils.importing._state", lambda: "as it was")
        monkeypatch.setattr("marketplace.registry.councils.services.scoring._unsigned", lambda _sheet: None)
    work: list[Callable[[], None]] = []
    with house.app_context():
        rows = [Row(2, cells)]
        work.append(ScoresImporter().prepare(rows, {}, by=BY, at=AT, progress=lambda _n: None).write)
    came = meet(house, lambda: save_sheet(**codes, facts=FULL, sign=True, by=member, at=AT), work[0])
    with house.app_context():
        total = str(db.session.scalar(select(ScoreSheet.total)))
    assert (came, total) == (("409 changed_meanwhile", "75.00") if guard == "whole" else ("done", "3.00"))


@pytest.mark.parametrize(("kind", "guard"), BOTH)
def test_two_tabs_sign_one_sheet(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """Both tabs saw the draft; one saves another draft, the other signs what is no longer the sheet."""
    with house.app_context():
        user, row = maker_and_round()
        dossier = make_dossier(user, at=AT, to=DossierState.ADMITTED, round_code=row)
        sitting = make_sitting(dossier, round_code=row, at=AT, members=1)
        member = members_of(sitting)[0].actor()
        codes = {"sitting_code": sitting.code, "dossier_code": dossier.code}
        with transaction():
            draft = save_sheet(**codes, facts=FULL, sign=False, by=member, at=AT).mark
    if guard == "unjudged":
        monkeypatch.setattr("marketplace.registry.councils.services.scoring._same_as_seen", lambda _sheet, _seen: None)

    def save(points: int, *, sign: bool) -> None:
        facts = SheetFacts(dict.fromkeys("ABC", Decimal(points)), seen=draft)
        save_sheet(**codes, facts=facts, sign=sign, by=member, at=AT)

    came = meet(house, lambda: save(1, sign=False), lambda: save(2, sign=True))
    with house.app_context():
        total, signed_at = db.session.execute(select(ScoreSheet.total, ScoreSheet.signed_at)).one()
    if guard == "whole":
        assert (came, str(total), signed_at) == ("409 sheet_changed", "3.00", None)
    else:
        assert (came, str(total), signed_at) == ("done", "6.00", AT)
