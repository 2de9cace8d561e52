"""A campaign's life: planned, joined, timetabled, published, confirmed, held; and everything that is refused."""

import multiprocessing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate
from marketplace.trade.campaigns import jobs
from marketplace.trade.campaigns.jobs import work_out
from marketplace.trade.campaigns.models import (
    Answer,
    CampaignKind,
    CampaignState,
    MatchRun,
    Meeting,
    MeetingSeat,
    MeetingState,
    Participant,
    RunState,
    Side,
    TableSeat,
)
from marketplace.trade.campaigns.queries import (
    get_campaign,
    get_meeting,
    get_own_participant,
    list_meetings,
    list_meetings_of,
    list_own_participants,
    list_participants,
    met_elsewhere,
)
from marketplace.trade.campaigns.reports import outcome_of, unsound_meetings
from marketplace.trade.campaigns.rules import gini
from marketplace.trade.campaigns.services import (
    NobodyInvited,
    NoRoom,
    NotNow,
    NotTheDay,
    RunStale,
    RunUnderWay,
    TooLate,
    answer_invitation,
    arrive,
    ask_run,
    cancel_campaign,
    cancel_meeting,
    change_campaign,
    close_campaign,
    confirm_meeting,
    follow_up,
    hold_meeting,
    invite,
    miss_meeting,
    note_meeting,
    open_campaign,
    plan_campaign,
    publish_run,
    put_in,
    start_campaign,
    stop_run,
    withdraw,
)
from marketplace.trade.campaigns.services.timetable import take_seats
from marketplace.trade.campaigns.snapshots import best_matches
from marketplace.trade.campaigns.substitutes import list_substitutes
from marketplace.trade.deals.models import Deal, Origin, Stage
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.distributors.services import forget_profile
from marketplace.trade.matching.pairing import Wish
from marketplace.trade.matching.queries import list_matches
from marketplace.trade.matching.services import wish_producer
from tests.builders import BY, make_user, revoke_certificate
from tests.meeting import Fair, come, confirm_all, facts, hours, make_buyer, make_fair, make_maker, timetable

LATER = timedelta(hours=1)
DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def letters() -> int:
    return db.session.scalar(select(func.count(OutgoingMail.id))) or 0


def meetings(fair: Fair) -> list[tuple[str, str, int, int, str]]:
    return [
        (m.producer.name, m.buyer.name, m.slot.number, m.table, m.state.value) for m in list_meetings(fair.campaign.id)
    ]


def seats() -> tuple[int, int]:
    return (
        db.session.scalar(select(func.count()).select_from(MeetingSeat)) or 0,
        db.session.scalar(select(func.count()).select_from(TableSeat)) or 0,
    )


@pytest.fixture
def fair(app: Flask, at: datetime) -> Fair:
    return make_fair(at=at)


@pytest.fixture
def out(fair: Fair, at: datetime) -> Fair:
    timetable(fair, at=at)
    return fair


def test_the_whole_of_it(fair: Fair, at: datetime) -> None:
    """Two makers and two buyers meet each other; both confirm, all are held, and the figures are counted from that."""
    before = letters()
    run = timetable(fair, at=at, publish=False)
    assert (run.state, run.result and run.result["proven"], meetings(fair), letters()) == (
        RunState.DONE,
        True,
        [],
        before,
    )
    with transaction():
        publish_run(code=fair.code, number=run.number, by=BY, at=at)
    found = list_meetings(fair.campaign.id)
    assert {(m.producer.name, m.buyer.name) for m in found} == {(f"Lò {a}", f"Chợ {b}") for a in (0, 1) for b in (0, 1)}
    assert {m.state for m in found} == {MeetingState.TENTATIVE}
    assert seats() == (8, 4)
    assert letters() == before + 4  # each of the four parties
    for meeting in found:
        for user in (*fair.makers, *fair.buyers):
            if fair.place_of(user) in (meeting.producer_participant_id, meeting.buyer_participant_id):
                with transaction():
                    confirm_meeting(code=fair.code, meeting=meeting.code, by=user.actor(), at=at)
    assert {m.state for m in list_meetings(fair.campaign.id)} == {MeetingState.CONFIRMED}
    with transaction():
        start_campaign(code=fair.code, by=BY, at=DAY)
    for meeting in found:
        with transaction():
            hold_meeting(code=fair.code, meeting=meeting.code, by=BY, at=DAY)
    with transaction():
        close_campaign(code=fair.code, by=BY, at=DAY)
    outcome = outcome_of(fair.campaign)
    assert (outcome.producers, outcome.buyers, outcome.planned, outcome.confirmed, outcome.held) == (2, 2, 4, 4, 4)
    assert (outcome.per_producer, float(outcome.gini), outcome.short, outcome.cancelled) == ((2, 2), 0.0, 0, 0)
    assert all(each.arrived_at == DAY for each in list_participants(fair.campaign.id))


def test_nothing_is_seen_before_it_is_published(fair: Fair, at: datetime) -> None:
    timetable(fair, at=at, publish=False)
    mine = get_own_participant(fair.code, by=fair.makers[0].actor())
    assert list_meetings_of(mine.id) == []


BAD = [
    ({"title": "ab"}, ["title"]),
    ({"place": " "}, ["place"]),
    ({"least": 4}, ["least"]),
    ({"most_producer": 0, "least": 0, "most_buyer": 61}, ["most_producer", "most_buyer"]),
    ({"tables": 0}, ["tables"]),
    ({"hours": hours(last_day=date(2026, 12, 7))}, ["last_day"]),
    ({"hours": hours(closes=time(8))}, ["closes"]),
    ({"hours": hours(minutes=5)}, ["minutes"]),
    ({"hours": hours(pause=-1)}, ["pause"]),
    ({"hours": hours(breaks=((time(9), time(9)),))}, ["breaks"]),
    ({"hours": hours(closes=time(8, 20))}, ["minutes"]),
    ({"hours": hours(first_day=date(2026, 11, 20), last_day=date(2026, 11, 20))}, ["first_day"]),
    ({"hours": hours(first_day=date(2101, 1, 3), last_day=date(2101, 1, 3))}, ["first_day"]),
    ({"wishes_until": DAY + timedelta(days=1)}, ["wishes_until"]),
]


@pytest.mark.parametrize(("said", "fields"), BAD)
def test_a_campaign_that_will_not_do(app: Flask, at: datetime, said: dict[str, object], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        plan_campaign(facts=facts(**said), by=BY, at=at)
    assert sorted(refused.value.fields) == sorted(fields)
    assert db.session.query(Meeting).count() == 0


def test_planning_and_changing(app: Flask, at: datetime) -> None:
    buyer = make_user(at=at).actor()
    with pytest.raises(Forbidden), transaction():
        plan_campaign(facts=facts(), by=buyer, at=at)
    with transaction():
        code = plan_campaign(facts=facts(), by=BY, at=at).code
    with transaction():
        longer = hours(closes=time(11), breaks=((time(9), time(9, 15)),))
        change_campaign(
            code=code,
            facts=replace(facts(), hours=longer, title="Tuần trực tuyến", kind=CampaignKind.ONLINE, place=""),
            by=BY,
            at=at,
        )
    found = get_campaign(code)
    assert (found.title, [f"{s.starts_at:%H:%M}" for s in found.slots]) == (
        "Tuần trực tuyến",
        ["01:00", "01:30", "02:15", "02:45", "03:15"],
    )
    with pytest.raises(NobodyInvited), transaction():
        open_campaign(code=code, by=BY, at=at)
    assert get_campaign(code).state is CampaignState.DRAFT
    with pytest.raises(NotFound):
        get_campaign("KN0")


def test_who_is_invited(fair: Fair, at: datetime) -> None:
    before = letters()
    new = make_maker("Lò mới", at=at)
    with transaction():
        slugs = [get_own(new.actor()).slug, get_own(fair.makers[0].actor()).slug, "khong-co"]
        assert invite(code=fair.code, producers=slugs, distributors=["khong-co"], by=BY, at=at) == 1
    assert letters() == before + 1
    assert [p.answer for p in list_own_participants(by=new.actor())] == [Answer.INVITED]
    assert list_own_participants(by=GUEST) == []
    assert list_own_participants(by=BY) == []
    with pytest.raises(NotFound):
        get_own_participant(fair.code, by=make_user(Role.PRODUCER, at=at).actor())
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    with pytest.raises(NotNow), transaction():
        invite(code=fair.code, producers=slugs, distributors=[], by=BY, at=at)
    with pytest.raises(NotNow), transaction():
        change_campaign(code=fair.code, facts=facts(), by=BY, at=at)


def test_answers(fair: Fair, at: datetime) -> None:
    maker = fair.makers[0].actor()

    def answer(by: Actor = maker, moment: datetime = at, **said: object) -> None:
        usual: dict[str, object] = {"coming": True, "absent": (), "most": None}
        with transaction():
            answer_invitation(code=fair.code, by=by, at=moment, **{**usual, **said})  # type: ignore[arg-type] # as typed

    for said, field in (({"most": 4}, "most"), ({"most": 0}, "most"), ({"absent": range(4)}, "absent")):
        with pytest.raises(Invalid) as refused:
            answer(**said)
        assert list(refused.value.fields) == [field]
    answer(absent=(0, 99), most=1)
    assert get_own_participant(fair.code, by=maker).most == 1
    with pytest.raises(TooLate):
        answer(moment=datetime(2026, 12, 7, tzinfo=UTC))
    answer(coming=False, reason="Bận mùa")
    assert get_own_participant(fair.code, by=maker).answer is Answer.DECLINED
    with pytest.raises(NotNow), transaction():
        withdraw(code=fair.code, reason="x", by=maker, at=at)
    answer()
    with pytest.raises(Invalid), transaction():
        withdraw(code=fair.code, reason=" ", by=maker, at=at)
    with transaction():
        withdraw(code=fair.code, reason="Ốm", by=maker, at=at)
    assert get_own_participant(fair.code, by=maker).answer is Answer.WITHDRAWN
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    with pytest.raises(NotNow):
        answer()


def test_times_and_wishes_are_kept(fair: Fair, at: datetime) -> None:
    """One comes in the last slot alone and meets once; a buyer's no keeps a maker away for good."""
    come(fair, fair.makers[0], at=at, absent=(0, 1, 2))
    with transaction():
        slug = get_own(fair.makers[1].actor()).slug
        wish_producer(slug=slug, wish=Wish.NO, by=fair.buyers[0].actor(), at=at)
    timetable(fair, at=at)
    found = meetings(fair)
    assert [(a, s) for a, _b, s, _t, _state in found if a == "Lò 0"] == [("Lò 0", 3)]
    assert ("Lò 1", "Chợ 0") not in [(a, b) for a, b, *_ in found]
    assert [b for a, b, *_ in found if a == "Lò 1"] == ["Chợ 1"]


def test_confirmed_meetings_never_move(out: Fair, at: datetime) -> None:
    """A new maker comes, a buyer goes: what both confirmed stays in its slot at its table, and what is lost is told."""
    confirm_all(out, at)
    before = {(a, b): (s, t) for a, b, s, t, _ in meetings(out)}
    with transaction():
        withdraw(code=out.code, reason="Ốm", by=out.buyers[1].actor(), at=at)
    new = make_maker("Lò mới", at=at)
    with transaction():
        invite(code=out.code, producers=[get_own(new.actor()).slug], distributors=[], by=BY, at=at)
    come(out, new, at=at)
    timetable(out, at=at + LATER)
    after = {(a, b): (s, t) for a, b, s, t, state in meetings(out) if state == "confirmed"}
    assert after == {pair: place for pair, place in before.items() if pair[1] == "Chợ 0"}
    assert ("Lò mới", "Chợ 0") in {(a, b) for a, b, *_ in meetings(out)}


def test_a_run_that_rests_on_what_has_changed(fair: Fair, at: datetime) -> None:
    run = timetable(fair, at=at, publish=False)
    certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    revoke_certificate(certificate, at=at)
    before = letters()
    with pytest.raises(RunStale), transaction():
        publish_run(code=fair.code, number=run.number, by=BY, at=at)
    assert (meetings(fair), seats(), letters(), fair.campaign.state) == ([], (0, 0), before, CampaignState.OPEN)
    timetable(fair, at=at + LATER)
    assert {a for a, *_ in meetings(fair)} == {"Lò 1"}
    short = db.session.scalars(select(MatchRun).order_by(MatchRun.number.desc())).first()
    assert short is not None
    assert short.result is not None
    assert [(missing, reason) for _p, missing, reason in short.result["short"]] == [(1, "no_partners")]


def test_a_certificate_withdrawn_after_publishing_is_seen(out: Fair, at: datetime) -> None:
    found = list_meetings(out.campaign.id)
    assert unsound_meetings(found, on=at.date()) == frozenset()
    certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    revoke_certificate(certificate, at=at)
    assert unsound_meetings(found, on=at.date()) == {m.code for m in found if m.producer.name == "Lò 0"}
    assert unsound_meetings([], on=at.date()) == frozenset()


def test_laid_anew_what_fell_away_is_cancelled_and_may_come_back(out: Fair, at: datetime) -> None:
    with transaction():
        wish_producer(slug=get_own(out.makers[0].actor()).slug, wish=Wish.NO, by=out.buyers[0].actor(), at=at)
    timetable(out, at=at + LATER)
    gone = [m for m in list_meetings(out.campaign.id, all_states=True) if m.state is MeetingState.CANCELLED]
    assert [(m.producer.name, m.buyer.name, m.reason) for m in gone] == [("Lò 0", "Chợ 0", "lịch được xếp lại")]
    assert seats() == (6, 3)
    with transaction():
        wish_producer(slug=get_own(out.makers[0].actor()).slug, wish=None, by=out.buyers[0].actor(), at=at)
    timetable(out, at=at + 2 * LATER)
    assert len(meetings(out)) == 4
    assert seats() == (8, 4)
    assert {m.id for m in list_meetings(out.campaign.id)} >= {gone[0].id}


def test_a_meeting_called_off(out: Fair, at: datetime) -> None:
    meeting = list_meetings(out.campaign.id)[0]
    mine = next(u for u in out.makers if out.place_of(u) == meeting.producer_participant_id)
    other = next(u for u in out.makers if u is not mine)
    with pytest.raises(Invalid), transaction():
        cancel_meeting(code=out.code, meeting=meeting.code, reason=" ", by=mine.actor(), at=at)
    for stranger in (other.actor(), make_user(Role.PRODUCER, at=at).actor(), GUEST):
        with pytest.raises(NotFound), transaction():
            cancel_meeting(code=out.code, meeting=meeting.code, reason="x", by=stranger, at=at)
        with pytest.raises(NotFound), transaction():
            confirm_meeting(code=out.code, meeting=meeting.code, by=stranger, at=at)
    before = letters()
    with transaction():
        cancel_meeting(code=out.code, meeting=meeting.code, reason="Hết hàng", by=mine.actor(), at=at)
    assert (letters(), seats()) == (before + 1, (6, 3))
    with pytest.raises(NotNow), transaction():
        confirm_meeting(code=out.code, meeting=meeting.code, by=mine.actor(), at=at)
    with pytest.raises(NotNow), transaction():
        cancel_meeting(code=out.code, meeting=meeting.code, reason="x", by=BY, at=at)
    second = list_meetings(out.campaign.id)[0]
    with transaction():
        cancel_meeting(code=out.code, meeting=second.code, reason="Hội trường đóng", by=BY, at=at)
    assert letters() == before + 3  # the office calls off: both hear


def test_a_slot_given_up_after_it_was_confirmed(out: Fair, at: datetime) -> None:
    confirm_all(out, at)
    mine = get_own_participant(out.code, by=out.makers[0].actor())
    taken = list_meetings_of(mine.id)[0].slot.number
    with pytest.raises(Invalid) as refused:
        come(out, out.makers[0], at=at, absent=(taken,))
    assert list(refused.value.fields) == ["absent"]


def test_the_day_itself(out: Fair, at: datetime) -> None:
    """One does not come; who is there, free and suits takes the place, and nobody is in two."""
    spare = make_maker("Lò dự bị", at=at)
    with transaction():
        invite(code=out.code, producers=[get_own(spare.actor()).slug], distributors=[], by=BY, at=at)
    come(out, spare, at=at)
    missed = list_meetings(out.campaign.id)[0]
    for verb in (hold_meeting, arrive):
        with pytest.raises(NotNow), transaction():
            verb(
                code=out.code,
                by=BY,
                at=at,
                **({"meeting": missed.code} if verb is hold_meeting else {"participant_id": 1}),
            )
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
    assert list_substitutes(out.campaign, missed, at=DAY) == []
    with pytest.raises(NotNow), transaction():
        put_in(code=out.code, meeting=missed.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    with transaction():
        miss_meeting(code=out.code, meeting=missed.code, absent=Side.PRODUCER, by=BY, at=DAY)
    missed = get_meeting(missed.code, campaign_id=out.campaign.id)
    assert list_substitutes(out.campaign, missed, at=DAY) == []  # nobody has arrived
    with transaction():
        arrive(code=out.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    assert [each.participant.name for each in list_substitutes(out.campaign, missed, at=DAY)] == ["Lò dự bị"]
    with pytest.raises(NotFound), transaction():
        put_in(code=out.code, meeting=missed.code, participant_id=out.place_of(out.makers[1]), by=BY, at=DAY)
    with transaction():
        new = put_in(code=out.code, meeting=missed.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    assert (new.slot_id, new.table, new.state) == (missed.slot_id, missed.table, MeetingState.CONFIRMED)
    assert list_substitutes(out.campaign, missed, at=DAY) == []  # who waited is busy now
    with transaction():
        note_meeting(code=out.code, meeting=new.code, note="Xin báo giá", by=BY, at=DAY)
    with pytest.raises(Forbidden), transaction():
        note_meeting(code=out.code, meeting=new.code, note="x", by=spare.actor(), at=DAY)
    with pytest.raises(Forbidden), transaction():
        arrive(code=out.code, participant_id=out.place_of(spare), by=spare.actor(), at=DAY)
    with transaction():
        close_campaign(code=out.code, by=BY, at=DAY)
    outcome = outcome_of(out.campaign)
    assert (outcome.missed_by_producer, outcome.missed_by_buyer, outcome.cancelled) == (1, 0, 4)


def test_a_buyer_who_does_not_come(out: Fair, at: datetime) -> None:
    spare = make_buyer("Chợ dự bị", at=at)
    with transaction():
        slug = distributor_of(spare.actor()).organisation.slug
        invite(code=out.code, producers=[], distributors=[slug], by=BY, at=at)
    come(out, spare, at=at)
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
        arrive(code=out.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    missed = list_meetings(out.campaign.id)[0]
    with transaction():
        miss_meeting(code=out.code, meeting=missed.code, absent=Side.BUYER, by=BY, at=DAY)
    with transaction():
        new = put_in(code=out.code, meeting=missed.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    assert (new.producer_participant_id, new.buyer_participant_id) == (
        missed.producer_participant_id,
        out.place_of(spare),
    )
    with transaction():
        withdraw(code=out.code, reason="Về sớm", by=out.makers[1].actor(), at=DAY)
    with pytest.raises(NotNow), transaction():
        arrive(code=out.code, participant_id=out.place_of(out.makers[1]), by=BY, at=DAY)


def test_one_run_at_a_time_and_stopping(fair: Fair, at: datetime) -> None:
    with pytest.raises(Invalid), transaction():
        ask_run(code=fair.code, limit_seconds=1, by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        ask_run(code=fair.code, by=fair.makers[0].actor(), at=at)
    with transaction():
        run = ask_run(code=fair.code, by=BY, at=at)
    with pytest.raises(RunUnderWay), transaction():
        ask_run(code=fair.code, by=BY, at=at)
    with pytest.raises(NotNow), transaction():
        publish_run(code=fair.code, number=run.number, by=BY, at=at)
    with transaction():
        stop_run(code=fair.code, number=run.number, by=BY, at=at)
    assert work_out(at) == 0
    with pytest.raises(NotNow), transaction():
        stop_run(code=fair.code, number=run.number, by=BY, at=at)
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    with pytest.raises(NotNow), transaction():
        ask_run(code=fair.code, by=BY, at=at)


def test_a_run_at_work_is_stopped(fair: Fair, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stop is asked for once the first stage is told; the worker sees it between two looks at the child."""

    def tell_and_stop(run_id: int, _stage: object) -> None:
        with transaction():
            stop_run(code=fair.code, number=1, by=BY, at=at)

    monkeypatch.setattr(jobs, "_tell", tell_and_stop)
    with transaction():
        ask_run(code=fair.code, by=BY, at=at)
    work_out(at)
    run = db.session.scalars(select(MatchRun)).one()
    assert (run.state, run.result, run.finished_at is not None) == (RunState.STOPPED, None, True)


def test_a_child_that_dies_is_told(fair: Fair, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(_run_id: int, _stage: object) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    monkeypatch.setattr(jobs, "_tell", kill)
    with transaction():
        ask_run(code=fair.code, by=BY, at=at)
    work_out(at)
    run = db.session.scalars(select(MatchRun)).one()
    assert (run.state, run.error) == (RunState.FAILED, "exit code -9")


def test_a_run_whose_worker_is_gone_is_taken_up_again(fair: Fair, at: datetime) -> None:
    with transaction():
        ask_run(code=fair.code, by=BY, at=at)
        db.session.execute(update(MatchRun).values(state=RunState.RUNNING, started_at=at))
    assert work_out(at + timedelta(seconds=200)) == 0  # within its limit and some
    assert work_out(at + timedelta(seconds=241)) == 1
    assert db.session.scalars(select(MatchRun.state)).one() is RunState.DONE


def test_an_impossible_problem_says_what_contradicts(out: Fair, at: datetime) -> None:
    confirm_all(out, at)
    with transaction():
        fewer = get_campaign(out.code, hold=True)
        fewer.most_producer = fewer.least = 1
    with transaction():
        ask_run(code=out.code, by=BY, at=at)
    work_out(at)
    run = db.session.scalars(select(MatchRun).order_by(MatchRun.number.desc())).first()
    assert run is not None
    assert run.state is RunState.FAILED
    assert "fixed_over_most" in run.error


def test_cancelling_all_of_it(out: Fair, at: datetime) -> None:
    with pytest.raises(Invalid), transaction():
        cancel_campaign(code=out.code, reason=" ", by=BY, at=at)
    before = letters()
    with transaction():
        cancel_campaign(code=out.code, reason="Bão", by=BY, at=at)
    assert (meetings(out), seats(), letters()) == ([], (0, 0), before + 4)
    with transaction():
        draft = plan_campaign(facts=facts(), by=BY, at=at).code
    with transaction():
        cancel_campaign(code=draft, reason="Thôi", by=BY, at=at)
    assert letters() == before + 4
    for verb in (open_campaign, start_campaign, close_campaign):
        with pytest.raises(NotNow), transaction():
            verb(code=draft, by=BY, at=at)


def test_who_leaves_for_good_is_struck_out_but_was_there(out: Fair, at: datetime) -> None:
    before = len(meetings(out))
    with transaction():
        forget_profile(by=out.buyers[0].actor(), at=at)
    row = distributor_of(out.buyers[0].actor())
    assert (row.standing, row.phone, row.contact_name, row.tax_code) == (Standing.SUSPENDED, None, "", "")
    assert len(meetings(out)) == before
    assert {each.offer.producer_name for each in list_matches(on=at.date())} == {"Lò 0", "Lò 1"}
    assert {each.demand.distributor_id for each in list_matches(on=at.date())} != {row.id}


def test_a_meeting_elsewhere_or_before_its_time(out: Fair, at: datetime) -> None:
    other = make_fair(at=at, makers=1, buyers=1)
    with pytest.raises(NotNow), transaction():
        confirm_meeting(code=other.code, meeting="CG0", by=other.makers[0].actor(), at=at)
    with pytest.raises(NotNow), transaction():
        note_meeting(code=other.code, meeting="CG0", note="x", by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        cancel_meeting(code=out.code, meeting="CG0", reason="x", by=BY, at=at)
    row = list_meetings(out.campaign.id)[0]
    with pytest.raises(NotNow), transaction():
        take_seats(row)
    assert seats() == (8, 4)


def test_who_leaves_early_was_there(out: Fair, at: datetime) -> None:
    mine = get_own_participant(out.code, by=out.makers[0].actor())
    first = list_meetings_of(mine.id)[0]
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
        hold_meeting(code=out.code, meeting=first.code, by=BY, at=DAY)
    with transaction():
        withdraw(code=out.code, reason="Về sớm", by=out.makers[0].actor(), at=DAY)
    assert [m.state for m in list_meetings_of(mine.id)] == [MeetingState.HELD]


def test_from_a_meeting_on_to_a_deal(out: Fair, at: datetime) -> None:
    """Either side and the office come to the same road; the two are not brought together again within half a year."""
    rows = list_meetings(out.campaign.id)
    first = next(row for row in rows if {row.producer.name, row.buyer.name} == {"Lò 0", "Chợ 0"})

    def follow(by: Actor, meeting: str = first.code) -> str:
        with transaction():
            return follow_up(code=out.code, meeting=meeting, by=by, at=DAY).code

    with pytest.raises(NotNow):
        follow(BY)
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
        hold_meeting(code=out.code, meeting=first.code, by=BY, at=DAY)
    for stranger in (out.makers[1].actor(), out.buyers[1].actor(), GUEST):
        with pytest.raises(NotFound):
            follow(stranger)
    made = follow(out.makers[0].actor())
    assert follow(out.buyers[0].actor()) == made == follow(BY)
    deal = db.session.scalars(select(Deal)).one()
    assert (deal.code, deal.origin, deal.stage) == (made, Origin.MEETING, Stage.ENQUIRY)
    own, shop = get_own(out.makers[0].actor()), distributor_of(out.buyers[0].actor())
    assert met_elsewhere(0) == {(shop.id, own.id): DAY.date()}
    assert met_elsewhere(out.campaign.id) == {}
    with transaction():
        code = plan_campaign(facts=facts(), by=BY, at=at).code
    again = get_campaign(code)
    pairs = [
        p
        for p in list_participants(out.campaign.id)
        if p.organisation_id in (own.organisation_id, shop.organisation_id)
    ]
    sides = [[p for p in pairs if p.side is side] for side in (Side.PRODUCER, Side.BUYER)]
    assert best_matches(again, *sides, on=at.date()) == {}
    assert list(best_matches(out.campaign, *sides, on=at.date())) == [(0, 0)]


def test_how_unevenly(app: Flask) -> None:
    assert [float(gini(counts)) for counts in ((), (0, 0), (2, 2, 2), (1, 3), (0, 0, 0, 4))] == [0, 0, 0, 0.25, 0.75]


@pytest.mark.parametrize("same", ["party", "table"])
def test_the_database_keeps_everybody_from_being_in_two_places(out: Fair, at: datetime, same: str) -> None:
    rows = list_meetings(out.campaign.id)
    one = rows[0]
    with pytest.raises(IntegrityError), transaction():
        if same == "party":
            db.session.add(
                MeetingSeat(participant_id=one.producer_participant_id, slot_id=one.slot_id, meeting_id=rows[1].id)
            )
        else:
            db.session.add(TableSeat(slot_id=one.slot_id, table=one.table, meeting_id=rows[1].id))
    assert seats() == (8, 4)


def test_nothing_has_happened_before_its_day(out: Fair, at: datetime) -> None:
    eve = DAY - timedelta(days=1)
    meeting = list_meetings(out.campaign.id)[0]
    with pytest.raises(NotTheDay), transaction():
        start_campaign(code=out.code, by=BY, at=eve)
    assert get_campaign(out.code).state is CampaignState.PUBLISHED
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
    later = get_meeting(meeting.code, campaign_id=out.campaign.id)
    with pytest.raises(NotTheDay), transaction():
        hold_meeting(code=out.code, meeting=later.code, by=BY, at=eve)
    with pytest.raises(NotTheDay), transaction():
        miss_meeting(code=out.code, meeting=later.code, absent=Side.BUYER, by=BY, at=eve)
    assert get_meeting(meeting.code, campaign_id=out.campaign.id).state is meeting.state


def test_who_came_yesterday_is_not_there_today(out: Fair, at: datetime) -> None:
    spare = make_maker("Lò dự bị", at=at)
    with transaction():
        invite(code=out.code, producers=[get_own(spare.actor()).slug], distributors=[], by=BY, at=at)
    come(out, spare, at=at)
    missed = list_meetings(out.campaign.id)[0]
    with transaction():
        start_campaign(code=out.code, by=BY, at=DAY)
        arrive(code=out.code, participant_id=out.place_of(spare), by=BY, at=DAY)
        miss_meeting(code=out.code, meeting=missed.code, absent=Side.PRODUCER, by=BY, at=DAY)
    missed = get_meeting(missed.code, campaign_id=out.campaign.id)
    assert [each.participant.name for each in list_substitutes(out.campaign, missed, at=DAY)] == ["Lò dự bị"]
    with transaction():
        db.session.get_one(Participant, out.place_of(spare)).arrived_at = DAY - timedelta(days=1)
    assert list_substitutes(out.campaign, missed, at=DAY) == []
    with transaction():
        arrive(code=out.code, participant_id=out.place_of(spare), by=BY, at=DAY)
    assert len(list_substitutes(out.campaign, missed, at=DAY)) == 1


def test_who_meets_online_has_a_room(fair: Fair, at: datetime) -> None:
    with transaction():
        code = plan_campaign(facts=facts(kind=CampaignKind.ONLINE, place="phòng họp"), by=BY, at=at).code
        slug = distributor_of(fair.buyers[0].actor()).organisation.slug
        invite(code=code, producers=[get_own(fair.makers[0].actor()).slug], distributors=[slug], by=BY, at=at)
    with pytest.raises(NoRoom), transaction():
        open_campaign(code=code, by=BY, at=at)
    with transaction():
        online = facts(kind=CampaignKind.ONLINE, place="https://hop.example/ocop/")
        change_campaign(code=code, facts=online, by=BY, at=at)
        open_campaign(code=code, by=BY, at=at)
    assert get_campaign(code).room_of("GAP1") == "https://hop.example/ocop/GAP1"
    assert fair.campaign.room_of("GAP1") == ""
