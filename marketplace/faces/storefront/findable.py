"""What pages tell crawlers and other sites: one address each, schema.org descriptions, a picture of a link."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request
from flask_babel import gettext as _

from marketplace.faces.storefront.product_page import ProductPage
from marketplace.faces.storefront.reviews_shown import ReviewsShown
from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.web.language import LANGUAGES, language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.templates import dmy, money
from marketplace.registry.certification.models import Certificate
from marketplace.shop.art.rules import draw
from marketplace.shop.catalog.models import Variant

Ld = dict[str, Any]
KEPT = ("page", "reviews")  # of an address's parameters, what makes another page; filters and sorts show one anew


def site() -> str:
    """The absolute address that the site is known by."""
    return str(current_app.config["SETTINGS"].site_url)


def address(path: str, lang: str = LANGUAGES[0]) -> str:
    """A path as an absolute address; the default language has the bare one."""
    return site() + path + (f"?{urlencode({'lang': lang})}" if lang != LANGUAGES[0] else "")


def canonical(lang: str = "") -> str:
    """The one address of this page in a language (the reader's, where none is named)."""
    lang = lang or language()
    kept = [(name, request.args[name]) for name in KEPT if request.args.get(name, "1") != "1"]
    if lang != LANGUAGES[0]:
        kept.append(("lang", lang))
    return site() + request.path + (f"?{urlencode(kept)}" if kept else "")


def alternates() -> list[tuple[str, str]]:
    """The page's address in each language, and for readers of any other."""
    return [(lang, canonical(lang)) for lang in LANGUAGES] + [("x-default", canonical(LANGUAGES[0]))]


def product_ld(page: ProductPage, reviews: ReviewsShown | None = None) -> Ld:
    """schema.org Product with an Offer a variant; availability is today's stock, never assumed.

    Where buyers said something, what it comes to and the reviews that the page shows.
    """
    listing, producer, english = page.listing, page.producer, language() == "en"
    url = address(page.path, language())
    image = listing.image_path(page.kind.code) if listing.cover else f"{page.path}/share.png"
    seller = {"@type": "Organization", "name": producer.name, "url": address(f"/producers/{producer.slug}")}
    certified = {"hasCertification": _certified(page.certificate)} if page.certificate else {}
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": (listing.name_en if english else "") or listing.name,
        "description": (listing.summary_en if english else "") or listing.summary,
        "image": [site() + image],
        "url": url,
        "category": page.kind.name_en if english else page.kind.name,
        "brand": {"@type": "Brand", "name": producer.name},
        "countryOfOrigin": "VN",
        "offers": [
            {
                "@type": "Offer",
                "sku": variant.sku,
                "name": variant.label,
                "price": page.priced(variant).unit.amount,
                "priceCurrency": "VND",
                "availability": "https://schema.org/" + _availability(page, page.units.get(variant.id, 0)),
                "url": url,
                "seller": seller,
            }
            | _until(page, variant)
            for variant in page.variants
        ],
        **certified,
        **(_rated(reviews) if reviews is not None else {}),
    }


def _rated(reviews: ReviewsShown) -> Ld:
    """AggregateRating and Review; nothing where there is no review."""
    if reviews.totals.average is None:
        return {}
    scale = {"bestRating": 5, "worstRating": 1}
    total = {"ratingValue": float(reviews.totals.average), "ratingCount": reviews.totals.count, **scale}
    return {
        "aggregateRating": {"@type": "AggregateRating", **total},
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": each.signed or _("Khách mua")},
                "datePublished": day_of(each.said_at).isoformat(),
                "reviewRating": {"@type": "Rating", "ratingValue": each.stars, **scale},
            }
            | ({"reviewBody": each.words} if each.words else {})
            for each in reviews.shown
        ],
    }


def _until(page: ProductPage, variant: Variant) -> Ld:
    sale = page.priced(variant).sale
    return {"priceValidUntil": sale.ends_at.isoformat()} if sale else {}


def _certified(certificate: Certificate) -> Ld:
    return {
        "@type": "Certification",
        "name": f"OCOP {certificate.stars}",
        "certificationIdentification": certificate.code,
        "issuedBy": {"@type": "Organization", "name": certificate.decision.authority},
        "validFrom": certificate.issued_on.isoformat(),
        "expires": certificate.expires_on.isoformat(),
        "url": address(f"/verify/{certificate.code}"),
    }


def _availability(page: ProductPage, units: int) -> str:
    if page.back_on:
        return "OutOfStock"
    if page.kind.service:
        return "InStoreOnly"
    return "InStock" if units > 0 else "OutOfStock"


def organization_ld(producer: Producer) -> Ld:
    """schema.org Organization of a producer."""
    commune = producer.commune
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": producer.name,
        "url": address(f"/producers/{producer.slug}", language()),
        "description": (producer.story_en if language() == "en" else "") or producer.story,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": commune.name,
            "addressRegion": commune.parent.name if commune.parent else "",
            "addressCountry": "VN",
        },
    } | ({"foundingDate": str(producer.founded_year)} if producer.founded_year else {})


def site_ld() -> list[Ld]:
    """schema.org WebSite with its search, and the Organization that runs it."""
    name = current_app.config["SETTINGS"].site_name
    target = {"@type": "EntryPoint", "urlTemplate": f"{site()}/search?q={{search_term_string}}"}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"}
    return [
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": name,
            "url": address("/", language()),
            "potentialAction": search,
        },
        {
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": name,
            "url": address("/"),
            "logo": f"{site()}/static/img/icon-512.png",
        },
    ]


def crumbs_ld(pairs: Sequence[tuple[str, str]]) -> Ld:
    """schema.org BreadcrumbList of (name, path); the last may have no path."""
    items: list[Ld] = []
    for position, (name, path) in enumerate([(_("Chợ"), "/"), *pairs], start=1):
        item: Ld = {"@type": "ListItem", "position": position, "name": name}
        items.append(item | ({"item": address(path, language())} if path else {}))
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def share_picture(page: ProductPage) -> bytes:
    """The PNG of 1200 × 630 that other sites show of a link to this product."""
    cheapest = min((page.priced(variant).unit for variant in page.variants), default=None)
    seal = page.seal
    facts = {
        "lang": language(),
        "name": page.trail[-1][0],
        "maker": f"{page.producer.name}, {page.producer.commune.name}",
        "price": money(cheapest) if cheapest else "",
        "seal": _("OCOP %(n)d sao, còn hạn đến %(day)s.", n=seal.stars, day=dmy(seal.expires_on)) if seal else "",
        "site": current_app.config["SETTINGS"].site_name,
    }
    return typeset("share", facts, kind="png", files={"picture": draw(page.kind.code, page.listing.art_seed)})
