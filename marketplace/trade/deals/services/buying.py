"""A wholesale order from an accepted quotation: laid into the buyer's basket at the agreed price, ordered like any."""

from datetime import date, datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.services import add_agreed
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.shop.pricing.services import agree
from marketplace.trade.deals.models import Deal, Quotation, Side
from marketplace.trade.deals.queries import accepted_quote
from marketplace.trade.deals.queries.signed import last_day_of_contract
from marketplace.trade.deals.rules import MOST_UNITS, price_for
from marketplace.trade.deals.services.steps import check_parties, held_deal


class NothingAgreed(Conflict):
    """No quotation was accepted, or what was has lapsed and no contract runs."""

    code = "nothing_agreed"
    message = N_("Chưa có báo giá nào còn hiệu lực được hai bên đồng ý. Hãy xin báo giá mới.")


def order_agreed(*, code: str, quantity: int, token: str, by: Actor, at: datetime) -> AgreedPrice:
    """Lay so many packs at the accepted quotation's price into the acting buyer's basket, to be ordered once.

    Pressed again, or with another quantity, it is the same line. Raises NothingAgreed where no accepted quotation
    holds today, PartySuspended while either of the two is, NotFound where the goods are not on sale (a certificate in
    force included).
    """
    deal, _side = held_deal(code, by=by, side=Side.BUYER)
    check_parties(deal)
    quote = accepted_quote(deal.id)
    until = price_holds_until(deal, quote, on=day_of(at)) if quote is not None else None
    if quote is None or until is None or until < day_of(at):
        raise NothingAgreed
    if not quote.least_order <= quantity <= MOST_UNITS:
        raise Invalid({"quantity": N_("Số gói từ đơn nhỏ nhất của báo giá đến 1.000.000.")})
    agreed = agree(
        reference=deal.code,
        user_id=by.user_id or 0,
        variant_id=quote.variant_id,
        price=price_for(quote.prices, quantity),
        quantity=quantity,
        valid_until=until,
        at=at,
    )
    add_agreed(token=token, agreed=agreed, by=by, at=at)
    return agreed


def price_holds_until(deal: Deal, quote: Quotation, *, on: date) -> date:
    """The last day of an accepted quotation's prices: its own, or that of a contract that runs."""
    running = last_day_of_contract(deal.id, on=on)
    return max(quote.valid_until, running) if running is not None else quote.valid_until
