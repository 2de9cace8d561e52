"""The home page, as it is now or, to curators, as on a day to come."""

from datetime import date, datetime

from flask import render_template

from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.findable import site_ld
from marketplace.faces.storefront.placed import home_window
from marketplace.faces.storefront.results import group_counts
from marketplace.faces.storefront.window import find
from marketplace.people.producers.queries import count_verified
from marketplace.platform.core.clock import day_of
from marketplace.shop.search.rules import Query, Sort
from marketplace.trade.fairs.queries import list_public


def home_page(*, at: datetime, preview: date | None = None, remark: str = "") -> str:
    """The page at an instant; `preview` is the day it is looked at beforehand: nothing is counted then.

    `remark`: what the preview's bar says of the day that was asked for.
    """
    hits = find(Query(sort=Sort.NEWEST, per_page=8), on=day_of(at))
    return render_template(
        "storefront/home.html",
        ld=site_ld(),
        cards=cards(hits.listings, at=at),
        groups=group_counts(hits.found.facets["category"]),
        total=hits.found.total,
        producers=count_verified(),
        fairs=list_public(on=day_of(at), over=False, per_page=2),
        window=home_window(at=at, preview=preview is not None),
        preview=preview,
        remark=remark,
        **fair_words(),
    )
