"""A collection is written, filled, ordered, given a picture, shown to the public and hidden; a season has vouchers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, random_code
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.shop.catalog.queries import list_public_by_slug
from marketplace.shop.vouchers.models import Voucher
from marketplace.trade.collections.models import Collection, CollectionItem, CollectionKind, SeasonPart, SeasonVoucher
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.collections.queries import get_collection, list_kept_items

FORGET = "collections.forget_picture"
FORGET_AFTER = timedelta(days=1)
MOST_ITEMS = 60
LONGEST = timedelta(days=366)


class NothingToShow(Conflict):
    """A collection is shown to the public once it holds something."""

    code = "collection_empty"
    message = N_("Thêm ít nhất một sản phẩm hoặc một bộ sưu tập rồi mới đăng được.")


class CollectionFull(Conflict):
    """A collection holds at most 60 products."""

    code = "collection_full"
    message = N_("Một bộ sưu tập có nhiều nhất 60 sản phẩm.")


@dataclass(frozen=True)
class CollectionFacts:
    """What a collection says; the days are a season's."""

    kind: CollectionKind
    title: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    story: str = ""
    story_en: str = ""
    first_day: date | None = None
    last_day: date | None = None


def write_collection(*, facts: CollectionFacts, by: Actor, at: datetime) -> Collection:
    """Begin a collection, a draft that the office alone sees; raises Invalid with each field that will not do."""
    _may(by)
    _check(facts, facts.kind)

    def taken(slug: str) -> bool:
        return db.session.scalar(select(Collection.id).where(Collection.slug == slug)) is not None

    collection = Collection(code=f"BST{random_code(8)}", slug=free_slug(facts.title, taken), kind=facts.kind)
    collection.created_at, collection.created_by = at, by.name
    _say(collection, facts)
    db.session.add(collection)
    db.session.flush()
    _record(collection, "written", by, at)
    return collection


def change_collection(*, code: str, facts: CollectionFacts, by: Actor, at: datetime) -> None:
    """Change what it says and, of a season, its days; its kind and address stay."""
    collection = _held(code, by)
    _check(facts, collection.kind)
    _say(collection, facts)
    _record(collection, "changed", by, at)


def _say(collection: Collection, facts: CollectionFacts) -> None:
    for name in ("title", "title_en", "summary", "summary_en"):
        setattr(collection, name, nfc(getattr(facts, name)))
    collection.story, collection.story_en = facts.story.strip(), facts.story_en.strip()
    season = collection.kind is CollectionKind.SEASON
    collection.first_day, collection.last_day = (facts.first_day, facts.last_day) if season else (None, None)


def _check(facts: CollectionFacts, kind: CollectionKind) -> None:
    wrong = {}
    if not 3 <= len(nfc(facts.title)) <= 120:
        wrong["title"] = N_("Đặt tên từ 3 đến 120 ký tự.")
    if kind is CollectionKind.SEASON:
        if facts.first_day is None:
            wrong["first_day"] = N_("Nhập ngày như 31/12/2026.")
        if facts.last_day is None:
            wrong["last_day"] = N_("Nhập ngày như 31/12/2026.")
        elif facts.first_day is not None and not timedelta(0) <= facts.last_day - facts.first_day <= LONGEST:
            wrong["last_day"] = N_("Ngày cuối không trước ngày đầu, và trong vòng một năm.")
    if wrong:
        raise Invalid(wrong)


def add_item(*, code: str, listing: str, quantity: int = 1, by: Actor, at: datetime) -> None:
    """Put a product last in a collection, or change how many of it a basket holds; only what is public today."""
    collection = _held(code, by)
    found = list_public_by_slug([listing], on=day_of(at))
    if not found:
        raise Invalid({"listing": N_("Không có sản phẩm công khai nào ở địa chỉ này.")})
    if not 1 <= quantity <= 99:
        raise Invalid({"quantity": N_("Số lượng từ 1 đến 99.")})
    items = {item.listing_id: item for item, _listing in list_kept_items(collection.id)}
    item = items.get(found[0].listing.id)
    if item is None:
        if len(items) >= MOST_ITEMS:
            raise CollectionFull
        last = max((each.position for each in items.values()), default=-1)
        item = CollectionItem(collection_id=collection.id, listing_id=found[0].listing.id, position=last + 1)
        db.session.add(item)
    item.quantity = quantity
    _record(collection, "item_added", by, at, listing=listing, quantity=quantity)


def drop_item(*, code: str, listing: str, by: Actor, at: datetime) -> None:
    """Take a product out of a collection."""
    collection = _held(code, by)
    db.session.delete(_item(collection, listing))
    _record(collection, "item_dropped", by, at, listing=listing)


def order_items(*, code: str, listings: Sequence[str], by: Actor, at: datetime) -> None:
    """Put the products in this order; those not named keep theirs behind them."""
    collection = _held(code, by)
    rows = {listing.slug: item for item, listing in list_kept_items(collection.id)}
    named = [slug for slug in dict.fromkeys(listings) if slug in rows]
    for position, slug in enumerate([*named, *(slug for slug in rows if slug not in named)]):
        rows[slug].position = position
    _record(collection, "ordered", by, at)


def move_item(*, code: str, listing: str, step: int, by: Actor, at: datetime) -> None:
    """Move a product one place towards the front (-1) or the back (1); at the end it stays."""
    collection = _held(code, by)
    _item(collection, listing)
    slugs = [each.slug for _item_, each in list_kept_items(collection.id)]
    order_items(code=code, listings=moved(slugs, listing, step), by=by, at=at)


def moved(order: Sequence[str], what: str, step: int) -> list[str]:
    """The order with one thing a step further; at either end it stays."""
    rest = [each for each in order if each != what]
    place = min(max(0, order.index(what) + step), len(rest))
    return [*rest[:place], what, *rest[place:]]


def show_collection(*, code: str, by: Actor, at: datetime) -> None:
    """Let the public see it; raises NothingToShow while it is empty. Shown already, nothing happens."""
    collection = _held(code, by)
    part = select(SeasonPart.part_id).where(SeasonPart.season_id == collection.id).limit(1)
    if not list_kept_items(collection.id) and db.session.scalar(part) is None:
        raise NothingToShow
    if collection.published_at is None:
        collection.published_at = at
        _record(collection, "shown", by, at)


def hide_collection(*, code: str, by: Actor, at: datetime) -> None:
    """Take it off the public's pages; what it holds is kept."""
    collection = _held(code, by)
    if collection.published_at is not None:
        collection.published_at = None
        _record(collection, "hidden", by, at)


def expect_picture(*, name: str, at: datetime) -> None:
    """Before a picture's files are put: a day later they are removed unless a collection shows them."""
    _forget_later(name, "put", at)


def set_picture(*, code: str, name: str | None, alt: str = "", alt_en: str = "", by: Actor, at: datetime) -> None:
    """Show a picture whose files are kept already, told in words; None takes it away."""
    collection = _held(code, by)
    if name is not None and not 3 <= len(nfc(alt)) <= 200:
        raise Invalid({"alt": N_("Tả ảnh bằng lời, từ 3 đến 200 ký tự.")})
    if collection.picture is not None and collection.picture != name:
        _forget_later(collection.picture, f"off:{at.isoformat()}", at)
    collection.picture = name
    collection.picture_alt, collection.picture_alt_en = (nfc(alt), nfc(alt_en)[:200]) if name else ("", "")
    _record(collection, "pictured", by, at, picture=name or "")


def set_parts(*, code: str, parts: Sequence[str], vouchers: Sequence[str], by: Actor, at: datetime) -> None:
    """What a season shows beside its products: collections by code, in this order, and vouchers of the province."""
    season = _held(code, by)
    if season.kind is not CollectionKind.SEASON:
        raise NotFound
    named = list(dict.fromkeys(parts))
    kinds = select(Collection).where(Collection.code.in_(named), Collection.kind != CollectionKind.SEASON)
    known = {each.code: each.id for each in db.session.scalars(kinds)}
    given = select(Voucher).where(Voucher.code.in_(vouchers), Voucher.producer_id.is_(None)).order_by(Voucher.id)
    found = list(db.session.scalars(given))
    wrong = {} if len(known) == len(named) else {"parts": N_("Chọn các mục trong danh sách.")}
    wrong |= {} if len(found) == len(set(vouchers)) else {"vouchers": N_("Chọn các mục trong danh sách.")}
    if wrong:
        raise Invalid(wrong)
    db.session.execute(delete(SeasonPart).where(SeasonPart.season_id == season.id))
    db.session.execute(delete(SeasonVoucher).where(SeasonVoucher.season_id == season.id))
    db.session.add_all(SeasonPart(season_id=season.id, part_id=known[part], position=n) for n, part in enumerate(named))
    db.session.add_all(SeasonVoucher(season_id=season.id, voucher_id=voucher.id) for voucher in found)
    _record(season, "parts_set", by, at, parts=named, vouchers=[voucher.code for voucher in found])


def _may(by: Actor) -> None:
    if not CURATE.held_by(by):
        raise Forbidden


def _held(code: str, by: Actor) -> Collection:
    _may(by)
    return get_collection(code, hold=True)


def _item(collection: Collection, listing: str) -> CollectionItem:
    found = next((item for item, each in list_kept_items(collection.id) if each.slug == listing), None)
    if found is None:
        raise NotFound
    return found


def _forget_later(name: str, why: str, at: datetime) -> None:
    key = f"{FORGET}:{name}:{why}"
    enqueue(name=FORGET, key=key, at=at, due_at=at + FORGET_AFTER, payload={"name": name})


def _record(collection: Collection, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    action = f"collection.{verb}"
    record(by=by, action=action, subject_type="collection", subject=collection.code, at=at, detail=detail)
