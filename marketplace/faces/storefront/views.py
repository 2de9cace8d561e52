"""The public's pages."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from marketplace.faces.storefront.age import ask_age
from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.findable import (
    alternates,
    canonical,
    crumbs_ld,
    organization_ld,
    product_ld,
    share_picture,
    site,
)
from marketplace.faces.storefront.home import home_page
from marketplace.faces.storefront.list_pages import category_list, list_page
from marketplace.faces.storefront.point_words import point_words
from marketplace.faces.storefront.product_page import (
    label_names,
    page_of,
    related_to,
    season_ranges,
    unit_name,
    unit_words,
)
from marketplace.faces.storefront.recent import forget_all, recent_cards, remember
from marketplace.faces.storefront.results import category
from marketplace.faces.storefront.reviews_shown import reviews_of
from marketplace.faces.storefront.stamp import check, signed_address
from marketplace.faces.storefront.standing import seal_of_any
from marketplace.people.producers.queries import count_verified, get_verified, list_verified
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Conflict, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.links import safe_target
from marketplace.platform.web.qr import KINDS, picture
from marketplace.registry.certification.product_sets import all_groups
from marketplace.registry.certification.queries import count_named, find_by_code, find_certificates, list_named
from marketplace.registry.certification.rules import standing
from marketplace.shop.bookings.forms import ask_form
from marketplace.shop.bookings.links import booking_link
from marketplace.shop.bookings.services import ask
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import (
    PublicListing,
    count_public_by_producer,
    get_public,
    list_public_of_producer,
)
from marketplace.shop.search.forms import read_query
from marketplace.trade.showcase.queries import list_showing

bp = Blueprint("storefront", __name__)
PRODUCERS_A_PAGE = 24
NAMED_A_PAGE = 20


@bp.app_context_processor
def window() -> dict[str, object]:
    """The shop window's groups, for the menu of every page; the page's addresses; how units are said."""
    return {
        "shop_groups": all_groups(),
        "canonical": canonical,
        "alternates": alternates,
        "site_picture": f"{site()}/static/img/share.png",
        "unit_words": unit_words,
        "season_ranges": season_ranges,
        "unit_name": unit_name,
        "label_names": label_names,
    }


@bp.get("/")
@allow(PUBLIC)
def home() -> str:
    return home_page(at=now())


@bp.get("/products")
@allow(PUBLIC)
def products() -> Any:
    return list_page(read_query(request.args), MultiDict(request.args), request.path, at=now())


@bp.get("/search")
@allow(PUBLIC)
def search_page() -> Any:
    return list_page(read_query(request.args), MultiDict(request.args), request.path, at=now())


@bp.get("/categories/<slug>")
@allow(PUBLIC)
def category_page(slug: str) -> Any:
    if set(category(slug).sets) <= left_out():
        return ask_age(request.full_path)
    return category_list(slug, MultiDict(request.args), at=now())


@bp.get("/products/<slug>")
@allow(PUBLIC)
def product(slug: str) -> AnyResponse:
    if _shown(slug).product.set_code in left_out():
        return ask_age(request.path)
    response = make_response(_product_page(slug))
    remember(response, slug)
    return response


def _shown(slug: str) -> PublicListing:
    return get_public(slug, on=day_of(now()))


@bp.get("/products/<slug>/share.png")
@allow(PUBLIC)
def share(slug: str) -> Response:
    """The picture that other sites show of a link to the product; alcohol has none before the age is asked."""
    public = _shown(slug)
    if public.product.set_code in left_out():
        raise NotFound
    response = Response(share_picture(page_of(public, at=now())), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _product_page(slug: str, form: Any = None) -> str:
    at = now()
    public = get_public(slug, on=day_of(at))
    page, reviews = page_of(public, at=at), reviews_of(public.listing)
    return render_template(
        "storefront/product.html",
        page=page,
        page_ld=[product_ld(page, reviews), crumbs_ld(page.trail)],
        reviews=reviews,
        form=form or (ask_form(page.variants) if page.kind.service else None),
        related=related_to(public.listing, at=at),
        recent=recent_cards(besides=slug, at=at),
        points=list_showing(public.listing.id),
        at=at,
        **point_words(),
        today=page.on,
    )


@bp.post("/products/<slug>/ask")
@allow(PUBLIC)
@limiter.limit("10 per hour")
def ask_maker(slug: str) -> Any:
    page = page_of(_shown(slug), at=now())
    if not page.kind.service:
        raise NotFound
    form = ask_form(page.variants)
    if form.validate_on_submit():
        with told_on(form, Conflict), transaction():
            asked = ask(key=form.key.data, asked=form.asked(slug), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã gửi tới nơi làm. Câu trả lời đến bằng thư và hiện ở trang này."), "ok")
            return redirect(booking_link(asked.number))
    return _product_page(slug, form), 422


@bp.get("/products/<slug>/qr.svg")
@allow(PUBLIC)
def product_code(slug: str) -> Response:
    page = page_of(_shown(slug), at=now())
    return Response(picture(page.address, "svg"), mimetype=KINDS["svg"])


@bp.post("/recent/clear")
@allow(PUBLIC)
def clear_recent() -> AnyResponse:
    response = redirect(safe_target(request.form.get("next")))
    forget_all(response)
    return response


@bp.get("/producers")
@allow(PUBLIC)
def producers() -> str:
    page = read_page()
    found = list_verified(page=page, per_page=PRODUCERS_A_PAGE)
    counts = count_public_by_producer((p.id for p in found), on=day_of(now()))
    total = count_verified()
    pages = max(1, -(-total // PRODUCERS_A_PAGE))
    return render_template(
        "storefront/producers.html", producers=found, counts=counts, total=total, page=page, pages=pages
    )


@bp.get("/producers/<slug>")
@allow(PUBLIC)
def producer(slug: str) -> str:
    found = get_verified(slug)
    at = now()
    trail = [(_("Nơi làm"), "/producers"), (found.name, "")]
    shown = cards(list_public_of_producer(found.id, on=day_of(at)), at=at)
    sets = {card.kind.code: card.kind for card in shown}
    wanted = request.args.get("set", "")
    return render_template(
        "storefront/producer.html",
        ld=[organization_ld(found), crumbs_ld(trail)],
        trail=trail,
        producer=found,
        cards=[card for card in shown if wanted not in sets or card.kind.code == wanted],
        sets=sets,
        wanted=wanted if wanted in sets else "",
        total=len(shown),
    )


@bp.get("/verify")
@allow(PUBLIC)
def verify_form() -> Any:
    """By a number, straight to its page; by a product's or producer's name, a list to choose from."""
    typed, today, page = request.args.get("q", "").strip()[:200], day_of(now()), read_page()
    if not typed:
        return render_template("storefront/verify.html", typed="", found=None)
    total = 0 if find_certificates(typed) or len(typed) < 2 else count_named(typed, on=today)
    if not total:
        return redirect(url_for("storefront.verify_number", typed=typed))
    found = [(c, seal_of_any(c, standing(c, [c], today), on=today)) for c in list_named(typed, on=today, page=page)]
    pages = max(1, -(-total // NAMED_A_PAGE))
    facts = {"found": found, "total": total, "page": page, "pages": pages}
    return render_template("storefront/verify_names.html", typed=typed, **facts)


@bp.get("/verify/<code>/qr.<any(svg, png):form>")
@allow(PUBLIC)
def verify_qr(code: str, form: str) -> Response:
    """A picture to print on labels, which leads to this certificate's page."""
    certificate = find_by_code(code)
    if certificate is None:
        raise NotFound
    answer = Response(picture(signed_address(certificate), form), mimetype=KINDS[form])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    return answer


@bp.get("/verify/<path:typed>")
@allow(PUBLIC)
def verify_number(typed: str) -> Any:
    """What a number leads to; `s` is the signature that a label's QR code carries."""
    today = day_of(now())
    checked = check(typed, request.args.get("s"), on=today)
    page = render_template("storefront/verify.html", typed=typed, found=checked.found, checked=checked, today=today)
    return page, 200 if checked.found else 404
