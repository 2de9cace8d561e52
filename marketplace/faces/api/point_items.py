"""What the API says of showcase points."""

from datetime import datetime, time

from marketplace.faces.api.items import Shape


class HoursItem(Shape):
    """Open on a day of the week, 1 is Monday, in Vietnam; `closes` before `opens` is past midnight, both 00:00 the
    whole day.
    """

    weekday: int
    opens: time
    closes: time


class PointItem(Shape):
    """A showcase point. `products` are the slugs of what is found there and certified today; `pickup`: orders too."""

    slug: str
    name: str
    name_en: str
    url: str
    kind: str
    street: str
    commune: str
    district: str | None
    latitude: float | None
    longitude: float | None
    phone: str | None
    open: bool
    open_until: datetime | None
    opens_again: datetime | None
    hours: list[HoursItem]
    pickup: bool
    products: list[str]


class PointList(Shape):
    items: list[PointItem]
