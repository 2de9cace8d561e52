"""Reviews of every standing for the table of access, and more of them for the table of costs."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.links import order_key
from marketplace.shop.reviews.queries import bought_line
from marketplace.shop.reviews.services import reply_to_review, report_review
from tests.builders import make_offer, make_user
from tests.curating import slug_of
from tests.reviewing import buy, make_review, say

REVIEW = {"stars": "4", "words": "Ngon", "named": "1", "seen": "0"}
WHY = {"ground": "insult"}
REVIEWED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    "POST /orders/{came}/reviews/1/1": REVIEW,
    "POST /orders/{came}/reviews/1/1?key={camekey}": REVIEW,
    "POST /reviews/{shownreview}/report": WHY,
    "POST /office/reviews/{waitingreview}/publish": {"seen": "1.0"},
    "POST /office/reviews/{waitingreview}/refuse": {"seen": "1.0", **WHY},
    "POST /office/reviews/{reportedreview}/keep": {"seen": "2.1"},
    "POST /producer/reviews/{shownreview}/reply": {"words": "Cảm ơn", "seen": "0"},
    "POST /producer/reviews/{answeredreview}/reply/withdraw": {"seen": "1"},
}


def reviewed(people: Mapping[str, User], producer: Producer, at: datetime) -> dict[str, str]:
    """What `buyer` received and did not review yet, what they did; reviews that wait, shown, answered, reported."""
    maker, buyer = people["producer"], people["buyer"].actor()
    variant = make_offer("Miến được khen", at=at, producer=producer, stock=30)
    came, told = (buy(variant, maker, at=at, by=buyer) for _ in range(2))
    say(told, at=at, stars=5, by=buyer)
    waiting = make_review(variant, maker, at=at, words="Chờ", shown=False)
    shown, answered, reported = (make_review(variant, maker, at=at, words="Hiện") for _ in range(3))
    with transaction():
        reply_to_review(code=answered.code, words="Cảm ơn", seen=0, by=maker.actor(), at=at)
        report_review(code=reported.code, ground="insult", words="", by=people["buyer2"].actor(), at=at)
    return {
        "came": came.number,
        "camekey": order_key(came.number),
        "told": told.number,
        "toldkey": order_key(told.number),
        "waitingreview": waiting.code,
        "shownreview": shown.code,
        "answeredreview": answered.code,
        "reportedreview": reported.code,
    }


def grow_reviewed(
    there: Mapping[str, str], buyer: User, maker: User, producer: Producer, at: datetime, name: str
) -> dict[str, str]:
    """One more of each, all of one product, whose page and one of whose orders are looked at."""
    slug = there.get("praised") or slug_of(make_offer("Miến được khen", at=at, producer=producer, stock=90))
    variant = db.session.scalars(select(Variant).join(Variant.listing).where(Listing.slug == slug)).one()
    make_review(variant, maker, at=at, words=f"Chờ {name}", shown=False)
    shown, reported = (make_review(variant, maker, at=at, words=f"Hiện {name}", by=buyer.actor()) for _ in range(2))
    reader = make_user(at=at).actor()
    with transaction():
        reply_to_review(code=shown.code, words="Cảm ơn", seen=0, by=maker.actor(), at=at)
        report_review(code=reported.code, ground="insult", words="", by=reader, at=at)
    return {"praised": slug, "praisedorder": there.get("praisedorder") or bought_line(shown).part.order.number}
