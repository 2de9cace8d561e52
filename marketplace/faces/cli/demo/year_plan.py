"""A plan for the year with its targets, what communes, districts and the province did, what producers were given."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from marketplace.faces.cli.demo.texts import DATA
from marketplace.office.outreach.models import ActivityKind
from marketplace.office.outreach.services import ActivityFacts, record_activity
from marketplace.office.programme.models import Indicator
from marketplace.office.programme.services import Aim, PlanFacts, write_plan
from marketplace.office.support.models import SupportKind
from marketplace.office.support.services import SupportFacts, record_support
from marketplace.people.accounts.queries import find_user
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.money import Money

PROCESSED = ("I.2.b", "I.3.a", "I.3.b", "I.4.a", "I.5.a", "I.5.b", "II.1.a", "III.1", "III.2", "IV.1")
PROVINCE = {
    Indicator.NEW_PRODUCTS: Aim(25, 30, 5),
    Indicator.UPGRADES: Aim(6, 8, 4),
    Indicator.PRIORITY_PRODUCTS: Aim(15, None, 4),
    Indicator.SHOWCASE_POINTS: Aim(3, None, 2),
    Indicator.PEOPLE_REACHED: Aim(20_000, None, 2),
    Indicator.ACTIVITIES: Aim(24, None, 1),
    Indicator.PRODUCERS_SUPPORTED: Aim(12, None, 3),
}
DISTRICTS = {"105": (3, 1), "106": (7, 2), "108": (4, 1), "110": (4, 1), "111": (3, 1)}  # new ones, upgrades


def load_year_plan(found: Mapping[str, Producer], *, at: datetime) -> None:
    """Write this year's plan and the last one's, then what was done and given; in the open block."""
    rows = json.loads((DATA / "year-plan.json").read_text(encoding="utf-8"))
    province, today = _actor("province@demo.test"), day_of(at)
    for year, share in ((today.year - 1, 80), (today.year, 100)):
        _plan(year, share, province, at)
    for row in rows["done"]:
        said = {name: row[name] for name in ("unit", "title", "audience", "people", "place")}
        day = today - timedelta(days=row["days_ago"])
        facts = ActivityFacts(kind=ActivityKind(row["kind"]), held_on=day, **said)
        record_activity(facts=facts, by=_actor(row["by"]), at=at)
    for row in rows["given"]:
        said = {name: row[name] for name in ("programme", "what", "result")}
        day, amount = today - timedelta(days=row["days_ago"]), Money(row["amount"])
        kind, slug = SupportKind(row["kind"]), found[row["producer"]].slug
        record_support(facts=SupportFacts(slug, kind, amount=amount, given_on=day, **said), by=province, at=at)


def _plan(year: int, share: int, by: Actor, at: datetime) -> None:
    """The province's targets, then those of the former districts; `share` percent of this year's."""
    number, signed = f"{share + 21}/KH-UBND", date(year, 1, 20)
    aims = {each: Aim(aim.least * share // 100, aim.most, aim.weight) for each, aim in PROVINCE.items()}
    facts = [PlanFacts(number, min(signed, day_of(at)), "12", aims, PROCESSED)]
    for code, (new, better) in DISTRICTS.items():
        own = {Indicator.NEW_PRODUCTS: Aim(new, None, 5), Indicator.UPGRADES: Aim(better, None, 4)}
        facts.append(PlanFacts(number, min(signed, day_of(at)), code, own))
    for seen, each in enumerate(facts):
        write_plan(year=year, facts=each, seen=seen, province_code="12", by=by, at=at)


def _actor(email: str) -> Actor:
    user = find_user(email)
    assert user is not None
    return user.actor()
