"""Booths are worked out, taken over, pinned and published; letters; what is refused changes nothing."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.allocations import jobs
from marketplace.trade.allocations.jobs import work_out_booths
from marketplace.trade.allocations.models import RunState
from marketplace.trade.allocations.problem import Gathering, Weights
from marketplace.trade.allocations.queries import (
    get_run,
    list_placings,
    list_runs,
    list_to_place,
    take_problem,
    terms_of,
)
from marketplace.trade.allocations.services import (
    BoothTaken,
    NobodyPlaced,
    NotPlacing,
    RunOutdated,
    RunWaits,
    ask_run,
    pin,
    publish_placings,
    set_terms,
    take_run,
    unpin,
)
from marketplace.trade.exhibitors.models import Application, ApplicationState, BoothWish, Criterion, Placing, Score
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.floorplans.models import Booth, Landmark, LandmarkKind
from marketplace.trade.floorplans.queries import list_booths
from tests.builders import BY, make_user
from tests.exhibiting import lay_booths, make_exhibitor
from tests.fairing import lead_to, make_edition

STRANGER = Actor(user_id=1, name="An", role=Role.PRODUCER)


@pytest.fixture
def fair(app: Flask, at: datetime) -> Edition:
    return make_edition(at=at, state=EditionState.SELECTION, zones=("Khu A", "Khu B"), quotas={"2025:03390": 5})


def run_once(code: str, at: datetime) -> int:
    with transaction():
        number = ask_run(code=code, by=BY, at=at).number
    assert work_out_booths(at) == 1
    return number


def stands(edition: Edition) -> dict[str, str]:
    return {each.application.producer.name: each.booth.label for each in list_placings(edition.id).values()}


def test_from_a_run_to_the_public(fair: Edition, at: datetime) -> None:
    lay_booths(fair, {"zone": 0}, {"zone": 1, "cold": True}, {"zone": 1, "blocked": True})
    user, _, _ = make_exhibitor(fair, "Cá hồi", at=at, cold=True)
    make_exhibitor(fair, "Trà", at=at, state=ApplicationState.OFFERED)
    make_exhibitor(fair, "Chưa chọn", at=at, state=ApplicationState.SUBMITTED)
    number = run_once(fair.code, at)
    run = get_run(fair.id, number)
    result = run.result or {}
    assert (run.state, len(result["placed"]), result["left"], result["gap"]) == (RunState.DONE, 2, {}, 0)
    assert stands(fair) == {}
    with transaction():
        assert take_run(code=fair.code, number=number, home="12", by=BY, at=at) == 2
    assert stands(fair) == {"Cá hồi": "A2", "Trà": "A1"}
    assert get_run(fair.id, number).state is RunState.TAKEN
    assert db.session.scalar(select(OutgoingMail.id)) is None
    with transaction():
        assert publish_placings(code=fair.code, by=BY, at=at) == 2
    assert get_edition(fair.code).state is EditionState.ALLOCATED
    letters = list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.to_address == user.email)))
    assert [each.subject for each in letters] == ["Gian hàng của bạn ở “Hội chợ OCOP thử”: A2"]
    with pytest.raises(NobodyPlaced), transaction():
        publish_placings(code=fair.code, by=BY, at=at)


def test_a_rerun_keeps_what_is_told_and_places_who_came_since(fair: Edition, at: datetime) -> None:
    lay_booths(fair, {}, {}, {})
    make_exhibitor(fair, "Một", at=at)
    take = run_once(fair.code, at)
    with transaction():
        take_run(code=fair.code, number=take, home="12", by=BY, at=at)
        publish_placings(code=fair.code, by=BY, at=at)
    before = stands(fair)
    make_exhibitor(fair, "Hai", at=at)
    number = run_once(fair.code, at)
    with transaction():
        take_run(code=fair.code, number=number, home="12", by=BY, at=at)
        assert publish_placings(code=fair.code, by=BY, at=at) == 1
    after = stands(fair)
    assert (after["Một"], len(after)) == (before["Một"], 2)


def test_a_pin_holds_moves_and_is_told_when_it_was_published(fair: Edition, at: datetime) -> None:
    first, second, third = lay_booths(fair, {}, {}, {})
    user, _, one = make_exhibitor(fair, "Một", at=at)
    _, _, two = make_exhibitor(fair, "Hai", at=at)
    with transaction():
        pin(code=fair.code, application=one.code, booth=second.code, by=BY, at=at)
    with pytest.raises(BoothTaken), transaction():
        pin(code=fair.code, application=two.code, booth=second.code, by=BY, at=at)
    assert stands(fair) == {"Một": "A2"}
    number = run_once(fair.code, at)
    with transaction():
        take_run(code=fair.code, number=number, home="12", by=BY, at=at)
    assert stands(fair)["Một"] == "A2"
    with transaction():
        assert pin(code=fair.code, application=one.code, booth=second.code, by=BY, at=at).pinned
        unpin(code=fair.code, application=one.code, by=BY, at=at)
        publish_placings(code=fair.code, by=BY, at=at)
    free = ({first.label, second.label, third.label} - set(stands(fair).values())).pop()
    new = next(booth for booth in (first, third) if booth.label == free)
    with transaction():
        pin(code=fair.code, application=one.code, booth=new.code, by=BY, at=at)
    assert stands(fair)["Một"] == free
    subjects = list(
        db.session.scalars(
            select(OutgoingMail.text).where(OutgoingMail.to_address == user.email).order_by(OutgoingMail.id)
        )
    )
    assert [f"đổi sang {free}" in text for text in subjects] == [False, True]
    assert len(list(db.session.scalars(select(Placing).where(Placing.released_at.is_not(None))))) == 1


def test_a_run_that_is_out_of_date_is_not_taken(fair: Edition, at: datetime) -> None:
    booth, other = lay_booths(fair, {}, {})
    _, _, one = make_exhibitor(fair, "Một", at=at)
    number = run_once(fair.code, at)
    with transaction():
        db.session.get_one(Application, one.id).state = ApplicationState.WITHDRAWN
    with pytest.raises(RunOutdated), transaction():
        take_run(code=fair.code, number=number, home="12", by=BY, at=at)
    with transaction():
        db.session.get_one(Application, one.id).state = ApplicationState.CONFIRMED
    placed = (get_run(fair.id, number).result or {})["placed"][one.code]
    elsewhere = other if placed == booth.code else booth
    with transaction():
        pin(code=fair.code, application=one.code, booth=elsewhere.code, by=BY, at=at)
    with pytest.raises(RunOutdated), transaction():
        take_run(code=fair.code, number=number, home="12", by=BY, at=at)
    assert stands(fair) == {"Một": elsewhere.label}
    with transaction():
        waiting = ask_run(code=fair.code, by=BY, at=at).number
    with pytest.raises(RunOutdated), transaction():
        take_run(code=fair.code, number=waiting, home="12", by=BY, at=at)
    with pytest.raises(RunWaits), transaction():
        ask_run(code=fair.code, by=BY, at=at)
    assert [run.number for run in list_runs(fair.id)] == [2, 1]
    with pytest.raises(NotFound):
        get_run(fair.id, 9)


def test_what_counts_how_much(fair: Edition, at: datetime) -> None:
    assert terms_of(fair.id) == (Gathering.FREE, Weights())
    for weights in (Weights(wish=1), Weights(wish=2)):
        with transaction():
            set_terms(code=fair.code, gathering=Gathering.SPREAD, weights=weights, by=BY, at=at)
    assert terms_of(fair.id) == (Gathering.SPREAD, Weights(wish=2))
    with pytest.raises(Invalid) as told, transaction():
        set_terms(code=fair.code, gathering=Gathering.FREE, weights=Weights(apart=101, stay=-1), by=BY, at=at)
    assert set(told.value.fields) == {"apart", "stay"}
    assert terms_of(fair.id) == (Gathering.SPREAD, Weights(wish=2))


def test_what_is_not_there_or_not_allowed(fair: Edition, at: datetime) -> None:
    booth, shut = lay_booths(fair, {}, {"blocked": True})
    _, _, one = make_exhibitor(fair, "Một", at=at)
    _, _, out = make_exhibitor(fair, "Chưa", at=at, state=ApplicationState.SUBMITTED)
    for key, place, refusal in (
        (one.code, shut.code, Invalid),
        (one.code, "GHKHONG", Invalid),
        (out.code, booth.code, NotFound),
    ):
        with pytest.raises(refusal), transaction():
            pin(code=fair.code, application=key, booth=place, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        unpin(code=fair.code, application=one.code, by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        ask_run(code=fair.code, by=STRANGER, at=at)
    draft = make_edition(at=at, state=EditionState.DRAFT)
    with pytest.raises(NotPlacing), transaction():
        ask_run(code=draft.code, by=BY, at=at)
    opened = make_edition(at=at)
    (early,) = lay_booths(opened, {})
    _, _, quick = make_exhibitor(opened, "Nhanh", at=at)
    with transaction():
        pin(code=opened.code, application=quick.code, booth=early.code, by=BY, at=at)
    with pytest.raises(NotPlacing), transaction():
        publish_placings(code=opened.code, by=BY, at=at)
    assert (stands(fair), list_placings(opened.id)[quick.id].published_at) == ({}, None)


def test_the_problem_says_what_is_known(fair: Edition, at: datetime) -> None:
    earlier = make_edition(at=at, state=EditionState.SELECTION, title="Hội chợ có lần trước")
    (old,) = lay_booths(earlier, {})
    _, producer, before = make_exhibitor(earlier, "Quen", at=at)
    with transaction():
        pin(code=earlier.code, application=before.code, booth=old.code, by=BY, at=at)
        publish_placings(code=earlier.code, by=BY, at=at)
    now = make_edition(at=at, series=earlier.fair.code, zones=("Khu A",))
    judges = [make_user(Role.PROVINCE_OFFICER, at=at) for _ in range(2)]
    near, far = lay_booths(now, {"zone": 0, "power_w": 2000}, {"open_sides": 2})
    with transaction():
        db.session.add(Landmark(hall_id=near.hall_id, kind=LandmarkKind.ENTRANCE, x=0, y=300, width=300, depth=20))
        row = Application(code="DKQUEN", edition_id=now.id, producer_id=producer.id, state=ApplicationState.CONFIRMED)
        row.created_at, row.least_area = at, 9
        criterion = Criterion(edition_id=now.id, number=0, name="Đẹp", most=10)
        db.session.add_all([row, criterion])
        db.session.flush()
        for judge, points in zip(judges, (4, 7), strict=True):
            score = Score(application_id=row.id, criterion_id=criterion.id, officer_id=judge.id, points=points)
            score.scored_at = at
            db.session.add(score)
        db.session.add(BoothWish(application_id=row.id, rank=1, zone_id=now.zones[0].id))
        db.session.add(BoothWish(application_id=row.id, rank=2, booth_id=far.id))
    problem = take_problem(get_edition(now.code), province_code="12")
    (one,) = problem.exhibitors
    assert (one.merit, one.area, one.wishes) == (5.5, 90_000, (f"z{now.zones[0].id}", far.code))
    assert one.owed == 0.7  # a spot without an entrance drawn and with one open side was worth 0.3
    stand, other = problem.stands
    assert (stand.key, stand.zone, stand.power_w, other.corner) == (near.code, f"z{now.zones[0].id}", 2000, True)
    assert stand.quality == 0.6
    assert problem.beside == {(near.code, far.code)}
    assert [each.label for each in list_booths(now.id)] == ["A1", "A2"]
    assert [each.code for each in list_to_place(now.id)] == ["DKQUEN"]


def test_a_run_that_fails_says_so_and_a_dead_one_is_taken_up(
    fair: Edition, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_booths(fair, {})
    make_exhibitor(fair, "Một", at=at)
    with transaction():
        number = ask_run(code=fair.code, by=BY, at=at).number

    def broken(*_: object, **__: object) -> None:
        raise ValueError("hai nơi ghim một gian")

    with monkeypatch.context() as spoiled:
        spoiled.setattr(jobs, "take_problem", broken)
        work_out_booths(at)
    run = get_run(fair.id, number)
    assert (run.state, run.error, run.busy) == (RunState.FAILED, "hai nơi ghim một gian", False)
    with transaction():
        again = ask_run(code=fair.code, by=BY, at=at)
        again.state, again.started_at = RunState.RUNNING, at - jobs.DEAD_AFTER
        number = again.number
    assert work_out_booths(at) == 1
    assert get_run(fair.id, number).state is RunState.DONE
    assert work_out_booths(at) == 0


def test_a_published_placing_is_for_all_to_see(fair: Edition, at: datetime) -> None:
    (booth,) = lay_booths(fair, {})
    _, _, one = make_exhibitor(fair, "Một", at=at)
    with transaction():
        pin(code=fair.code, application=one.code, booth=booth.code, by=BY, at=at)
        publish_placings(code=fair.code, by=BY, at=at)
    lead_to(fair.code, EditionState.CLOSED, at=at)
    with pytest.raises(NotPlacing), transaction():
        unpin(code=fair.code, application=one.code, by=BY, at=at)
    assert list_placings(fair.id)[one.id].published_at == at


@pytest.mark.parametrize("change", [{"blocked": True}, {"cold": False}])
def test_a_booth_that_changed_since_is_not_given(fair: Edition, at: datetime, change: dict[str, bool]) -> None:
    booth, _ = lay_booths(fair, {"cold": True}, {})
    make_exhibitor(fair, "Cá hồi", at=at, cold=True)
    number = run_once(fair.code, at)
    with transaction():
        for name, value in change.items():
            setattr(db.session.get_one(Booth, booth.id), name, value)
    with pytest.raises(RunOutdated), transaction():
        take_run(code=fair.code, number=number, home="12", by=BY, at=at)
    assert stands(fair) == {}
