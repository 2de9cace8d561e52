"""Reading collections; what of them the public sees is asked of `shop.catalog`."""

from collections import defaultdict
from collections.abc import Collection as Many
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.shop.catalog.models import Listing
from marketplace.shop.vouchers.models import Voucher
from marketplace.trade.collections.models import Collection, CollectionItem, CollectionKind, SeasonPart, SeasonVoucher


def get_collection(code: str, *, hold: bool = False) -> Collection:
    """A collection whatever its state, or NotFound; `hold` keeps it from others until the block ends."""
    query = select(Collection).where(Collection.code == code)
    found = db.session.scalar(held(query) if hold else query)
    if found is None:
        raise NotFound
    return found


def get_published(slug: str, *, season: bool) -> Collection:
    """A collection that the public may see, or NotFound: a season that is over still says so."""
    kind = Collection.kind == CollectionKind.SEASON
    query = select(Collection).where(Collection.slug == slug, Collection.published_at.is_not(None))
    found = db.session.scalar(query.where(kind if season else ~kind))
    if found is None:
        raise NotFound
    return found


def find_published(slug: str) -> Collection | None:
    """The collection or season with this slug that the public may see."""
    return db.session.scalar(select(Collection).where(Collection.slug == slug, Collection.published_at.is_not(None)))


def list_published(*, on: date, page: int = 1, per_page: int = 24) -> list[Collection]:
    """What the public may leaf through: seasons under way and to come first, then the newest collections."""
    query = (
        select(Collection)
        .where(*_open(on))
        .order_by(
            Collection.first_day.is_(None), Collection.first_day, Collection.published_at.desc(), Collection.id.desc()
        )
    )
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_published(*, on: date) -> int:
    """How many such there are."""
    return db.session.scalar(select(func.count(Collection.id)).where(*_open(on))) or 0


def list_over(*, on: date, limit: int = 12) -> list[Collection]:
    """Seasons that are over, the latest first."""
    query = select(Collection).where(Collection.published_at.is_not(None), Collection.last_day < on)
    return list(db.session.scalars(query.order_by(Collection.last_day.desc(), Collection.id.desc()).limit(limit)))


def list_published_paths() -> list[str]:
    """The address of everything the public may see here, by slug."""
    query = select(Collection).where(Collection.published_at.is_not(None)).order_by(Collection.slug)
    return [each.path for each in db.session.scalars(query)]


def _open(on: date) -> tuple[ColumnElement[bool], ...]:
    return Collection.published_at.is_not(None), or_(Collection.last_day.is_(None), Collection.last_day >= on)


def list_collections(*, page: int = 1, per_page: int = 30) -> list[Collection]:
    """Every collection, the newest first, as the office sees them."""
    query = select(Collection).order_by(Collection.created_at.desc(), Collection.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_collections() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Collection.id))) or 0


def count_items(collection_ids: Many[int]) -> dict[int, int]:
    """How many products each has, public or not; one with none is not in the answer."""
    query = select(CollectionItem.collection_id, func.count()).where(CollectionItem.collection_id.in_(collection_ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(CollectionItem.collection_id))}


def items_of(collection_ids: Many[int]) -> dict[int, list[CollectionItem]]:
    """The products of these collections in their order, by collection."""
    query = select(CollectionItem).where(CollectionItem.collection_id.in_(collection_ids))
    found: dict[int, list[CollectionItem]] = defaultdict(list)
    for item in db.session.scalars(query.order_by(CollectionItem.position, CollectionItem.listing_id)):
        found[item.collection_id].append(item)
    return dict(found)


def list_kept_items(collection_id: int) -> list[tuple[CollectionItem, Listing]]:
    """The products of a collection in their order, public or not, as the office keeps them."""
    query = select(CollectionItem, Listing).join(Listing, Listing.id == CollectionItem.listing_id)
    query = query.where(CollectionItem.collection_id == collection_id)
    rows = db.session.execute(query.order_by(CollectionItem.position, CollectionItem.listing_id))
    return [(row[0], row[1]) for row in rows]


def list_parts(season_id: int, *, published: bool = False) -> list[Collection]:
    """The collections a season shows, in their order; `published`: those that the public may see."""
    query = select(Collection).join(SeasonPart, SeasonPart.part_id == Collection.id)
    query = query.where(SeasonPart.season_id == season_id)
    if published:
        query = query.where(Collection.published_at.is_not(None))
    return list(db.session.scalars(query.order_by(SeasonPart.position, Collection.id)))


def list_possible_parts(limit: int = 100) -> list[Collection]:
    """What a season may show: themes and baskets, the newest first."""
    query = select(Collection).where(Collection.kind != CollectionKind.SEASON)
    return list(db.session.scalars(query.order_by(Collection.created_at.desc(), Collection.id.desc()).limit(limit)))


def list_vouchers(season_id: int) -> list[Voucher]:
    """The vouchers a season tells of, those that end last first."""
    query = select(SeasonVoucher).join(SeasonVoucher.voucher).options(joinedload(SeasonVoucher.voucher))
    query = query.where(SeasonVoucher.season_id == season_id)
    rows = db.session.scalars(query.order_by(Voucher.ends_at.desc(), Voucher.id))
    return [row.voucher for row in rows]


def is_shown(picture: str) -> bool:
    """Whether a collection shows this picture."""
    return db.session.scalar(select(Collection.id).where(Collection.picture == picture)) is not None
