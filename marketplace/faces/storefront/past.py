"""A listing's history as the desks show it: what it said, and what else was done, told in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.storefront.changes import Difference, differences, names_of
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.audit.queries import list_acts
from marketplace.platform.core.words import N_
from marketplace.platform.web.templates import dmy, money
from marketplace.shop.catalog.history import count_revisions, get_revision, list_revisions, skus_of
from marketplace.shop.catalog.models import Listing, ListingRevision
from marketplace.shop.catalog.proposals import now_said, wished
from marketplace.shop.catalog.statements import as_they_differ, brought_back, split

A_PAGE = 20
MOST_ACTS = 200
ACTS = {
    "listing.created": N_("Mở trang"),
    "listing.in_review": N_("Gửi duyệt"),
    "listing.draft": N_("Lấy lại để sửa"),
    "listing.published": N_("Đăng"),
    "listing.paused": N_("Tạm ngừng bán"),
    "listing.withdrawn": N_("Rút trang"),
    "listing.returned": N_("Tỉnh gửi lại để sửa"),
    "listing.proposed": N_("Đề nghị thay đổi"),
    "listing.change_returned": N_("Tỉnh gửi lại thay đổi để sửa"),
    "listing.change_withdrawn": N_("Rút lại thay đổi"),
    "listing.rested": N_("Cho nghỉ"),
    "listing.woken": N_("Bán trở lại trước ngày hẹn"),
    "listing.copied": N_("Chép sang sản phẩm khác"),
    "variant.added": N_("Thêm quy cách"),
    "variant.changed": N_("Sửa quy cách"),
    "variant.retired": N_("Bỏ quy cách"),
    "variant.priced": N_("Đổi giá"),
}


@dataclass(frozen=True)
class Event:
    """One line of the history: a revision, or another act."""

    at: datetime
    what: str
    detail: str
    who: str
    number: int | None = None


@dataclass(frozen=True)
class Past:
    """A page of the history, the newest first."""

    events: Sequence[Event]
    current: int
    page: int
    pages: int


@dataclass(frozen=True)
class Version:
    """One revision, and how it differs from the one before."""

    revision: ListingRevision
    number: int
    current: int
    what: str
    who: str
    differences: Sequence[Difference]
    back_at_once: Sequence[Difference]  # what bringing it back would change now, without a look
    back_waiting: Sequence[Difference]


def past_of(listing: Listing, *, page: int) -> Past:
    """A page of revisions, with what else was done between the oldest of them and the newest."""
    revisions = list_revisions(listing, page=page, per_page=A_PAGE)
    total = count_revisions(listing)
    pages = max(1, -(-total // A_PAGE))
    newer = list_revisions(listing, page=page - 1, per_page=A_PAGE) if page > 1 else []
    events = [_of_revision(each) for each in revisions]
    if revisions:
        subjects = [("listing", listing.slug), *(("variant", sku) for sku in skus_of(listing))]
        since = revisions[-1].at if page < pages else None
        acts = list_acts(subjects, since=since, until=newer[-1].at if newer else None, most=MOST_ACTS)
        events += [_of_act(act) for act in acts if act.action in ACTS]
    return Past(sorted(events, key=lambda each: each.at, reverse=True), total, page, pages)


def version_of(listing: Listing, number: int, *, looked_at: bool) -> Version:
    """One revision beside the one before it; the first stands alone.

    And what would change if it were brought back, where claims are to be `looked_at` first, or where none are.
    """
    revision = get_revision(listing, number)
    before = get_revision(listing, number - 1).said if number > 1 else {}
    event = _of_revision(revision)
    changed = differences(before, revision.said) if number > 1 else []
    now = now_said(listing)
    back = brought_back(now if not looked_at else wished(listing), revision.said)
    at_once, waiting = split(now, back) if looked_at else (as_they_differ(now, back), {})
    return Version(
        revision,
        number,
        count_revisions(listing),
        event.what,
        event.who,
        changed,
        differences(now, now | at_once),
        differences(now, now | waiting),
    )


def _of_revision(revision: ListingRevision) -> Event:
    what = names_of(revision.changed) if revision.changed else _("Bản đầu")
    if revision.restored:
        what = _("Trở lại bản %(n)d: %(what)s", n=revision.restored, what=what)
    who = revision.by_name
    if revision.for_name:
        who = _("%(by)s, thay cho %(name)s", by=revision.by_name, name=revision.for_name)
    return Event(revision.at, what, "", who, revision.number)


def _of_act(act: AuditEntry) -> Event:
    sku = act.subject if act.subject_type == "variant" else ""
    detail = ", ".join(part for part in (sku, _detail(act.action, act.detail)) if part)
    return Event(act.at, _(ACTS[act.action]), detail, act.actor_name)


def _detail(action: str, detail: Mapping[str, Any]) -> str:
    if action == "variant.priced":
        return str(_("từ %(old)s thành %(new)s", old=money(detail["from"]), new=money(detail["to"])))
    if action == "variant.added" and "price" in detail:
        return str(money(detail["price"]))
    if action == "listing.rested":
        return str(_("có lại từ %(day)s", day=dmy(datetime.fromisoformat(detail["back_on"]).date())))
    if action == "listing.proposed":
        return names_of(detail.get("changed", ()))
    return str(detail.get("remark", ""))
