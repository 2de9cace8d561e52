"""Striking a person's data out of every room at their wish (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15)."""

from datetime import datetime

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.queries import list_members
from marketplace.people.accounts.services import erase_user
from marketplace.people.addresses.services import forget_addresses
from marketplace.people.producers.services import forget_contact
from marketplace.people.second_factor.services import forget_own_factor
from marketplace.people.verification.services import forget_contacts
from marketplace.platform.core.access import Actor, in_person
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.services import forget_basket
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.queries import list_of_producer
from marketplace.shop.orders.models import UNDER_WAY
from marketplace.shop.orders.queries import count_parts_by_state, count_under_way
from marketplace.shop.reviews.services import forget_reviews
from marketplace.trade.distributors.services import forget_profile


class OrdersUnderWay(Conflict):
    """Goods are on their way to this person: somebody may have to reach them."""

    code = "orders_under_way"
    message = N_("Bạn còn %(count)d phần đơn chưa xong. Đợi hàng tới hoặc hủy đơn, rồi xóa tài khoản.")


class BuyersWait(Conflict):
    """Nobody else acts for this producer, and buyers depend on it."""

    code = "buyers_wait"
    message = N_(
        "Bạn là người duy nhất của nơi làm này mà còn đơn chưa xong hoặc hàng đang bán. "
        "Hãy giao xong đơn và tạm ngừng bán, hoặc mời một người khác và trao quyền chủ."
    )


def erase(*, by: Actor, at: datetime) -> None:
    """Strike out the acting person's data; orders stay as accounting law asks, the account behind them is nobody's.

    Of reviews their words go and the published stars stay.

    Refused while their own orders are under way (OrdersUnderWay), while they are the last of a producer that buyers
    depend on (BuyersWait), the last owner among others (LastOwner), or an officer (OfficersStay).
    """
    waiting = count_under_way(in_person(by).user_id or 0)
    if waiting:
        raise OrdersUnderWay(count=waiting)
    alone = len(list_members(by=by)) == 1
    if by.role == Role.PRODUCER and alone and _buyers_depend(by):
        raise BuyersWait
    forget_contact(by=by, at=at)
    forget_contacts(by=by)
    if alone:
        forget_profile(by=by, at=at)
    forget_addresses(by=by)
    forget_basket(by=by)
    forget_own_factor(by=by)
    forget_reviews(by=by, at=at)
    erase_user(by=by, at=at)


def _buyers_depend(by: Actor) -> bool:
    on_sale = any(listing.state is ListingState.PUBLISHED for listing in list_of_producer(by.organisation_id or 0))
    return on_sale or bool(UNDER_WAY & count_parts_by_state(by=by).keys())
