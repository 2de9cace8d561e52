"""What the API says of trade fairs."""

from datetime import date, datetime, time

from marketplace.faces.api.items import Shape


class FairItem(Shape):
    """An edition. `opens` and `closes` are each day's hours in Vietnam; `ticket_vnd` 0 is free."""

    slug: str
    name: str
    name_en: str
    url: str
    state: str
    venue: str
    address: str
    first_day: date
    last_day: date
    opens: time
    closes: time
    applications_until: datetime
    ticket_vnd: int


class FairList(Shape):
    items: list[FairItem]
