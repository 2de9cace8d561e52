"""Every page by axe at both widths, light and dark, each role signed in; and what a first visit weighs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey
PUBLIC = [
    "/",
    "/products",
    "/search?q=mien+dong",
    "/search?q=khong+co+gi+ca",
    "/categories/che",
    "/categories/I.5.a",
    "/producers/htx-mien-dong-binh-lu-xanh",
    "/products/mien-dong-binh-lu-soi-moc",
    "/products/ngu-ban-sin-suoi-ho-mot-dem",
    "/products/khong-co",
    "/producers",
    "/verify",
    "/verify/KHONGCO",
    "/verify?q=mien",
    "/search?q=mat+ong",
    "/search?q=miem+dong",
    "/age?next=/products",
    "/legal/operating-rules",
    "/legal/owner",
    "/offline",
    "/cart",
    "/account/sign-in",
    "/account/register",
    "/account/registered",
    "/account/forgot",
    "/account/reset/khong-con",
]
DESKS = {
    "buyer@demo.test": [
        "/account/orders",
        "/account/orders?under_way=1",
        "/account/wishlist",
        "/account/profile",
        "/account/sessions",
        "/account/addresses",
        "/account/addresses/new",
        "/account/password",
        "/account/email",
        "/account/data",
    ],
    "producer@demo.test": [
        "/producer/",
        "/producer/orders",
        "/producer/stock",
        "/producer/terms",
        "/producer/members",
        "/producer/bookings/",
        "/producer/profile/",
        "/producer/listings/",
        *(f"/producer/listings/mien-dong-binh-lu-soi-moc{part}" for part in ("", "/preview", "/texts", "/label")),
        *(f"/producer/listings/mien-dong-binh-lu-soi-moc/{part}" for part in ("variants/LC-001-1", "pictures/")),
    ],
    "distributor@demo.test": ["/distributor/", "/distributor/profile", "/distributor/members"],
    "province@demo.test": [
        "/office/",
        "/office/certification",
        "/office/certification/new",
        "/office/certification/decisions",
        "/office/certification/decisions/new",
        "/office/imports/certificates",
        "/office/imports/products",
        "/office/producers",
        "/office/listings/",
        "/office/listings/mien-dong-binh-lu-soi-moc",
    ],
    "admin@demo.test": ["/office/legal", "/office/legal/privacy"],
}
LOOKS = [(1280, False), (1280, True), (360, False), (360, True)]
BUDGET = 120_000  # bytes over the wire of a first visit, look.md


def faults(page: Page, path: str) -> list[str]:
    """What axe finds on a page, what the console says of it, and whether it is wider than the screen."""
    said: list[str] = []
    page.once("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", listener := lambda message: said.append(f"console: {message.text}"))
    page.goto(path)
    page.remove_listener("console", listener)
    found = [words for words in said if "status of 404" not in words]  # a page that is not there is asked for too
    found += [f"{v['id']}: {n['target']}" for v in Axe().run(page).response["violations"] for n in v["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than the screen")
    return found


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_axe_finds_nothing(browser: Browser, shop: Shop, width: int, dark: bool) -> None:
    page = open_page(browser, shop, width, dark=dark)
    bad = {path: found for path in PUBLIC if (found := faults(page, path))}
    page.goto("/products/mien-dong-binh-lu-soi-moc")
    page.click("text=Thêm vào giỏ")
    bad |= {path: found for path in ("/cart", "/checkout") if (found := faults(page, path))}
    page.context.close()
    for email, paths in DESKS.items():
        page = open_page(browser, shop, width, dark=dark)
        sign_in(page, email)
        bad |= {path: found for path in paths if (found := faults(page, path))}
        page.context.close()
    assert bad == {}


@pytest.mark.parametrize("path", ["/", "/products", "/products/mien-dong-binh-lu-soi-moc"])
def test_a_first_visit_is_light(browser: Browser, shop: Shop, path: str) -> None:
    page = open_page(browser, shop, 360)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    page.context.close()
    assert sum(sizes.values()) <= BUDGET, sizes
