"""English is complete: every page, form error and letter, as every role, without a word of the other language."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import JSON, String, Text, func, select, update
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import Model, db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.orders.models import Order
from marketplace.shop.reviews.jobs import watch_reviews
from marketplace.shop.reviews.services import Said, publish_review, refuse_review, write_review
from marketplace.trade.distributors.rules import countries, country_name
from tests.builders import BY, make_certificate, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in

VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|and|your|this|with|from|are|is|you|not|for|please|enter|choose)\b", re.IGNORECASE)
DECISION = re.compile(r"QĐ[ -]?[\w/-]*")  # what decisions are called
NOT_READ = {"script", "style", "code", "template", "textarea"}
ROLES = ("", "buyer", "producer", "distributor", "commune", "district", "province", "admin")
PAGES_OF_A_KIND = 2
TYPED = {
    "recipient": "Yến",
    "phone": "0912 345 678",
    "email": "yen@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Ngõ 42",
}
LEADS_AWAY = ("/account/sign-out", "/account/data/erase", "/preferences", "/media/", "/static/", "/art/", "/api/")


class Page(HTMLParser):
    """The texts of a page that are not marked as another language's, its links, its forms with fields."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang, self.texts, self.links = lang, list[str](), list[str]()
        self.forms: list[tuple[str, dict[str, str], bool]] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        other = facts.get("lang", self.lang) != self.lang or tag in NOT_READ
        if tag not in ("input", "img", "link", "meta", "br", "hr", "source", "use", "path", "circle", "rect", "image"):
            self._open.append((tag, other))
        if not other:
            self.texts += [facts[name] for name in ("alt", "title", "aria-label", "placeholder") if facts.get(name)]
        if tag == "a":
            self.links.append(facts.get("href", ""))
        elif tag == "form":
            self.forms.append((facts.get("action", ""), {}, facts.get("method", "").lower() == "post"))
        elif tag in ("input", "textarea", "select") and self.forms and "name" in facts:
            hidden = facts.get("type") == "hidden"
            self.forms[-1][1][facts["name"]] = facts.get("value", "") if hidden else ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(other for _, other in self._open):
            self.texts.append(" ".join(data.split()))


def said(value: object) -> Iterator[str]:
    """The Vietnamese texts of a column's value."""
    if isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from said(inside)
    elif isinstance(value, str) and VIETNAMESE.search(value):
        yield value


def held(besides: tuple[str, ...] = ()) -> list[str]:
    """Every text that the tables hold: names, products' texts, places; longest first."""
    found: set[str] = set()
    for table in Model.metadata.sorted_tables:
        if table.name in besides:
            continue
        columns = [c for c in table.columns if isinstance(c.type, String | Text | JSON)]
        for row in db.session.execute(select(*columns)) if columns else ():
            for value in row:
                for text in said(value):
                    found |= {" ".join(text.split()), *(" ".join(line.split()) for line in text.splitlines())}
    found.add("Chợ Phiên")
    found |= {country_name(code, "en") for code in countries()}
    return sorted((text for text in found if len(text) > 1), key=len, reverse=True)


def foreign(texts: list[str], lang: str, known: re.Pattern[str]) -> Iterator[str]:
    """Those of the texts that have words of the other language, names and products' texts aside."""
    for text in texts:
        if _speaks(text, lang) and _speaks(DECISION.sub(" ", known.sub(" ", text)), lang):  # the second look is dear
            yield text


def _speaks(text: str, lang: str) -> bool:
    """Whether there are words of the language that a page in `lang` has none of."""
    if lang == "en":
        return VIETNAMESE.search(text.replace("Tiếng Việt", "")) is not None
    return len(ENGLISH.findall(text)) >= 2


def read(answer: TestResponse, lang: str) -> Page:
    """A page as it was answered."""
    page = Page(lang)
    page.feed(answer.text)
    return page


def crawl(client: Client, app: Flask, lang: str) -> Iterator[tuple[str, Page]]:
    """Pages of every kind that links and forms lead to; forms are sent empty, to see what they say."""
    adapter = app.url_map.bind("localhost")
    waiting, seen, kinds = ["/", "/nowhere", "/verify/none"], set[str](), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or path.startswith(LEADS_AWAY) or "lang=" in path:
            continue
        seen.add(path)
        try:
            kind = str(adapter.match(urlsplit(path).path, method="GET")[0])
        except Exception:  # no page of ours: that too is answered in words
            kind = "none"
        kinds[kind] += 1
        if kinds[kind] > PAGES_OF_A_KIND + 8 * (kind == "legal.page"):
            continue
        answer = client.get(path)
        if answer.mimetype != "text/html":
            continue
        page = read(answer, lang)
        yield path, page
        waiting += [urldefrag(urljoin(path, link)).url for link in page.links if urlsplit(link).netloc == ""]
        for action, fields, posted in page.forms:
            target = urldefrag(urljoin(path, action)).url
            if posted and set(fields) - {"csrf_token", "next"} and not target.startswith(LEADS_AWAY):
                key = f"POST {re.sub(r'[0-9A-Z-]{6,}', 'x', target)}"
                kinds[key] += 1
                if kinds[key] <= PAGES_OF_A_KIND:
                    yield f"POST {target}", read(client.post(target, data=fields), lang)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_no_page_speaks_the_other_language(app: Flask, at: datetime, lang: str) -> None:
    assert app.test_cli_runner().invoke(args=["demo", "load"]).exit_code == 0
    known = re.compile("|".join(map(re.escape, held())), re.IGNORECASE)  # carriers are kept folded, and shown titled
    strays: dict[str, set[str]] = {}
    visited = Counter[str]()
    for role in ROLES:
        client = new_client(app)
        client.set_cookie("lang", lang)
        if role:
            send(client, "/account/sign-in", email=f"{role}@demo.test", password="ocop-demo")
        for path, page in crawl(client, app, lang):
            visited[role] += 1
            for text in foreign(page.texts, lang, known):
                strays.setdefault(text, set()).add(f"{role or 'guest'} {path}")
    assert not strays, "\n".join(f"{text}: {sorted(where)[:2]}" for text, where in sorted(strays.items()))
    assert min(visited.values()) > 20, visited


def _reviewed(number: str, lang: str, at: datetime) -> None:
    """The buyer is asked, writes; an officer publishes it, takes it down."""
    assert watch_reviews(at + timedelta(days=7, hours=1)) == 1
    said = Said(stars=4, words="xyz", language=lang)
    with transaction():
        review = write_review(number=number, part=1, line=1, said=said, seen=0, by=GUEST, at=at)
        publish_review(code=review.code, seen="1.0", by=BY, at=at)
        refuse_review(code=review.code, seen="2.0", ground="off_topic", remark="", by=BY, at=at)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_no_letter_speaks_the_other_language(app: Flask, at: datetime, lang: str) -> None:
    seller = make_user(Role.PRODUCER, at=at, email="seller@example.com")
    with transaction():
        db.session.execute(update(User).values(language=lang))
    goods = make_offer("Miến dong", at=at, producer=make_producer("HTX Mây", at=at, user=seller))
    stay = make_product(make_producer("Nhà sàn", at=at, user=None), "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(stay, at=at)
    make_listing(stay, at=at, weight_g=None)
    visitor, desk = new_client(app), new_client(app)
    visitor.set_cookie("lang", lang)
    send(visitor, "/account/register", role="buyer", name="An", email="an@example.com", password="cau-dai-de-nho-9")
    send(visitor, "/account/register", role="buyer", name="An", email="seller@example.com", password="cau-dai-de-nho-9")
    send(visitor, "/account/forgot", email="seller@example.com")
    for number in range(2):
        send(visitor, "/cart/add", sku=goods.sku, quantity=1)
        send(visitor, "/checkout", **TYPED)
        send(visitor, "/checkout/place", **hidden(visitor.get("/checkout/review"), "/checkout/place"))
        assert db.session.scalar(select(func.count()).select_from(Order)) == number + 1
    sign_in(desk, seller)
    first, second = db.session.scalars(select(Order.number).order_by(Order.id))
    for verb in ("confirm", "pack", "ship", "deliver"):
        send(desk, f"/producer/orders/{first}/1/{verb}", carrier="Bưu điện")
    send(desk, f"/producer/orders/{second}/1/decline", reason="xyz")
    _reviewed(first, lang, at)
    send(desk, "/producer/members/invite", email="new@example.com")
    letters = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert len(letters) > 10
    known = re.compile("|".join(map(re.escape, held(besides=("outgoing_mails",)))))
    for letter in letters:
        page = Page(lang)
        page.feed(letter.html)
        assert list(foreign([*page.texts, letter.subject, *letter.text.splitlines()], lang, known)) == [], (
            letter.subject
        )
        assert page.texts, "a letter has an HTML body"
