"""The worker's part: reminders of appointments, orders that were placed or arrived, contracts whose term is over."""

from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.trade.deals.models import Deal, DealPaper
from marketplace.trade.deals.queries.meetings import list_near
from marketplace.trade.deals.services.following import catch_up, release_over, remind_of, unwritten

A_DAY = timedelta(days=1)
WORKER = system("Cho Phien")


def watch_deals(at: datetime) -> int:
    """Remind, once a day and once an hour before; write down orders; take over contracts' volumes back."""
    done = 0
    near = [(row.code, row.deal.code) for row in list_near(at, A_DAY)]
    for code, deal_code in near:
        with transaction():
            done += remind_of(code=code, deal_code=deal_code, at=at)
    for deal_code in _with_news():
        with transaction():
            done += catch_up(code=deal_code, by=WORKER, at=at)
    for paper_id in _over(at):
        with transaction():
            done += release_over(paper_id=paper_id, at=at)
    return done


def _with_news() -> list[str]:
    """The open deals at whose prices something was ordered, or arrived, that is not written down on them."""
    query = select(Deal.code).join(AgreedPrice, AgreedPrice.reference == Deal.code)
    query = query.where(AgreedPrice.used_at.is_not(None), Deal.open_key.is_not(None))
    return sorted(unwritten(set(db.session.scalars(query))))


def _over(at: datetime) -> list[int]:
    query = select(DealPaper.id).where(
        DealPaper.offer_id.is_not(None),
        DealPaper.confirmed_at.is_not(None),
        DealPaper.released_at.is_(None),
        DealPaper.ends_on < day_of(at),
    )
    return list(db.session.scalars(query.order_by(DealPaper.id)))
