"""What both parties do on a deal's page: each verb reads the form, runs its service, and says that it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from marketplace.faces.storefront.deal_forms import quote_terms, rows_of, told_by_row, whole
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import MOST_BYTES, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.web import verbs
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.trade.deals.models import Deal, Stage
from marketplace.trade.deals.queries import (
    accepted_quote,
    count_by_stage,
    get_within,
    list_deals,
    list_events,
    list_files,
    list_quotes,
    list_requests,
    quoted_goods,
    side_of,
)
from marketplace.trade.deals.queries.meetings import list_appointments
from marketplace.trade.deals.queries.signed import (
    list_deliveries,
    list_orders,
    list_papers,
    list_samples,
    values_of,
)
from marketplace.trade.deals.services import (
    accept_quote,
    add_file,
    decline_quote,
    end_deal,
    price_holds_until,
    say,
    send_quote,
)

Errors = dict[str, dict[str, str]]  # by form, by field


@dataclass
class Done:
    """What came of a verb on the page: whether it is made, or what is wrong in which form beside which field."""

    made: bool = False
    errors: Errors = field(default_factory=dict)


def perform(form: str, act: Callable[[], object], done: str, *, blocked: bool = True) -> Done:
    """Run what one of the page's forms asks (`verbs.perform`)."""
    came = verbs.perform(act, done, blocked=blocked)
    return Done(came.made, {form: came.errors} if came.errors else {})


def act_on(code: str, verb: str) -> Done:
    """One of the verbs that both parties have (`VERBS`)."""
    typed, by, at = request.form, current_actor(), now()
    number = whole(typed, "number") or 0
    ways: dict[str, tuple[Callable[..., object], str]] = {
        "say": (partial(say, words=typed.get("words", "")), _("Đã gửi.")),
        "quote": (partial(_quote, number=number), _("Đã gửi báo giá. Bản này không đổi được nữa.")),
        "accept": (partial(accept_quote, number=number), _("Đã đồng ý báo giá.")),
        "decline": (
            partial(decline_quote, number=number, reason=typed.get("reason", "")),
            _("Đã báo bên kia là không nhận."),
        ),
        "end": (partial(end_deal, reason=typed.get("reason", "")), _("Đã kết thúc thương vụ.")),
    }
    act, done = ways[verb]
    return perform(verb, partial(act, code=code, by=by, at=at), done)


def tell_opened(deal: Deal, words: str, begun: str, *, at: datetime) -> None:
    """Say above the next page what came of opening a deal at `at`: `begun`, or that there is one and what was said."""
    if deal.opened_at == at:
        flash(begun, "ok")
    elif words.strip():
        flash(_("Hai bên đang có thương vụ này; lời nhắn đã nằm trong phần trao đổi."), "ok")
    else:
        flash(_("Hai bên đang có thương vụ này; chưa có gì mới được gửi đi."), "info")


VERBS = "any(say, quote, accept, decline, end)"


def _quote(*, code: str, number: int, by: Actor, at: datetime) -> None:
    with told_by_row(rows_of(request.form)):
        send_quote(code=code, terms=quote_terms(request.form), after=number, by=by, at=at)


def give_file(code: str) -> Done:
    """Keep the file that was sent, and give it to the other side."""
    by, at, sent = current_actor(), now(), request.files.get("file")
    get_within(code, by=by)

    def keep() -> None:
        if sent is None or not sent.filename:
            raise Invalid({"file": N_("Chọn một tệp.")})
        document = take_document(sent.read(MOST_BYTES + 1), sent.filename)
        put_document(document, at=at)
        with transaction():
            add_file(code=code, document=document, title=request.form.get("title", ""), by=by, at=at)

    return perform("file", keep, _("Đã gửi tệp."), blocked=False)


def deal_list(per_page: int) -> dict[str, Any]:
    """A page of the reader's deals, at the stage that the address asks for, with how many stand at each."""
    by, page, asked = current_actor(), read_page(), request.args.get("stage", "")
    stage = Stage(asked) if asked in set(Stage) else None
    counts = count_by_stage(by=by)
    total = counts.get(stage, 0) if stage else sum(counts.values())
    return {
        "deals": list_deals(by=by, stage=stage, page=page, per_page=per_page),
        "by_stage": counts,
        "stage": stage,
        "page": page,
        "pages": max(1, -(-total // per_page)),
    }


def deal_page(deal: Deal, errors: Errors | None = None) -> dict[str, Any]:
    """Everything a deal's page shows to whom it is open."""
    by, on = current_actor(), day_of(now())
    quotes = list_quotes(deal, by=by)
    agreed = accepted_quote(deal.id)
    until = price_holds_until(deal, agreed, on=on) if agreed else None
    return {
        "deal": deal,
        "side": side_of(by),
        "events": list_events(deal, by=by),
        "requests": list_requests(deal, by=by),
        "quotes": quotes,
        "newest": quotes[0] if quotes else None,
        "goods": quoted_goods(deal) if deal.open else [],
        "agreed": agreed if until is not None and until >= on else None,
        "agreed_until": until,
        "files": list_files(deal, by=by),
        "orders": list_orders(deal, by=by),
        "papers": list_papers(deal, by=by),
        "samples": list_samples(deal, by=by),
        "deliveries": list_deliveries(deal, by=by),
        "meetings": list_appointments(deal, by=by),
        "at": now(),
        "values": values_of([deal], on=on)[deal.id],
        "errors": errors or {},
        "typed": request.form,
        "today": on,
        **deal_words(),
    }
