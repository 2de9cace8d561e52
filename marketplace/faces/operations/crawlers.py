"""What crawlers and installing browsers ask: robots, sitemap, manifest, the page for a lost network."""

from datetime import date, datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_babel import gettext as _

from marketplace.faces.storefront.findable import address, site
from marketplace.office.legal.models import Page
from marketplace.people.producers.queries import list_verified_slugs
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.language import LANGUAGES
from marketplace.platform.web.templates import static
from marketplace.registry.certification.product_sets import alcohol_sets, all_groups, all_sets
from marketplace.shop.catalog.queries import list_public_slugs
from marketplace.trade.collections.queries import list_published_paths
from marketplace.trade.fairs.queries import list_slugs as list_public_slugs_of_fairs
from marketplace.trade.news.queries import list_slugs as list_slugs_of_news
from marketplace.trade.showcase.queries import list_slugs as list_slugs_of_points

bp = Blueprint("crawlers", __name__)
PERSONAL = (
    "/account/",
    "/cart",
    "/checkout",
    "/orders/",
    "/bookings/",
    "/producer/",
    "/distributor/",
    "/office/",
    "/point/",
    "/newsletter/",
    "/notices",
    "/handbook",
    "/age",
    "/go/",
)
A_DAY = 24 * 3600


@bp.get("/robots.txt")
@allow(PUBLIC)
def robots() -> Response:
    """Crawlers keep out of what is personal, and are told where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PERSONAL), f"Sitemap: {site()}/sitemap.xml"]
    return _kept(Response("\n".join(lines) + "\n", mimetype="text/plain"))


@bp.get("/sitemap.xml")
@allow(PUBLIC)
def sitemap() -> Response:
    """Every public page of today in both languages; alcohol stands behind the age barrier and is left out."""
    sold = list_public_slugs(on=day_of(now()), without=alcohol_sets())
    categories = [*(group.slug for group in all_groups()), *(known.code for known in all_sets() if not known.alcohol)]
    paths: list[tuple[str, date | datetime | None]] = [
        (path, None)
        for path in ("/", "/products", "/producers", "/fairs", "/collections", "/showcase", "/news", "/verify")
    ]
    paths += [(f"/legal/{page.value}", None) for page in Page]
    paths += [(f"/categories/{slug}", None) for slug in categories]
    paths += [(f"/producers/{slug}", None) for slug in list_verified_slugs()]
    paths += [(f"/fairs/{slug}", None) for slug in list_public_slugs_of_fairs()]
    paths += [(path, None) for path in list_published_paths()]
    paths += [(f"/news/{slug}", changed) for slug, changed in list_slugs_of_news(now())]
    paths += [(f"/showcase/{slug}", None) for slug in list_slugs_of_points()]
    paths += [(f"/products/{slug}", since) for slug, since in sold]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    head += 'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    body = "".join(_url(path, since) for path, since in paths)
    return _kept(Response(f"{head}{body}</urlset>\n", mimetype="application/xml"))


def _url(path: str, since: date | datetime | None) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(address(path, lang))}"/>' for lang in LANGUAGES
    )
    changed = f"<lastmod>{since:%Y-%m-%d}</lastmod>" if since else ""
    return f"<url><loc>{escape(address(path))}</loc>{changed}{links}</url>\n"


@bp.get("/manifest.webmanifest")
@allow(PUBLIC)
def manifest() -> Response:
    """What a phone needs to put the shop on its home screen."""
    name = current_app.config["SETTINGS"].site_name
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    answer = jsonify(
        name=name,
        short_name=name,
        description=_(
            "Chợ của tỉnh cho sản phẩm OCOP. Chỉ bán món có giấy chứng nhận còn hiệu lực hôm nay, và ai cũng tra được."
        ),
        id="/",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#F8F7F2",
        theme_color="#F8F7F2",
        icons=icons,
        shortcuts=[
            {"name": _("Tra giấy chứng nhận"), "url": "/verify"},
            {"name": _("Giỏ hàng"), "url": "/cart"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    return _kept(answer)


@bp.get("/offline")
@allow(PUBLIC)
def offline() -> Response:
    """What is shown without a network. It holds nothing personal, for it is kept on the device."""
    return _kept(Response(render_template("layout/offline.html")))


@bp.get("/sw.js")
@allow(PUBLIC)
def worker() -> Response:
    """The service worker, at the root so that it serves every page: it only offers the page for a lost network."""
    kept = [static("css/diep.css"), static("img/brand.svg"), "/static/fonts/phudu-latin.woff2", "/art/village.svg"]
    kept += [
        f"/static/fonts/be-vietnam-{weight}-{part}.woff2" for weight in (400, 600) for part in ("latin", "vietnamese")
    ]
    script = render_template("layout/sw.js", kept=[*kept, "/static/fonts/phudu-vietnamese.woff2"])
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
