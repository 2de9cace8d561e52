"""What came of a year, held against figures counted by hand; its targets; its table."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from marketplace.people.accounts.models import Role
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.trade.campaigns.models import Side
from marketplace.trade.campaigns.queries import list_meetings
from marketplace.trade.campaigns.services import hold_meeting, miss_meeting, start_campaign
from marketplace.trade.deals.models import Appointment, Deal, DealEvent, DealPaper, Delivery, Origin, PaperKind, Stage
from marketplace.trade.deals.models import MeetingState as AppointmentState
from marketplace.trade.deals.models import Side as DealSide
from marketplace.trade.deals.services import open_deal
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.offers.facts import facts_of_producer
from marketplace.trade.outcomes.models import YearTarget
from marketplace.trade.outcomes.queries import list_years, outcome_of_year
from marketplace.trade.outcomes.services import set_target
from tests.builders import BY, make_user
from tests.conftest import Client
from tests.meeting import Fair, make_fair, timetable
from tests.pages import send, sign_in

DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
ON = date(2026, 12, 9)
PATH = "/office/matchmaking/outcomes"


@pytest.fixture
def year(app: Flask, at: datetime) -> Fair:
    """Four meetings: three held, one that a maker missed; two deals, one of them with a contract and a delivery."""
    fair = make_fair(at=at)
    timetable(fair, at=at)
    rows = list_meetings(fair.campaign.id)
    with transaction():
        start_campaign(code=fair.code, by=BY, at=DAY)
        for row in rows[:3]:
            hold_meeting(code=fair.code, meeting=row.code, by=BY, at=DAY)
        miss_meeting(code=fair.code, meeting=rows[3].code, absent=Side.PRODUCER, by=BY, at=DAY)
    for n in (0, 1):
        _deal(fair, n, at)
    with transaction():
        deal = db.session.query(Deal).order_by(Deal.id).first()
        assert deal is not None
        for kind, value in ((PaperKind.MEMORANDUM, 900), (PaperKind.CONTRACT, 500)):
            db.session.add(_paper(deal, kind, value, at))
        db.session.add(
            Delivery(deal_id=deal.id, delivered_on=ON, value=Money(120), written_by=DealSide.PRODUCER, written_at=at)
        )
        db.session.execute(update(Deal).where(Deal.id == deal.id).values(stage=Stage.DELIVERING))
        db.session.execute(update(DealEvent).where(DealEvent.deal_id == deal.id).values(stage=Stage.DELIVERING))
    return fair


def _deal(fair: Fair, n: int, at: datetime) -> None:
    maker, buyer = get_own(fair.makers[n].actor()), distributor_of(fair.buyers[n].actor())
    listing = facts_of_producer(maker.id, on=at.date())[0].listing_id
    with transaction():
        open_deal(
            distributor_id=buyer.id, producer_id=maker.id, listing_id=listing, origin=Origin.MEETING, by=BY, at=at
        )


def _paper(deal: Deal, kind: PaperKind, value: int, at: datetime) -> DealPaper:
    return DealPaper(
        code=f"GT{kind.value[:6]}",
        deal_id=deal.id,
        kind=kind,
        number="1",
        signed_on=at.date(),
        value=Money(value),
        starts_on=at.date(),
        ends_on=ON,
        volumes=[],
        written_by=DealSide.BUYER,
        written_at=at,
        confirmed_at=at,
    )


def test_counted_by_hand(year: Fair, at: datetime) -> None:
    found = outcome_of_year(2026, on=ON)
    meetings = found.meetings
    assert (meetings.held, meetings.missed_by_producer, meetings.missed_by_buyer) == (3, 1, 0)
    assert (meetings.per_producer, meetings.shares, meetings.producers) == ((1, 2), [(1, 1), (2, 1)], 2)
    assert float(meetings.gini) == pytest.approx(1 / 6)
    assert [found.came_to(stage) for stage in (Stage.ENQUIRY, Stage.CONTRACT, Stage.DELIVERING, Stage.REPEATING)] == [
        2,
        1,
        1,
        0,
    ]
    assert (found.memoranda, found.contracts, found.delivered) == (Money(900), Money(500), Money(120))
    assert (len(found.contracted), found.places, found.sets, found.target) == (1, 1, 1, None)
    assert list_years(on=ON) == [2026]
    empty = outcome_of_year(2025, on=ON)
    assert (empty.rows, empty.meetings.held, float(empty.meetings.gini)) == ((), 0, 0)


def test_appointments_count_as_meetings(year: Fair, at: datetime) -> None:
    deal = db.session.query(Deal).order_by(Deal.id).first()
    assert deal is not None
    with transaction():
        for n, state in enumerate((AppointmentState.HELD, AppointmentState.BUYER_ABSENT, AppointmentState.ACCEPTED)):
            db.session.add(
                Appointment(
                    code=f"LH{n}",
                    deal_id=deal.id,
                    distributor_id=deal.distributor_id,
                    producer_id=deal.producer_id,
                    proposed_by=DealSide.BUYER,
                    proposed_at=at,
                    state=state,
                    times=[],
                    minutes=30,
                    online=True,
                    place="x",
                    starts_at=at.replace(hour=1 + 2 * n),
                    ends_at=at.replace(hour=2 + 2 * n),
                )
            )
    meetings = outcome_of_year(2026, on=ON).meetings
    assert (meetings.held, meetings.missed_by_buyer) == (4, 1)


def test_targets(app: Flask, at: datetime) -> None:
    def aim(by: Actor = BY, **counts: int) -> None:
        said = {"year": 2026, "meetings": 40, "producers": 20, "contracts": 5, "value": 10, **counts}
        with transaction():
            set_target(contract_value=Money(said.pop("value")), by=by, at=at, **said)

    aim()
    aim(meetings=50)
    target = outcome_of_year(2026, on=ON).target
    assert target is not None
    assert (target.meetings, target.contract_value) == (50, Money(10))
    for field, said in (("meetings", -1), ("contracts", 100_001), ("value", -1), ("value", 10**12 + 1), ("year", 1999)):
        with pytest.raises(Invalid) as refused:
            aim(BY, **{field: said})
        assert list(refused.value.fields) == ["contract_value" if field == "value" else field]
    buyer = make_user(at=at).actor()
    with pytest.raises(Forbidden):
        aim(by=buyer)
    assert db.session.query(YearTarget).count() == 1


def test_the_page_and_its_table(client: Client, year: Fair, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(f"{PATH}?year=2026").text
    assert "Kết quả kết nối 2026" in page
    assert "Chỉ số Gini 0.17" in page
    typed = {"meetings": "40", "producers": "20", "contracts": "5", "contract_value": "2.000.000.000"}
    wrong = send(client, f"{PATH}?year=2026", **{**typed, "contract_value": "hai tỷ", "meetings": "-1"})
    assert (wrong.status_code, 'value="hai tỷ"' in wrong.text, wrong.text.count('aria-invalid="true"')) == (
        422,
        True,
        2,
    )
    assert send(client, f"{PATH}?year=2026", **{**typed, "meetings": ""}).status_code == 422
    assert send(client, f"{PATH}?year=2026", **typed).status_code == 302
    assert 'value="2.000.000.000"' in client.get(f"{PATH}?year=2026").text
    for huge in ("9" * 20, "9" * 14):
        both = send(client, f"{PATH}?year=2026", **{**typed, "contract_value": huge, "contracts": "100001"})
        assert (both.status_code, both.text.count('aria-invalid="true"')) == (422, 2)
    for other in ("1999", "x", "²", "9" * 5_000):
        assert "Kết quả kết nối 20" in client.get(f"{PATH}?year={other}").text
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{PATH}/deals.xlsx?year=2026").data)).get_sheet_by_index(
        0
    )
    head, *rows = sheet.to_python()
    assert head[:4] == ["Mã", "Mở ngày", "Nơi phân phối", "Nơi làm"]
    assert [row[6:] for row in rows] == [["Giao lần đầu", 900, 500, 120], ["Hỏi mua", 0, 0, 0]]
