"""Campaigns in every state for the table of access and the table of costs."""

from collections.abc import Mapping
from datetime import UTC, datetime

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import transaction
from marketplace.trade.campaigns.models import Side
from marketplace.trade.campaigns.queries import get_campaign, get_own_participant, list_meetings
from marketplace.trade.campaigns.services import (
    answer_invitation,
    arrive,
    ask_run,
    hold_meeting,
    invite,
    miss_meeting,
    open_campaign,
    plan_campaign,
    publish_run,
    start_campaign,
)
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.matching.score import USUAL
from tests.builders import BY, make_offer
from tests.meeting import facts, make_buyer, make_maker, worked_out
from tests.trading import make_wholesale

DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
PLAN = {
    "title": "Đợt thử",
    "kind": "on_site",
    "place": "Hội trường",
    "first_day": "2026-12-08",
    "last_day": "2026-12-08",
    "opens": "08:00",
    "closes": "10:00",
    "minutes": "30",
    "pause": "0",
    "breaks": "",
    "tables": "2",
    "least": "1",
    "most_producer": "3",
    "most_buyer": "3",
    "wishes_until": "2026-12-06",
}
WEIGHTS = {f"buyer_{part}": str(n) for part, n in USUAL.buyer.items()}
WEIGHTS |= {f"producer_{part}": str(n) for part, n in USUAL.producer.items()}
BASE = "POST /office/matchmaking"
GATHERED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{BASE}/weights": WEIGHTS,
    f"{BASE}/outcomes": {"meetings": "1", "producers": "1", "contracts": "1", "contract_value": "1.000"},
    f"{BASE}/campaigns/new": PLAN,
    f"{BASE}/campaigns/{{fairplan}}/edit": PLAN,
    f"{BASE}/campaigns/{{fairopen}}/cancel": {"reason": "Bão"},
    f"{BASE}/campaigns/{{fair}}/meetings/{{gathering}}/cancel": {"reason": "Bão"},
    f"{BASE}/campaigns/{{fairday}}/meetings/{{daymeeting}}/missed": {"absent": "buyer"},
    f"{BASE}/campaigns/{{fairday}}/meetings/{{missed}}/replace": {"participant": "{present}"},
    **{
        f"POST /{side}/campaigns/{{fair}}{path}": {"coming": "yes", "here": ["0", "1", "2", "3"], "reason": "Ốm"}
        for side in ("producer", "distributor")
        for path in ("", "/withdraw", "/meetings/{gathering}/cancel")
    },
}


def gathered(people: Mapping[str, User], at: datetime) -> dict[str, str]:
    """A campaign in each state, of `producer` and `distributor`; on the day of one a second producer stands by."""
    maker, buyer = people["producer"], people["distributor"]
    spare = make_maker("Lò dự bị", at=at)
    goods = make_offer("Miến sỉ", at=at, producer=get_own(maker.actor()))
    names = {"wholesale": make_wholesale(maker, goods, at=at).code}
    names |= {"fairplan": _planned([maker], buyer, at), "fairopen": _opened([maker], buyer, at)}
    with transaction():
        names["runasked"] = str(ask_run(code=names["fairopen"], by=BY, at=at).number)
    names["fairdone"] = _opened([maker], buyer, at)
    names["rundone"] = str(worked_out(names["fairdone"], at=at))
    names["fair"] = _published([maker], buyer, at)
    names["gathering"] = list_meetings(get_campaign(names["fair"]).id)[0].code
    names["fairday"] = _published([maker, make_maker("Lò vắng", at=at)], buyer, at)
    with transaction():
        invite(code=names["fairday"], producers=[get_own(spare.actor()).slug], distributors=[], by=BY, at=at)
    with transaction():
        answer_invitation(code=names["fairday"], coming=True, absent=(), most=None, by=spare.actor(), at=at)
    day = get_campaign(names["fairday"]).id
    own = get_own_participant(names["fairday"], by=maker.actor()).id
    rows = list_meetings(day)
    names["daymeeting"] = next(row.code for row in rows if row.producer_participant_id == own)
    missed = next(row for row in rows if row.producer.name == "Lò vắng")
    with transaction():
        start_campaign(code=names["fairday"], by=BY, at=DAY)
        miss_meeting(code=names["fairday"], meeting=missed.code, absent=Side.PRODUCER, by=BY, at=DAY)
    second = _published([maker], buyer, at)
    held = list_meetings(get_campaign(second).id)[0].code
    with transaction():
        start_campaign(code=second, by=BY, at=DAY)
        hold_meeting(code=second, meeting=held, by=BY, at=DAY)
    names |= {"fairheld": second, "heldmeeting": held}
    present = get_own_participant(names["fairday"], by=spare.actor()).id
    with transaction():
        arrive(code=names["fairday"], participant_id=present, by=BY, at=DAY)
    names |= {"missed": missed.code, "present": str(present)}
    return names


def _planned(makers: list[User], buyer: User, at: datetime) -> str:
    with transaction():
        code = plan_campaign(facts=facts(), by=BY, at=at).code
        slugs = [get_own(maker.actor()).slug for maker in makers]
        shop = distributor_of(buyer.actor()).organisation.slug
        invite(code=code, producers=slugs, distributors=[shop], by=BY, at=at)
    return code


def _opened(makers: list[User], buyer: User, at: datetime) -> str:
    code = _planned(makers, buyer, at)
    with transaction():
        open_campaign(code=code, by=BY, at=at)
    for user in (*makers, buyer):
        with transaction():
            answer_invitation(code=code, coming=True, absent=(), most=None, by=user.actor(), at=at)
    return code


def _published(makers: list[User], buyer: User, at: datetime) -> str:
    code = _opened(makers, buyer, at)
    number = worked_out(code, at=at)
    with transaction():
        publish_run(code=code, number=number, by=BY, at=at)
    return code


def grow_gathered(own: User, maker: User, at: datetime, name: str) -> str:
    """One more campaign of these two, and of two more; answers its code."""
    other, shop = make_maker(f"Lò {name}", at=at), make_buyer(f"Chợ {name}", at=at)
    code = _planned([maker, other], own, at)
    with transaction():
        slug = distributor_of(shop.actor()).organisation.slug
        invite(code=code, producers=[], distributors=[slug], by=BY, at=at)
        open_campaign(code=code, by=BY, at=at)
    for user in (maker, other, own, shop):
        with transaction():
            answer_invitation(code=code, coming=True, absent=(), most=None, by=user.actor(), at=at)
    number = worked_out(code, at=at)
    with transaction():
        publish_run(code=code, number=number, by=BY, at=at)
    return code
