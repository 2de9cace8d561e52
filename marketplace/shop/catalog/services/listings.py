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
from marketplace.shop.catalog.models import TRANSITIONS, Listing, ListingState, ProposalState
from marketplace.shop.catalog.policies import keeps, looks, may_move
from marketplace.shop.catalog.proposals import find_proposal, wished
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.rules import STARLESS, speaks_of_stars
from marketplace.shop.catalog.services.editing import (
    SHOWN_TO_OTHERS,
    Edited,
    check_complete,
    check_seen,
    edit,
    number_of,
    write,
)
from marketplace.shop.catalog.services.proposals import read_remark, return_proposal, withdraw_proposal
from marketplace.shop.catalog.statements import CLAIMS, ORIGIN, Statement, facts_in


class ListedAlready(Conflict):
    """A product has one listing."""

    code = "listed_already"
    message = N_("Sản phẩm này đã có trang bán.")


class StateChanged(Conflict):
    """The listing cannot go from where it is to where it was sent."""

    code = "listing_state"
    message = N_("Trang bán không chuyển được sang trạng thái này.")


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
        shelf_life_days=texts.shelf_life_days,
        art_seed=texts.art_seed,
        facts={},
        created_at=at,
    )
    first = {"ingredients": nfc(texts.ingredients), "storage": nfc(texts.storage)} | texts_statement(texts)
    write(listing, first | (label_statement(label) if label is not None else {}), at=at)
    db.session.add(listing)
    db.session.flush()
    record(by=by, action="listing.created", subject_type="listing", subject=listing.slug, at=at)
    return listing


def save_texts(*, slug: str, texts: ListingTexts, by: Actor, at: datetime) -> Edited:
    """Change name, summary and description in both languages; the address stays."""
    return edit(get_kept(slug, by=by, hold=True), texts_statement(texts), action="listing.texts", by=by, at=at)


def save_label(*, slug: str, label: LabelFacts, by: Actor, at: datetime) -> Edited:
    """Change what the label says. What others see may not lose a fact that the law demands: Incomplete.

    Declaring a medicine takes the page off at once, and it can never be shown again while that is declared.
    """
    listing = get_kept(slug, by=by, hold=True)
    if label.declared_kind is not None and listing.product.set_code != MEDICINE_SET:
        raise Invalid({"declared_kind": N_("Bộ sản phẩm này không hỏi điều đó.")})
    unsaid = dict.fromkeys(facts_in(wished(listing)))
    return edit(listing, {**unsaid, **label_statement(label)}, action="listing.label", by=by, at=at)


def move_listing(*, slug: str, to: ListingState, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Send for review, publish, pause, resume or withdraw a listing, where its state admits it and it is complete.

    `seen`: the number of the revision that an officer looked at; where it says something else by now, nothing is done.
    """
    listing = get_kept(slug, by=by, hold=True)
    check_seen(number_of(listing.id), seen)
    before = [state for state, after in TRANSITIONS.items() if to in after and may_move(by, state, to)]
    if to in SHOWN_TO_OTHERS and listing.state in before:
        check_complete(listing)
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
    if to is ListingState.WITHDRAWN and find_proposal(listing.id) is not None:
        withdraw_proposal(slug=slug, by=by, at=at)
    changed("listing", listing.id, at=at)
    record(by=by, action=f"listing.{to}", subject_type="listing", subject=slug, at=at)


def return_page(*, slug: str, seen: int | None, remark: str, by: Actor, at: datetime) -> None:
    """Give back what waits of a page: what its producer proposed, or the page itself before it was first shown."""
    listing = get_kept(slug, by=by, hold=True)
    proposal = find_proposal(listing.id)
    waits = proposal is not None and proposal.state is ProposalState.WAITING
    verb = return_proposal if waits else return_listing
    verb(slug=slug, seen=seen, remark=remark, by=by, at=at)


def return_listing(*, slug: str, seen: int | None, remark: str, by: Actor, at: datetime) -> None:
    """Give a listing that waits for review back to its producer, with what has to be mended; they get a letter.

    `seen`: the number of the revision that the officer looked at; where it says something else by now, nothing is done.
    """
    listing = get_kept(slug, by=by, hold=True)
    if not looks(by):
        raise NotFound
    check_seen(number_of(listing.id), seen)
    remark = read_remark(remark)
    if listing.state is not ListingState.IN_REVIEW:
        raise StateChanged
    listing.state, listing.remark = ListingState.DRAFT, remark
    mails.returned(listing, at=at)
    changed("listing", listing.id, at=at)
    detail = {"remark": remark}
    record(by=by, action="listing.returned", subject_type="listing", subject=slug, at=at, detail=detail)


def texts_statement(texts: ListingTexts) -> Statement:
    """The texts by the codes of `statements`, in their stored form; raises Invalid where there is no name."""
    if not nfc(texts.name):
        raise Invalid({"name": N_("Nhập tên sản phẩm")})
    lines = {code: nfc(getattr(texts, code)) for code in ("name", "name_en", "summary", "summary_en")}
    return lines | {code: getattr(texts, code).strip() for code in ("description", "description_en")}


def label_statement(label: LabelFacts) -> Statement:
    """The label by the codes of `statements`; raises Invalid where its origin is no commune of today."""
    if label.origin_commune_code and find_commune(label.origin_commune_code) is None:
        raise Invalid({ORIGIN: N_("Chọn xã hoặc phường")})
    seen_by_none = [code for code, fact in label.facts.items() if code not in CLAIMS and speaks_of_stars(str(fact))]
    if seen_by_none:
        raise Invalid(dict.fromkeys(seen_by_none, STARLESS))
    return {
        "ingredients": label.ingredients.strip(),
        "storage": label.storage.strip(),
        "shelf_life_days": label.shelf_life_days,
        "declared_kind": label.declared_kind,
        "season": label.season,
        ORIGIN: label.origin_commune_code,
        **label.facts,
    }
