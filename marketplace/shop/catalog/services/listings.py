"""Making listings, saying what they say, moving them between states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug
from marketplace.platform.core.words import N_
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog import mails
from marketplace.shop.catalog.label_fields import MEDICINE_SET, DeclaredKind
from marketplace.shop.catalog.models import TRANSITIONS, Listing, ListingState
from marketplace.shop.catalog.policies import keeps, may_move
from marketplace.shop.catalog.queries import get_kept, missing_of

SHOWN_TO_OTHERS = frozenset({ListingState.IN_REVIEW, ListingState.PUBLISHED})


class ListedAlready(Conflict):
    """A product has one listing."""

    code = "listed_already"
    message = N_("Sản phẩm này đã có trang bán.")


class StateChanged(Conflict):
    """The listing cannot go from where it is to where it was sent."""

    code = "listing_state"
    message = N_("Trang bán không chuyển được sang trạng thái này.")


class MedicineRefused(Invalid):
    """Medicine is sold by pharmacies, never here (Pharmacy Law 105/2016; it is not on a general marketplace)."""

    code = "medicine"
    message = N_("Thuốc không được bán trên chợ này, kể cả thuốc dược liệu và thuốc cổ truyền.")


class Incomplete(Invalid):
    """The page lacks what the law has a label say; `fields` names it all."""

    code = "listing_incomplete"
    message = N_("Trang bán còn thiếu điều nhãn phải ghi.")


@dataclass(frozen=True)
class ListingTexts:
    """What a listing says of its product. English may be empty."""

    name: str
    art_seed: str
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    description: str = ""
    description_en: str = ""
    ingredients: str = ""
    storage: str = ""
    shelf_life_days: int | None = None


@dataclass(frozen=True)
class LabelFacts:
    """What the label says, as the editor's form has it whole: `facts` by field code, English with `_en`."""

    ingredients: str = ""
    storage: str = ""
    shelf_life_days: int | None = None
    declared_kind: DeclaredKind | None = None
    origin_commune_code: str = ""
    season: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


def create_listing(
    *, product_id: int, texts: ListingTexts, by: Actor, at: datetime, label: LabelFacts | None = None
) -> Listing:
    """Make the page of a product, as a draft."""
    product = db.session.get(Product, product_id)
    if product is None:
        raise NotFound
    if not keeps(by, db.session.get_one(Producer, product.producer_id)):
        raise Forbidden
    if db.session.scalar(select(exists().where(Listing.product_id == product_id))):
        raise ListedAlready
    listing = Listing(
        slug=free_slug(texts.name, lambda s: bool(db.session.scalar(select(exists().where(Listing.slug == s))))),
        product_id=product_id,
        state=ListingState.DRAFT,
        ingredients=nfc(texts.ingredients),
        storage=nfc(texts.storage),
        shelf_life_days=texts.shelf_life_days,
        art_seed=texts.art_seed,
        facts={},
        created_at=at,
    )
    _write(listing, texts)
    if label is not None:
        _label(listing, label)
    db.session.add(listing)
    db.session.flush()
    record(by=by, action="listing.created", subject_type="listing", subject=listing.slug, at=at)
    return listing


def save_texts(*, slug: str, texts: ListingTexts, by: Actor, at: datetime) -> Listing:
    """Change name, summary and description in both languages; the address stays."""
    listing = get_kept(slug, by=by, hold=True)
    _write(listing, texts)
    _saved(listing, "listing.texts", by=by, at=at)
    return listing


def save_label(*, slug: str, label: LabelFacts, by: Actor, at: datetime) -> Listing:
    """Change what the label says. What others see may not lose a fact that the law demands: Incomplete.

    Declaring a medicine takes the page off at once, and it can never be shown again while that is declared.
    """
    listing = get_kept(slug, by=by, hold=True)
    if label.declared_kind is not None and listing.product.set_code != MEDICINE_SET:
        raise Invalid({"declared_kind": N_("Bộ sản phẩm này không hỏi điều đó.")})
    if label.declared_kind is DeclaredKind.MEDICINE:
        hidden = {ListingState.IN_REVIEW: ListingState.DRAFT, ListingState.PUBLISHED: ListingState.PAUSED}
        listing.state = hidden.get(listing.state, listing.state)
    _label(listing, label)
    _saved(listing, "listing.label", by=by, at=at)
    return listing


def move_listing(*, slug: str, to: ListingState, by: Actor, at: datetime) -> None:
    """Send for review, publish, pause, resume or withdraw a listing, where its state admits it and it is complete."""
    listing = get_kept(slug, by=by, hold=True)
    before = [state for state, after in TRANSITIONS.items() if to in after and may_move(by, state, to)]
    if to in SHOWN_TO_OTHERS and listing.state in before:
        _check_complete(listing)
    published_at = listing.published_at or (at if to is ListingState.PUBLISHED else None)
    submitted_at = at if to is ListingState.IN_REVIEW else listing.submitted_at
    remark = "" if to is ListingState.PUBLISHED else listing.remark
    if listing.state is ListingState.IN_REVIEW and to is ListingState.PUBLISHED:
        mails.published(listing, at=at)
    done = rows_changed(
        update(Listing)
        .where(Listing.id == listing.id, Listing.state.in_(before))
        .values(state=to, published_at=published_at, submitted_at=submitted_at, remark=remark)
    )
    if done != 1:
        raise StateChanged
    changed("listing", listing.id, at=at)
    record(by=by, action=f"listing.{to}", subject_type="listing", subject=slug, at=at)


def return_listing(*, slug: str, remark: str, by: Actor, at: datetime) -> None:
    """Give a listing that waits for review back to its producer, with what has to be mended; they get a letter."""
    listing = get_kept(slug, by=by, hold=True)
    if not may_move(by, ListingState.IN_REVIEW, ListingState.PUBLISHED):
        raise NotFound
    remark = remark.strip()
    if not remark or len(remark) > 2000:
        raise Invalid({"remark": N_("Ghi điều cần sửa, nhiều nhất 2.000 ký tự.")})
    if listing.state is not ListingState.IN_REVIEW:
        raise StateChanged
    listing.state, listing.remark = ListingState.DRAFT, remark
    mails.returned(listing, at=at)
    changed("listing", listing.id, at=at)
    detail = {"remark": remark}
    record(by=by, action="listing.returned", subject_type="listing", subject=slug, at=at, detail=detail)


def _write(listing: Listing, texts: ListingTexts) -> None:
    if not nfc(texts.name):
        raise Invalid({"name": N_("Nhập tên sản phẩm")})
    listing.name, listing.name_en = nfc(texts.name), nfc(texts.name_en)
    listing.summary, listing.summary_en = nfc(texts.summary), nfc(texts.summary_en)
    listing.description, listing.description_en = texts.description.strip(), texts.description_en.strip()


def _label(listing: Listing, label: LabelFacts) -> None:
    listing.origin_commune_id = None
    if label.origin_commune_code:
        commune = find_commune(label.origin_commune_code)
        if commune is None:
            raise Invalid({"origin_commune_code": N_("Chọn xã hoặc phường")})
        listing.origin_commune_id = commune.id
    listing.ingredients, listing.storage = label.ingredients.strip(), label.storage.strip()
    listing.shelf_life_days = label.shelf_life_days
    listing.declared_kind = label.declared_kind
    listing.season = label.season
    listing.facts = {code: value for code, value in label.facts.items() if value not in (None, "")}


def _saved(listing: Listing, action: str, *, by: Actor, at: datetime) -> None:
    db.session.flush()
    if listing.state in SHOWN_TO_OTHERS:
        _check_complete(listing)
    changed("listing", listing.id, at=at)
    record(by=by, action=action, subject_type="listing", subject=listing.slug, at=at)


def _check_complete(listing: Listing) -> None:
    if listing.declared_kind is DeclaredKind.MEDICINE:
        raise MedicineRefused({"declared_kind": MedicineRefused.message})
    lacking = missing_of(listing)
    if lacking:
        raise Incomplete(lacking)
