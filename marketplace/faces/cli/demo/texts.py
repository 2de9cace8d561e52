"""The demonstration's texts, read and checked."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from marketplace.people.producers.models import ProducerKind
from marketplace.shop.catalog.models import ListingState

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
    variants: list[DemoVariant]
    certificates: list[DemoCertificate]


def producers() -> list[DemoProducer]:
    """The 24 producers."""
    return [DemoProducer(**row) for row in json.loads((DATA / "producers.json").read_text(encoding="utf-8"))]


def listings() -> list[DemoListing]:
    """The 80 listings."""
    return [DemoListing(**row) for row in json.loads((DATA / "listings.json").read_text(encoding="utf-8"))]
