"""Two fairs: one whose booths are given and whose programme is out, one that takes applications; as people do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app

from marketplace.faces.cli.demo.makers import acting_for
from marketplace.people.accounts.queries import find_user
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.trade.allocations.queries import take_problem
from marketplace.trade.allocations.services import pin, publish_placings
from marketplace.trade.allocations.solver import solve
from marketplace.trade.exhibitors.goods import list_goods
from marketplace.trade.exhibitors.models import Application, Decision
from marketplace.trade.exhibitors.queries import list_applications, list_criteria
from marketplace.trade.exhibitors.services import (
    ApplicationFacts,
    confirm,
    mark_pending,
    publish_decisions,
    save_application,
    score_application,
    set_criteria,
    submit,
)
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.rules import OUTSIDE
from marketplace.trade.fairs.services import (
    EditionFacts,
    SessionFacts,
    move,
    plan_edition,
    put_item,
    release_programme,
    set_budget,
    set_quotas,
    set_zones,
)
from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.rules import BoothPlan, Direction, HallPlan, LandmarkPlan, Layout, row_of
from marketplace.trade.floorplans.services import save_plan

ZONES = (("Khu chè và dược liệu", "Tea and herbs"), ("Khu đồ khô", "Dry goods"), ("Khu ẩm thực", "Food court"))
CRITERIA = (("Sao và chất lượng", "Stars and quality", 40), ("Câu chuyện, bày hàng", "Story, display", 30),
            ("Hàng đủ bán cả hội chợ", "Enough to sell all fair long", 30))  # fmt: skip
BUDGET = (("Nhà bạt, gian hàng", 180_000_000, 172_000_000), ("Điện, nước, kho lạnh", 42_000_000, 0),
          ("Truyền thông", 35_000_000, 12_500_000), ("Hỗ trợ xe chở hàng cho xã xa", 60_000_000, 0))  # fmt: skip
PROGRAMME = (
    (0, time(8, 30), 90, "Khai mạc, múa xòe", "Opening, xoè dance", "Sân khấu", "", None),
    (0, time(14), 60, "Sao chè tại chỗ", "Roasting tea by hand", "Sân khấu", "Lò Thị Mai", 40),
    (1, time(9), 120, "Kết nối cung cầu", "Business meetings", "Nhà bạt phụ", "", None),
    (1, time(15), 60, "Kể chuyện thổ cẩm", "Stories of brocade", "Sân khấu", "Vàng Thị Sú", 40),
    (2, time(16), 90, "Trao giải gian hàng đẹp, bế mạc", "Best stand, closing", "Sân khấu", "", None),
)


@dataclass(frozen=True)
class _Fair:
    """A fair's office, and the day it was planned on."""

    office: Actor
    begun: datetime


def load_fairs(found: Mapping[str, Producer], *, at: datetime) -> None:
    """Plan both, and bring the first as far as its map; in the open block."""
    province = find_user("province@demo.test")
    assert province is not None
    fair = _Fair(province.actor(), at - timedelta(days=24))
    code = _plan(fair, day_of(at) + timedelta(days=9))
    _apply(code, found, fair.begun + timedelta(days=3))
    _choose(code, fair, found, at)
    _give_booths(code, fair, at)
    _spring(fair, day_of(at), at)


def _facts(title: str, title_en: str, first: date, until: date, since: date, **said: str) -> EditionFacts:
    return EditionFacts(
        title=title,
        title_en=title_en,
        venue=said["venue"],
        address=said["address"],
        summary=said["summary"],
        summary_en=said["summary_en"],
        first_day=first,
        last_day=first + timedelta(days=2),
        opens=time(8),
        closes=time(21, 30),
        applications_from=datetime.combine(since, time(), VIETNAM),
        applications_until=datetime.combine(until, time(23, 59), VIETNAM),
        latitude=22.3933,
        longitude=103.4628,
    )


def _plan(fair: _Fair, first: date) -> str:
    office, begun = fair.office, fair.begun
    facts = _facts(
        "Hội chợ OCOP Lai Châu cuối năm",
        "Lai Chau OCOP year-end fair",
        first,
        first - timedelta(days=20),
        day_of(begun),
        venue="Quảng trường Nhân dân",
        address="Phường Tân Phong, Lai Châu",
        summary="Ba ngày nếm, nghe và mua hàng có sao của các xã.",
        summary_en="Three days to taste, to listen, to buy what the communes make.",
    )
    code = plan_edition(facts=facts, by=office, at=begun).code
    set_zones(code=code, zones=ZONES, by=office, at=begun)
    set_quotas(code=code, quotas={OUTSIDE: 6}, by=office, at=begun)
    lines = [(what, Money(planned), Money(spent)) for what, planned, spent in BUDGET]
    set_budget(code=code, lines=lines, by=office, at=begun)
    set_criteria(code=code, criteria=CRITERIA, by=office, at=begun)
    save_plan(code=code, layout=_layout(), base_number=0, by=office, at=begun)
    for day, starts, minutes, title, title_en, place, speaker, seats in PROGRAMME:
        begins = datetime.combine(first + timedelta(days=day), starts, VIETNAM)
        ends = begins + timedelta(minutes=minutes)
        item = SessionFacts(title, place, begins, ends, title_en, speaker=speaker, seats=seats)
        put_item(code=code, facts=item, by=office, at=begun)
    release_programme(code=code, by=office, at=begun)
    move(code=code, to=EditionState.OPEN, by=office, at=begun)
    return code


def _layout() -> Layout:
    """A marquee of 30 by 18 metres: three rows of eight booths, one a zone; stage, entrances, first aid."""
    booths: list[BoothPlan] = []
    for zone, (letter, y) in enumerate((("A", 200), ("B", 800), ("C", 1400))):
        first = BoothPlan(
            f"{letter}1", 0, f"{letter}1", 300, y, 300, 300, 500_000, 2_000, zone == 2, zone == 2, zone=zone
        )
        row = row_of(first, 8, 0, Direction.RIGHT)
        booths += [_corner(each) if n in (0, 7) else each for n, each in enumerate(row)]
    marks = (
        LandmarkPlan(0, LandmarkKind.ENTRANCE, 0, 800, 60, 300, "Cổng chính"),
        LandmarkPlan(0, LandmarkKind.STAGE, 2700, 600, 280, 600, "Sân khấu"),
        LandmarkPlan(0, LandmarkKind.FIRST_AID, 2720, 1500, 200, 200),
    )
    return Layout((HallPlan("Nhà bạt chính", 3000, 1800, "Main marquee"),), tuple(booths), marks)


def _corner(booth: BoothPlan) -> BoothPlan:
    return BoothPlan(**{**vars(booth), "open_sides": 2})


def _apply(code: str, found: Mapping[str, Producer], at: datetime) -> None:
    """Every producer that has something to show applies."""
    for n, producer in enumerate(found.values()):
        by = acting_for(producer)
        goods = [good.listing.slug for good in list_goods(get_edition(code), by=by) if not good.lacks]
        if producer.verified_at is None or not goods:
            continue
        facts = ApplicationFacts(
            pitch="Bày hàng mới của vụ này, có nếm thử.",
            power_w=1_500 if n % 4 == 0 else 0,
            cold=n % 6 == 5,
            wants_corner=n % 5 == 0,
            goods=frozenset(goods[:4]),
            wishes=(f"zone:{n % 3}",),
            badges=((producer.contact_name, ""),),
        )
        save_application(code=code, facts=facts, by=by, at=at)
        submit(code=code, by=by, at=at)


def _choose(code: str, fair: _Fair, found: Mapping[str, Producer], at: datetime) -> None:
    """Score, offer, and have all but one confirm."""
    office, when = fair.office, fair.begun + timedelta(days=10)
    edition = get_edition(code)
    move(code=code, to=EditionState.SELECTION, by=office, at=when)
    rows = list_applications(edition.id)
    for n, row in enumerate(rows):
        points = {each.number: each.most - (n + each.number) % 9 for each in list_criteria(edition.id)}
        score_application(code=code, application=row.code, points=points, by=office, at=when)
    offered = [row.code for row in rows[:20]]
    mark_pending(code=code, applications=offered, decision=Decision.OFFER, by=office, at=when)
    if waiting := [row.code for row in rows[20:]]:
        mark_pending(code=code, applications=waiting, decision=Decision.WAIT, by=office, at=when)
    recent = at - timedelta(days=2)
    publish_decisions(code=code, home=_home(), by=office, at=recent)
    for row in rows[: len(offered) - 1]:
        confirm(code=code, by=_maker(row, found), at=recent + timedelta(hours=5))


def _maker(row: Application, found: Mapping[str, Producer]) -> Actor:
    return acting_for(next(each for each in found.values() if each.id == row.producer_id))


def _home() -> str:
    return str(current_app.config["SETTINGS"].province_code)


def _give_booths(code: str, fair: _Fair, at: datetime) -> None:
    """As the optimiser places them, published."""
    db.session.flush()
    edition = get_edition(code)
    for key, stand in solve(take_problem(edition, province_code=_home())).placed.items():
        pin(code=code, application=key, booth=stand, by=fair.office, at=at)
    publish_placings(code=code, by=fair.office, at=at)


def _spring(fair: _Fair, today: date, at: datetime) -> None:
    """A fair two months away that takes applications now."""
    first = today + timedelta(days=70)
    facts = _facts(
        "Phiên chợ xuân vùng cao",
        "Highland spring market",
        first,
        today + timedelta(days=30),
        today,
        venue="Sân vận động Tam Đường",
        address="Xã Bình Lư, Lai Châu",
        summary="Chợ phiên đầu xuân cho hàng của bản.",
        summary_en="The first market of spring, for what the villages make.",
    )
    code = plan_edition(facts=facts, by=fair.office, at=at).code
    set_zones(code=code, zones=ZONES[:2], by=fair.office, at=at)
    set_criteria(code=code, criteria=CRITERIA, by=fair.office, at=at)
    save_plan(
        code=code,
        layout=Layout((HallPlan("Sân chính", 3000, 1800, "Main ground"),)),
        base_number=0,
        by=fair.office,
        at=at,
    )
    move(code=code, to=EditionState.OPEN, by=fair.office, at=at)
