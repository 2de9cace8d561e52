"""Fairs in every state for the table of access and the table of costs."""

import json
from collections.abc import Mapping
from datetime import datetime

from marketplace.people.accounts.models import User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.trade.allocations.jobs import work_out_booths
from marketplace.trade.allocations.services import ask_run, pin, publish_placings
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.stands.models import PaidBy
from marketplace.trade.stands.services import sell
from marketplace.trade.visitors.links import ticket_key
from tests.builders import BY, make_offer, make_producer
from tests.exhibiting import lay_booths, make_exhibitor
from tests.fairing import EDITION_TYPED, OPENING, SESSION_TYPED, lead_to, make_edition, release
from tests.floors import codes_of, place, plan, row_layout
from tests.visiting import make_ticket

WEIGHTS = ("wish", "corner", "owed", "thrift", "stay", "gather", "apart")
BASE = "POST /office/fairs"
DRAWN = json.dumps(row_layout().to_json()).replace("{", "{{").replace("}", "}}")  # the table fills in names
BOOTH_TYPED = {"base": "1", "label": "B1", "hall": "0", "x": "0", "y": "9", "width": "3", "depth": "2"}
EXPOS_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{BASE}/new": EDITION_TYPED,
    f"{BASE}/{{expo}}/edit": EDITION_TYPED,
    f"{BASE}/{{expo}}/zones": {"zone": ["Khu A"], "zone_en": [""]},
    f"{BASE}/{{expo}}/quotas": {"place": ["outside"], "most": ["3"]},
    f"{BASE}/{{expo}}/budget": {"what": ["Nhà bạt"], "planned": ["1.000"], "spent": ["0"]},
    f"{BASE}/{{expo}}/cancelled": {"note": "Bão"},
    f"{BASE}/{{expo}}/programme/new": SESSION_TYPED,
    f"{BASE}/{{expo}}/programme/{{expoitem}}": SESSION_TYPED,
    f"{BASE}/{{expo}}/booths/terms": {"gathering": "spread", **dict.fromkeys(WEIGHTS, "10")},
    "POST /producer/fairs/{stall}/stand/sales": {
        "paid_by": "cash",
        "quantity-{stallsku}": "1",
        "price-{stallsku}": "9",
    },
    "POST /producer/fairs/{stall}/stand/sales/{stallsale}/void": {"reason": "Nhầm"},
    "POST /producer/fairs/{stall}/summary": {"rating": "4", "words": "Tốt"},
    "POST /fairs/{stallpage}/tickets/{stallticket}/feedback": {"k": "{stallkey}", "rating": "4"},
    f"{BASE}/{{expojudged}}/booths/{{exhibitor}}/pin": {"booth": "{booth}"},
    f"{BASE}/{{expo}}/plan": {"base": "1", "layout": DRAWN},
    f"{BASE}/{{expo}}/plan/halls": {"base": "1", "name": "Sân", "width": "20", "depth": "20"},
    f"{BASE}/{{expo}}/plan/halls/0/drop": {"base": "1"},
    f"{BASE}/{{expo}}/plan/rows": {**BOOTH_TYPED, "gap": "0", "count": "2"},
    f"{BASE}/{{expo}}/plan/landmarks": {**BOOTH_TYPED, "kind": "stage"},
    f"{BASE}/{{expo}}/plan/landmarks/0/drop": {"base": "1"},
    f"{BASE}/{{expo}}/plan/booths/{{expobooth}}": BOOTH_TYPED,
    f"{BASE}/{{expo}}/plan/booths/{{expobooth}}/drop": {"base": "1"},
    f"{BASE}/{{expo}}/plan/restore": {"base": "1", "number": "1"},
}


def expos(people: Mapping[str, User], at: datetime) -> dict[str, str]:
    """An edition in each state that a row of the table needs."""
    names = {
        "expoplan": make_edition(at=at, state=EditionState.DRAFT).code,
        "exposet": make_edition(at=at, state=EditionState.ALLOCATED).code,
        "expoday": make_edition(at=at, state=EditionState.RUNNING).code,
        "expoover": make_edition(at=at, state=EditionState.CLOSED).code,
    }
    edition = make_edition(at=at, zones=("Khu A",))
    names |= _judged(at)
    names |= _stand(people["producer"], at)
    plan(edition, at=at)
    names |= {"expo": edition.code, "expopage": edition.slug, "expobooth": codes_of(edition)["A1"]}
    return {**names, "expoitem": release(edition.code, at=at)[0]}


def _stand(producer: User, at: datetime) -> dict[str, str]:
    """A running edition at which `producer` has a stand, its booth published, one sale written down."""
    edition = make_edition(at=at, state=EditionState.SELECTION)
    (booth,) = lay_booths(edition, {})
    own = get_own(producer.actor())
    with transaction():
        row = Application(code="DKGIAN", edition_id=edition.id, producer_id=own.id, created_at=at)
        row.state = ApplicationState.CONFIRMED
        db.session.add(row)
    with transaction():
        pin(code=edition.code, application=row.code, booth=booth.code, by=BY, at=at)
        publish_placings(code=edition.code, by=BY, at=at)
    lead_to(edition.code, EditionState.RUNNING, at=at)
    goods = make_offer("Bánh tại gian", at=at, producer=own)
    sold = {goods.sku: (1, Money(1_000))}
    with transaction():
        sale = sell(edition=edition.code, key="k", goods=sold, paid_by=PaidBy.CASH, by=producer.actor(), at=OPENING)
    ticket = make_ticket(edition, at=at)
    return {
        "stall": edition.code,
        "stallpage": edition.slug,
        "stand": row.code,
        "stallsku": goods.sku,
        "stallsale": sale.code,
        "stallticket": ticket.code,
        "stallkey": ticket_key(ticket.code),
    }


def _judged(at: datetime) -> dict[str, str]:
    """An edition whose booths are being given: one exhibitor is pinned, a run waits to be taken."""
    edition = make_edition(at=at, state=EditionState.SELECTION)
    _, second, third = lay_booths(edition, {}, {}, {})
    _, _, one = make_exhibitor(edition, "Gian thử", at=at)
    with transaction():
        pin(code=edition.code, application=one.code, booth=second.code, by=BY, at=at)
        ask_run(code=edition.code, by=BY, at=at)
    work_out_booths(at)
    return {"expojudged": edition.code, "exhibitor": one.code, "booth": third.code}


def _worked_out(at: datetime, name: str) -> str:
    """One more edition whose booths are worked out: two are pinned."""
    edition = make_edition(at=at, title=f"Chia gian {name}")
    people = [make_exhibitor(edition, f"Gian {name}{n}", at=at)[2] for n in range(2)]
    for booth, one in zip(lay_booths(edition, {}, {}), people, strict=True):
        with transaction():
            pin(code=edition.code, application=one.code, booth=booth.code, by=BY, at=at)
    with transaction():
        ask_run(code=edition.code, by=BY, at=at)
    work_out_booths(at)
    return edition.code


def grow_expos(at: datetime, name: str, variant: Variant) -> dict[str, str]:
    """One more edition with zones, an item of its programme, and two exhibitors in their booths."""
    edition = make_edition(at=at, title=f"Hội chợ {name}", zones=("Khu A", "Khu B"), quotas={"outside": 3})
    release(edition.code, at=at)
    plan(edition, row_layout(3 + len(name)), at=at)
    listing = db.session.get_one(Listing, variant.listing_id)
    for label in list(codes_of(edition))[: 2 + len(name)]:
        place(edition, label, make_producer(f"Gian {label} {name}", at=at), listing, at=at)
    lead_to(edition.code, EditionState.ALLOCATED, at=at)
    return {
        "exporun": _worked_out(at, name),
        "expo": edition.code,
        "expopage": edition.slug,
        "expobooth": codes_of(edition)["A1"],
    }
