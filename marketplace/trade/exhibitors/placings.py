"""Who stands where: for the public once it is published, for the office as long as it holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db
from marketplace.platform.core.folding import fold
from marketplace.shop.catalog.queries import PublicListing, list_public
from marketplace.trade.exhibitors.models import Application, Placing, ShownGoods
from marketplace.trade.fairs.models import PLACED, Edition
from marketplace.trade.floorplans.models import Booth


@dataclass(frozen=True)
class Standing:
    """An exhibitor in its booth, with those of its goods that are public today."""

    booth: Booth
    producer: Producer
    goods: list[PublicListing] = field(default_factory=list)

    def answers(self, asked: str) -> bool:
        """Whether its name, or a product's, holds what was asked, marks or none."""
        wanted = fold(asked)
        return wanted in fold(self.producer.name) or any(wanted in fold(each.listing.name) for each in self.goods)


def held_booths(edition_id: int) -> frozenset[str]:
    """Codes of the booths that an exhibitor holds, told or not."""
    query = select(Booth.code).join(Placing, Placing.booth_id == Booth.id)
    return frozenset(db.session.scalars(query.where(Booth.edition_id == edition_id, Placing.released_at.is_(None))))


def list_placed(edition_id: int) -> list[Placing]:
    """Every live placing with booth, zone, hall, application and producer, by the booth's label: the office's view."""
    query = (
        select(Placing)
        .join(Placing.booth)
        .join(Placing.application)
        .join(Application.producer)
        .options(
            contains_eager(Placing.booth).options(joinedload(Booth.zone), joinedload(Booth.hall)),
            contains_eager(Placing.application).contains_eager(Application.producer),
        )
        .where(Booth.edition_id == edition_id, Placing.released_at.is_(None))
    )
    return list(db.session.scalars(query.order_by(Booth.label, Placing.id)))


def _told(edition: Edition) -> list[Placing]:
    """What the public may know: nothing before places are published."""
    placed = list_placed(edition.id) if edition.state in PLACED else []
    return [each for each in placed if each.published_at is not None]


def find_names(edition: Edition) -> dict[str, str]:
    """The names of who stands where, by the booth's code, as the public may know them."""
    return {each.booth.code: each.application.producer.name for each in _told(edition)}


def find_standing(edition: Edition, *, on: date) -> dict[str, Standing]:
    """Who stands where with what, by the booth's code, as the public may know it."""
    placed = _told(edition)
    goods = _goods_of([each.application_id for each in placed], on)
    return {
        each.booth.code: Standing(each.booth, each.application.producer, goods.get(each.application_id, []))
        for each in placed
    }


def _goods_of(application_ids: Sequence[int], on: date) -> Mapping[int, list[PublicListing]]:
    query = select(ShownGoods.application_id, ShownGoods.listing_id).where(
        ShownGoods.application_id.in_(application_ids)
    )
    shown = [(row[0], row[1]) for row in db.session.execute(query.order_by(ShownGoods.listing_id))]
    public = {each.listing.id: each for each in list_public([listing for _, listing in shown], on=on)}
    goods: dict[int, list[PublicListing]] = defaultdict(list)
    for application, listing in shown:
        if listing in public:
            goods[application].append(public[listing])
    return goods
