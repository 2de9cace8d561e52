"""Lists of products: all, found, of a category; a category's also as on a day to come, for curators."""

from dataclasses import replace
from datetime import date, datetime

from flask import render_template
from werkzeug.datastructures import MultiDict

from marketplace.faces.storefront.findable import crumbs_ld
from marketplace.faces.storefront.placed import category_head
from marketplace.faces.storefront.results import SORTS, category, results
from marketplace.shop.search.forms import Asked, read_query


def list_page(asked: Asked, args: MultiDict[str, str], path: str, *, at: datetime, **more: object) -> str:
    """What is asked for, with its filters."""
    return render_template(
        "storefront/list.html",
        results=results(asked, args, path, at=at),
        sorts=SORTS,
        crumbs_ld=crumbs_ld,
        **{"subject": None, "placed": [], "preview": None, **more},
    )


def category_list(
    slug: str, args: MultiDict[str, str], *, at: datetime, preview: date | None = None, remark: str = ""
) -> str:
    """A category's products at an instant; `preview` is the day it is looked at beforehand: nothing is counted then.

    NotFound where there is no such category.
    """
    subject = category(slug)
    asked = read_query(args)
    inside = asked.query.sets & set(subject.sets) or frozenset(subject.sets)
    narrowed = Asked(replace(asked.query, sets=inside), asked.errors)
    bare = not args or set(args) == {"lang"}  # who narrows, sorts or leafs has passed the head
    placed = category_head(slug, at=at, preview=preview is not None) if bare else []
    more = {"subject": subject, "placed": placed, "preview": preview, "remark": remark}
    return list_page(narrowed, args, f"/categories/{slug}", at=at, **more)
