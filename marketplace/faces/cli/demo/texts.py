"""The demonstration's texts, read and checked."""

import json
from pathlib import Path
from typing import Any

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
    """The 120 producers, from every `producers*.json` in name order."""
    return [DemoProducer(**row) for row in _rows("producers")]


def listings() -> list[DemoListing]:
    """The 400 listings, from every `listings*.json` in name order."""
    return [DemoListing(**row) for row in _rows("listings")]


def _rows(kind: str) -> list[dict[str, Any]]:
    paths = sorted(DATA.glob(f"{kind}*.json"), key=lambda path: path.stem)
    return [row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]
