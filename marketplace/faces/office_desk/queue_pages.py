"""The office's work in one list: filtered, taken, handed over, given back."""

from collections import Counter
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.work_items import KINDS, Item, work_items
from marketplace.office.worklist.models import WorkClaim
from marketplace.office.worklist.queries import Held, claims, colleagues
from marketplace.office.worklist.services import give_back, hand_over, take
from marketplace.people.accounts.policies import ENTER_OFFICE
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.verbs import perform

bp = Blueprint("office_queue", __name__, url_prefix="/office/queue")
A_PAGE = 40
WHOSE = ("mine", "free")


@bp.get("")
@allow(ENTER_OFFICE)
def queue() -> str:
    return _list({})


def _list(refused: dict[tuple[str, str], str]) -> str:
    """The page; `refused` says of a piece of work, by kind and key, why it was not handed over."""
    by, page, today = current_actor(), read_page(), day_of(now())
    kind, whose, late = (request.args.get(name, "") for name in ("kind", "whose", "late"))
    every = work_items(by=by)
    taken = claims(since=min(each.since for each in every)) if every else {}
    shown = [
        each
        for each in every
        if kind in ("", each.kind) and _is(whose, claim_of(each, taken), by) and (not late or each.due < today)
    ]
    return render_template(
        "office_desk/queue.html",
        items=shown[(page - 1) * A_PAGE : page * A_PAGE],
        counts=Counter(each.kind for each in every),
        mine=sum(_is("mine", claim_of(each, taken), by) for each in every),
        overdue=sum(each.due < today for each in every),
        total=len(every),
        listed=len(shown),
        kinds=KINDS,
        kind=kind,
        whose=whose if whose in WHOSE else "",
        late="1" if late else "",
        taken=taken,
        claim_of=claim_of,
        refused=refused,
        colleagues=colleagues(by=by),
        today=today,
        page=page,
        pages=max(1, -(-len(shown) // A_PAGE)),
    )


def claim_of(item: Item, taken: Held) -> WorkClaim | None:
    """Who has a piece of work, if anybody."""
    return taken.get((item.kind, item.key, item.since))


def _is(whose: str, claim: WorkClaim | None, by: Actor) -> bool:
    """Whether a claim is what is asked for: one's own, nobody's, or any."""
    if whose == "mine":
        return claim is not None and claim.officer_id == by.user_id
    return claim is None if whose == "free" else True


@bp.post("/<kind>/<key>/<any(take, give_back, hand_over):verb>")
@allow(ENTER_OFFICE)
def move(kind: str, key: str, verb: str) -> Any:
    """Back to the row, so that the keyboard goes on from there."""
    by = current_actor()
    item = _waiting(kind, key, by)
    facts: dict[str, Any] = {"kind": item.kind, "item": item.key, "by": by, "at": now()}
    verbs = {
        "take": (partial(take, since=item.since, **facts), _("Việc này nay ở tay bạn.")),
        "give_back": (partial(give_back, **facts), _("Đã trả việc lại.")),
        "hand_over": (partial(_hand, item, facts), _("Đã giao việc.")),
    }
    came = perform(*verbs[verb])
    if came.errors:
        return _list({(kind, key): came.errors["to"]}), 422
    asked: dict[str, Any] = {name: request.form.get(name) or None for name in ("kind", "whose", "late", "page")}
    return redirect(url_for("office_queue.queue", **asked, _anchor=f"{kind}-{key}"))


def _hand(item: Item, facts: dict[str, Any]) -> None:
    """Hand it over, to somebody for whom it waits too: whoever made a payout, say, does not approve it."""
    to = request.form.get("to", "")
    for each in colleagues(by=facts["by"]):
        if each.code == to and item not in work_items(by=each.actor()):
            raise Invalid({"to": N_("Người này không được làm việc này.")})
    hand_over(to=to, since=item.since, **facts)


def _waiting(kind: str, key: str, by: Actor) -> Item:
    """The piece of work, if it waits and `by` may do it; else it does not exist for them."""
    for each in work_items(by=by):
        if (each.kind, each.key) == (kind, key):
            return each
    raise NotFound
