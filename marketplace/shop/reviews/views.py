"""A buyer's review of a line of their order, by sign-in or by the order's signed link; and reporting a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import language
from marketplace.platform.web.verbs import Done, perform
from marketplace.shop.orders.links import holds_key
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState
from marketplace.shop.orders.views import own_order
from marketplace.shop.reviews.links import review_path
from marketplace.shop.reviews.models import Review
from marketplace.shop.reviews.policies import REPORT
from marketplace.shop.reviews.queries import (
    RECEIVED,
    delivered_at,
    find_of_line,
    find_of_lines,
    get_line,
    get_published,
)
from marketplace.shop.reviews.rules import MOST_REPORT, MOST_WORDS, last_day, short_name
from marketplace.shop.reviews.services import Said, report_review, withdraw_review, write_review
from marketplace.shop.reviews.services.writing import own_name
from marketplace.shop.reviews.words import GROUNDS, SCALE, STATES

bp = Blueprint("reviews", __name__)
Typed = Mapping[str, str]
LINE = "/orders/<number>/reviews/<int(max=9999):part>/<int(max=9999):line>"


@dataclass(frozen=True)
class Chance:
    """A line that was received: what its buyer said of it, until when they may, whether they still may."""

    part: int
    line: OrderLine
    review: Review | None
    until: date
    open: bool


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    """What the order's page says of reviews: the lines of a part, if it was delivered."""
    return {"reviewing": reviewing, "review_path": review_path, "review_states": STATES}


def reviewing(order: Order) -> dict[int, list[Chance]]:
    """By part, the lines of an order that were received; nothing is asked where nothing has come yet."""
    came = {part.id: until for part in order.parts if (until := _delivered(part)) is not None}
    if not came:
        return {}
    said, today = find_of_lines(line.id for part in order.parts for line in part.lines), day_of(now())
    return {
        part.id: [
            Chance(part.position, line, said.get(line.id), came[part.id], today <= came[part.id]) for line in part.lines
        ]
        for part in order.parts
        if part.id in came
    }


def _delivered(part: OrderPart) -> date | None:
    """The last day for a part whose events are loaded."""
    came = [event.at for event in part.events if event.state is PartState.DELIVERED and part.state in RECEIVED]
    return last_day(min(came)) if came else None


@bp.get(LINE)
@allow(PUBLIC)
def review(number: str, part: int, line: int) -> str:
    return _look(number, part, line)


@bp.post(LINE)
@allow(PUBLIC)
@limiter.limit("60 per hour")
def write(number: str, part: int, line: int) -> Any:
    own_order(number)
    typed = request.form
    said = Said(
        stars=int(typed["stars"]) if typed.get("stars") in set("12345") else 0,
        words=typed.get("words", ""),
        named=typed.get("named") == "1",
        language=language(),
    )
    act = partial(write_review, number=number, part=part, line=line, said=said, seen=read_seen())
    act = partial(act, by=current_actor(), at=now())
    came = perform(act, _("Đã ghi. Lời đánh giá được cán bộ tỉnh xem rồi mới hiện; chỉ có sao thì hiện ngay."))
    return _answer(came, number, part, line, typed)


@bp.post(f"{LINE}/withdraw")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def withdraw(number: str, part: int, line: int) -> Any:
    own_order(number)
    act = partial(withdraw_review, number=number, part=part, line=line, by=current_actor(), at=now())
    return _answer(perform(act, _("Đã rút đánh giá. Lời bạn viết đã xóa.")), number, part, line)


def _answer(came: Done, number: str, part: int, line: int, typed: Typed | None = None) -> Any:
    """On to the order, or back to the form with what was typed and what is wrong with it."""
    if came.made:
        key = request.form.get("key", "")
        return redirect(f"/orders/{number}{f'?key={key}' if holds_key(number, key) else ''}#reviews")
    return _look(number, part, line, came.errors, typed), 422 if came.errors else 409


def _look(number: str, part: int, line: int, errors: dict[str, str] | None = None, typed: Typed | None = None) -> str:
    order = own_order(number)
    bought = get_line(number, part, line)
    delivered, found = delivered_at(bought.part), find_of_line(bought.id)
    until = last_day(delivered) if delivered else None
    return render_template(
        "reviews/write.html",
        order=order,
        line=bought,
        path=review_path(number, part, line),
        key=request.values.get("key", ""),
        review=found,
        until=until,
        open=until is not None and day_of(now()) <= until and not (found and found.erased_at),
        name_shown=short_name(own_name(order)),
        states=STATES,
        scale=SCALE,
        grounds=GROUNDS,
        longest=MOST_WORDS,
        errors=errors or {},
        typed=typed,
    )


@bp.get("/reviews/<code>/report")
@allow(REPORT)
def report(code: str) -> str:
    return _report_page(code, {})


@bp.post("/reviews/<code>/report")
@allow(REPORT)
@limiter.limit("20 per hour")
def send_report(code: str) -> Any:
    found, typed = get_published(code), request.form
    words = {"ground": typed.get("ground", ""), "words": typed.get("words", "")}
    act = partial(report_review, code=code, by=current_actor(), at=now(), **words)
    came = perform(act, _("Đã báo. Cán bộ tỉnh sẽ xem; trong lúc đó đánh giá vẫn hiện."))
    if came.errors:
        return _report_page(code, came.errors), 422
    return redirect(f"/products/{found.listing.slug}#reviews")


def _report_page(code: str, errors: dict[str, str]) -> str:
    facts = {"grounds": GROUNDS, "longest": MOST_REPORT, "errors": errors, "typed": request.form}
    return render_template("reviews/report.html", review=get_published(code), **facts)


def read_seen() -> int:
    """The version that the form was made from; 0, which is none, where it does not say."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0
