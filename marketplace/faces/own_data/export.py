"""All that is kept of a person, gathered for them to take along."""

from datetime import datetime
from typing import Any

from marketplace.people.accounts.models import User
from marketplace.people.accounts.policies import ENTER_PRODUCER_DESK
from marketplace.people.accounts.queries import get_self, list_all_sign_ins
from marketplace.people.addresses.queries import list_addresses
from marketplace.people.producers.queries import get_own
from marketplace.people.verification.queries import account_in_force, list_contacts
from marketplace.platform.audit.queries import list_seen_of
from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import NotFound
from marketplace.shop.orders.models import Order, OrderPart
from marketplace.shop.orders.queries import list_all_of_buyer
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.queries import list_of_buyer, list_reports_of
from marketplace.trade.demands.queries import list_of_distributor
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import find_own, list_files


def gather(by: Actor, *, at: datetime) -> dict[str, Any]:
    """Profile, organisation, addresses, sign-ins, orders, reviews, what was agreed; money in dong, instants in UTC."""
    user, orders = get_self(by), list_all_of_buyer(by.user_id or 0)
    return {
        "made_at": _instant(at),
        "profile": _profile(user),
        "organisation": _organisation(user),
        "producer": _producer(by),
        "distributor": _distributor(by),
        "addresses": [
            {
                "label": each.label,
                "recipient": each.recipient,
                "phone": each.phone,
                "street": each.street,
                "commune": each.commune.name,
                "commune_code": each.commune.code,
                "province": each.commune.parent.name if each.commune.parent else "",
                "default": each.is_default,
            }
            for each in list_addresses(by=by)
        ],
        "sign_ins": [
            {
                "device": each.device,
                "network_address": each.address,
                "opened_at": _instant(each.created_at),
                "last_seen_at": _instant(each.last_seen_at),
                "ended_at": _instant(each.ended_at),
            }
            for each in list_all_sign_ins(by=by)
        ],
        "orders": [_order(order) for order in orders],
        "seen_by_the_office": [
            {"order": each.subject, "by": each.user_name, "at": _instant(each.first_at)}
            for each in list_seen_of("order", [order.number for order in orders])
        ],
        "reviews": [_review(review) for review in list_of_buyer(user.id)],
        "reported_reviews": [
            {"review": code, "ground": each.ground.value, "words": each.words, "at": _instant(each.at)}
            for each, code in list_reports_of(user.id)
        ],
        "agreed": _agreed(user, orders),
    }


def _profile(user: User) -> dict[str, Any]:
    return {
        "code": user.code,
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "role": user.role.value,
        "language": user.language,
        "unit": user.unit.name if user.unit else None,
        "created_at": _instant(user.created_at),
        "confirmed_at": _instant(user.confirmed_at),
        "second_factor_since": _instant(user.second_factor_at),
    }


def _organisation(user: User) -> dict[str, Any] | None:
    if user.organisation is None or user.membership is None:
        return None
    return {
        "name": user.organisation.name,
        "kind": user.organisation.kind.value,
        "membership": user.membership.value,
    }


def _producer(by: Actor) -> dict[str, Any] | None:
    """Whom one's producer names to be called, and of its bank account the tail that pages show."""
    if not ENTER_PRODUCER_DESK.held_by(by):
        return None
    try:
        producer = get_own(by)
    except NotFound:
        return None
    account = account_in_force(producer.id)
    return {
        "name": producer.name,
        "contacts": [
            {"name": each.name, "role": each.role.value, "phone": each.phone, "email": each.email}
            for each in list_contacts(producer.id)
        ],
        "bank_account": {"bank": account.bank_name, "number": account.tail, "holder": account.holder}
        if account
        else None,
    }


def _distributor(by: Actor) -> dict[str, Any] | None:
    """What one's distributor has said of itself, which papers it gave, what it seeks."""
    own = find_own(by) if KEEP_OWN_PROFILE.held_by(by) else None
    if own is None:
        return None
    same = "about country address website registration_number tax_code outlets contact_name contact_email phone"
    return {
        **{name: getattr(own, name) for name in same.split()},
        "name": own.organisation.name,
        "kind": own.kind.value,
        "province": own.province.name if own.province else None,
        "standing": own.standing.value,
        "papers": [
            {"title": each.title, "file": each.file.file_name, "added_at": _instant(each.added_at)}
            for each in list_files(own.id)
        ],
        "demands": [
            {"code": each.code, "title": each.title, "state": each.state.value} for each in list_of_distributor(own.id)
        ],
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_at": _instant(order.placed_at),
        "recipient": order.recipient,
        "phone": order.phone,
        "email": order.email,
        "address": [order.street, order.commune_name, order.province_name],
        "note": order.note,
        "payment_method": order.payment_method.value,
        "goods_total": order.goods_total.amount,
        "shipping_total": order.shipping_total.amount,
        "discount_total": order.discount_total.amount,
        "vouchers": [{"code": use.code, "name": use.name, "amount": use.amount.amount} for use in order.vouchers],
        "total": order.total.amount,
        "parts": [_part(part) for part in order.parts],
    }


def _part(part: OrderPart) -> dict[str, Any]:
    return {
        "producer": part.producer_name,
        "state": part.state.value,
        "total": part.total.amount,
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "label": line.label,
                "quantity": line.quantity,
                "unit_price": line.unit_price.amount,
                "line_total": line.line_total.amount,
                "stars": line.stars,
                "certificate": line.certificate_code,
            }
            for line in part.lines
        ],
        "events": [{"state": e.state.value, "at": _instant(e.at), "note": e.note} for e in part.events],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "code": review.code,
        "order": review.line.part.order.number,
        "sku": review.line.sku,
        "product": review.listing.name,
        "stars": review.stars,
        "words": review.words,
        "signed": review.signed,
        "state": review.state.value,
        "refused_on": review.ground.value if review.ground else None,
        "remark": review.remark,
        "written_at": _instant(review.written_at),
        "said_at": _instant(review.said_at),
        "published_at": _instant(review.published_at),
        "reply": review.reply,
    }


def _agreed(user: User, orders: list[Order]) -> list[dict[str, Any]]:
    """What the person agreed to, when: opening the account, and each order as it was reviewed."""
    opened = [{"what": "account opened", "at": _instant(user.confirmed_at)}]
    return opened + [
        {
            "what": f"order {order.number} placed as reviewed",
            "review": order.fingerprint,
            "at": _instant(order.placed_at),
        }
        for order in orders
    ]


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
