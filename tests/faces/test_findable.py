"""Being found: one address a page, both languages, schema.org with the stock of today, links, lost pages."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy.exc import OperationalError

from marketplace.platform.core.access import PUBLIC, allow
from tests.builders import make_certificate, make_listing, make_offer, make_producer, make_product
from tests.conftest import Client


def described(page: str) -> list[dict[str, Any]]:
    """The schema.org objects of a page."""
    return [json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


def test_a_product_is_described_with_todays_stock(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Miến </script> dong", at=at, stock=3, price=50_000)
    make_offer("Chè Shan", at=at, stock=0, set_code="I.5.a")
    product, crumbs = described(client.get("/products/mien-script-dong").text)
    assert product["@type"] == "Product"
    assert product["name"] == "Miến </script> dong"
    assert product["hasCertification"]["name"] == "OCOP 4"
    offer = product["offers"][0]
    assert (offer["price"], offer["priceCurrency"]) == (50_000, "VND")
    assert offer["availability"] == "https://schema.org/InStock"
    assert [item["name"] for item in crumbs["itemListElement"]] == ["Chợ", "Miến, bún, bánh", "Miến </script> dong"]
    assert "item" not in crumbs["itemListElement"][-1]
    gone = described(client.get("/products/che-shan").text)[0]
    assert gone["offers"][0]["availability"] == "https://schema.org/OutOfStock"


def test_each_page_has_one_address_in_each_language(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Miến dong", at=at)
    site = "http://127.0.0.1:8000"
    page = client.get("/products?stars=4&sort=newest&page=2").text
    assert f'<link rel="canonical" href="{site}/products?page=2">' in page
    english = client.get("/products/mien-dong?lang=en").text
    assert f'<link rel="canonical" href="{site}/products/mien-dong?lang=en">' in english
    assert f'<link rel="alternate" hreflang="vi" href="{site}/products/mien-dong">' in english
    assert f'<link rel="alternate" hreflang="x-default" href="{site}/products/mien-dong">' in english
    assert 'content="noindex"' not in english


@pytest.mark.parametrize("path", ["/cart", "/search?q=x", "/account/sign-in", "/age", "/verify/none", "/nowhere"])
def test_what_is_personal_is_not_to_be_indexed(client: Client, at: datetime, path: str) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(path).text


def test_the_sitemap_holds_what_is_public_today(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer("HTX Mây", at=at), "Miến dong", at=at)
    make_certificate(product, at=at, expires_on=at.date())
    make_listing(product, at=at)
    make_offer("Rượu ngô", at=at, set_code="II.1.a")
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    assert "/products/mien-dong</loc><lastmod>2026-11-23</lastmod>" in answer.text
    assert 'hreflang="en" href="http://127.0.0.1:8000/producers/htx-may?lang=en"' in answer.text
    assert "ruou-ngo" not in answer.text
    assert "/categories/II.1.a" not in answer.text
    with time_machine.travel(at + timedelta(days=1)):
        assert "/products/mien-dong" not in client.get("/sitemap.xml").text
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots
    assert "Disallow: /account/" in robots


def test_the_picture_of_a_link(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Miến #evil[x] $1$ dong", at=at)
    answer = client.get("/products/mien-evil-x-1-dong/share.png")
    assert answer.mimetype == "image/png"
    assert Image.open(BytesIO(answer.data)).size == (1200, 630)
    page = client.get("/products/mien-evil-x-1-dong").text
    assert 'property="og:image" content="http://127.0.0.1:8000/products/mien-evil-x-1-dong/share.png"' in page


def test_manifest_and_offline(client: Client, at: datetime) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert manifest.json is not None
    for icon in manifest.json["icons"]:
        with client.get(icon["src"]) as picture:
            assert Image.open(BytesIO(picture.data)).size == tuple(map(int, icon["sizes"].split("x")))
    script = client.get("/sw.js").text
    kept = json.loads(re.findall(r"KEPT = (\[.*?\]);", script)[0])
    for address in kept:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
    assert "csrf" not in client.get("/offline").text


def test_a_lost_page_helps(client: Client, at: datetime) -> None:
    answer = client.get("/products/mien-dong-xua")
    assert answer.status_code == 404
    assert 'value="mien dong xua"' in answer.text
    assert 'href="/verify"' in answer.text


def test_a_failure_is_told_without_asking_the_database(
    app: Flask, client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    @allow(PUBLIC)
    def broken() -> str:
        monkeypatch.setitem(app.extensions, "identify", broken)  # whoever asks next who is here, fails too
        raise OperationalError("SELECT 1", {}, Exception("the database is gone"))

    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "storefront.home", broken)
    answer = client.get("/?lang=en")
    assert answer.status_code == 500
    assert '<html lang="en">' in answer.text
    assert "Code: " in answer.text
