"""The demonstration's texts, read and checked."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from marketplace.people.producers.models import ProducerKind
from marketplace.shop.catalog.label_fields import DeclaredKind
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.rules import Packaging, Unit, season_of
from marketplace.shop.catalog.services import LabelFacts

DATA = Path(__file__).parent / "data"


class Strict(BaseModel):
    """A text with exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DemoProducer(Strict):
    key: str
    name: str
    kind: ProducerKind
    commune_code: str
    contact_name: str
    phone: str
    founded_year: int
    story: str
    story_en: str
    verified: bool


class DemoVariant(Strict):
    sku: str
    label: str
    label_en: str
    price_vnd: int = Field(gt=0)
    weight_g: int | None
    stock: int = Field(ge=0)
    net_quantity: int
    net_unit: Unit
    packaging: Packaging | None
    capacity_per_day: int | None = None


class DemoCertificate(Strict):
    """A certificate some days before the loading; a negative number lies ahead."""

    stars: int
    issued_days_ago: int
    revoked_days_ago: int | None
    revocation_reason: str | None


class DemoListing(Strict):
    producer: str
    set_code: str
    art_seed: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    description: str
    description_en: str
    ingredients: str
    storage: str
    shelf_life_days: int | None
    state: ListingState
    declared_kind: DeclaredKind | None
    season: list[int]
    label: dict[str, str | list[str]]
    variants: list[DemoVariant]
    certificates: list[DemoCertificate]

    def facts(self) -> LabelFacts:
        """What its label says."""
        return LabelFacts(
            ingredients=self.ingredients,
            storage=self.storage,
            shelf_life_days=self.shelf_life_days,
            declared_kind=self.declared_kind,
            season=season_of(self.season),
            facts=self.label,
        )


def producers() -> list[DemoProducer]:
    """The 24 producers."""
    return [DemoProducer(**row) for row in json.loads((DATA / "producers.json").read_text(encoding="utf-8"))]


def listings() -> list[DemoListing]:
    """The 80 listings."""
    return [DemoListing(**row) for row in json.loads((DATA / "listings.json").read_text(encoding="utf-8"))]
