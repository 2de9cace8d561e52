"""Every page by axe at both widths, light and dark, each role signed in; and what a first visit weighs."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.journeys.conftest import HEAD, Shop, journey, letter_to, link_in, open_page, press, sign_in

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
    "/products/dau-tay-muong-than",
    "/products/mien-dong-goi-qua-binh-lu-hai-ky?reviews=2",
    "/products/khong-co",
    "/producers",
    "/collections",
    "/collections/nam-sac-che-lai-chau",
    "/collections/gio-tet-sum-vay",
    "/seasons/tet-ve-ban",
    "/verify",
    "/verify/KHONGCO",
    "/verify/CN00000000?s=x",
    "/verify?q=mien",
    "/search?q=mat+ong",
    "/search?q=miem+dong",
    "/age?next=/products",
    "/news",
    "/news/mien-dong-vao-vu-gia-tai-lo-nhich-nhe",
    "/newsletter",
    "/newsletter/asked",
    "/fairs",
    "/showcase",
    "/showcase?near=03388&open=1",
    "/showcase/diem-ocop-cho-tam-duong",
    "/legal/operating-rules",
    "/legal/owner",
    "/offline",
    "/cart",
    "/account/sign-in",
    "/account/register",
    "/account/registered",
    "/account/forgot",
    "/account/forgot/sent",
    "/account/reset/khong-con",
    "/account/reset/done",
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
        "/account/second-factor",
        "/account/email",
        "/account/data",
    ],
    "producer@demo.test": [
        "/producer/",
        "/producer/orders",
        "/producer/stock",
        "/handbook",
        "/handbook/ho-so-ocop-gom-nhung-gi",
        "/notices",
        "/point/",
        "/point/diem-ocop-cho-tam-duong",
        "/producer/stock/LC-383-1",
        "/producer/grid",
        "/producer/goods/",
        "/producer/terms",
        "/producer/members",
        "/producer/bookings/",
        "/producer/reviews",
        "/producer/profile/",
        "/producer/papers",
        "/producer/dossiers",
        "/producer/dossiers/new",
        "/producer/evidence",
        "/producer/onboarding",
        *(f"/producer/onboarding/{step}" for step in ("identity", "tax", "bank", "contacts", "leaders")),
        "/producer/mandates",
        "/producer/demands",
        "/producer/matches",
        "/producer/campaigns",
        "/producer/deals",
        "/producer/meetings",
        "/producer/export/mien-dong-binh-lu-soi-moc",
        "/producer/offers",
        "/producer/offers/mien-dong-binh-lu-soi-moc",
        "/producer/listings/",
        *(f"/producer/listings/mien-dong-binh-lu-soi-moc{part}" for part in ("", "/preview", "/texts", "/label")),
        *(
            f"/producer/listings/mien-dong-binh-lu-soi-moc/{part}"
            for part in ("variants/LC-001-1", "variants/new", "pictures/", "terms", "history", "history/1")
        ),
        "/producer/listings/banh-dong-rieng-nuong-than/history/3",
        "/producer/listings/mien-dong-rong-giay-binh-lu-cuon-tron",
    ],
    "producer3@demo.test": [],
    "producer4@demo.test": ["/producer/onboarding", "/producer/onboarding/contacts"],
    "household@demo.test": ["/producer/mandates"],
    "distributor@demo.test": [
        "/distributor/",
        "/distributor/profile",
        "/distributor/members",
        "/distributor/demands",
        "/distributor/demands/new",
        "/distributor/matches",
        "/distributor/campaigns",
        "/distributor/quotes",
        "/distributor/meetings",
    ],
    "province@demo.test": [
        "/office/news",
        "/office/news/new",
        "/office/news/ba-gio-sang-o-lo-mien",
        "/office/notices",
        "/office/newsletter",
        "/office/showcase",
        "/office/showcase/new",
        "/office/showcase/diem-ocop-cho-tam-duong",
        "/office/",
        "/office/certification",
        "/office/certification/new",
        "/office/certification/decisions",
        "/office/certification/decisions/new",
        "/office/imports/certificates",
        "/office/imports/products",
        "/office/producers",
        "/office/producers/cong-ty-tnhh-che-shan-tan-phong",
        "/office/producers/cong-ty-tnhh-che-shan-tan-phong/bank",
        "/office/producers/cong-ty-tnhh-che-shan-tan-phong/act",
        "/office/producers/htx-du-lich-cong-dong-pu-sam-cap",
        "/office/rulesets",
        "/office/distributors",
        "/office/demands",
        "/office/matchmaking",
        "/office/matchmaking/weights",
        "/office/matchmaking/campaigns",
        "/office/matchmaking/campaigns/new",
        "/office/matchmaking/outcomes",
        "/office/programme",
        "/office/programme/plan",
        "/office/programme/rows/sales",
        "/office/programme/activities",
        "/office/programme/activities/new",
        "/office/programme/support",
        "/office/programme/support/new",
        "/office/fairs",
        "/office/fairs/new",
        "/office/deals",
        "/office/export",
        "/office/catalogue",
        "/office/featured",
        "/office/featured/new",
        "/office/featured/preview",
        "/office/featured/preview?category=che",
        "/office/featured/suggestions",
        "/office/featured/fairness",
        "/office/featured/hindered",
        "/office/featured/collections",
        "/office/featured/collections/new",
        "/office/rulesets/1048",
        "/office/rulesets/781",
        "/office/rulesets/1489",
        "/office/dossiers",
        "/office/dossiers?state=forwarded",
        "/office/rounds",
        "/office/rounds/new",
        "/office/councils",
        "/office/councils/new",
        "/office/imports/scores",
        "/office/listings/",
        "/office/reviews",
        "/office/listings/mien-dong-binh-lu-soi-moc",
        "/office/listings/mien-dong-rong-giay-binh-lu-cuon-tron",
        "/office/listings/banh-dong-rieng-nuong-than/history",
        "/office/listings/banh-dong-rieng-nuong-than/texts",
        "/office/listings/banh-dong-rieng-nuong-than/label",
        "/office/listings/banh-dong-rieng-nuong-than/history/2",
    ],
    "commune@demo.test": ["/office/dossiers"],
    "council@demo.test": ["/council/"],
    "admin@demo.test": [
        "/office/legal",
        "/office/legal/privacy",
        "/office/queue",
        "/office/users",
        "/office/users/new",
        "/office/audit",
        "/office/audit/seen",
        "/office/settings",
    ],
}
FAIR_ROOMS = ("programme", "plan", "applications", "criteria", "booths", "visitors", "checkin", "report", "edit")
Followed = dict[str, list[tuple[str, ...]]]
FOLLOWED: Followed = {  # where the first link in the main part that begins like this leads to, and pages below that
    "": [("/fairs", "/fairs/", "map", "ticket")],
    "buyer@demo.test": [
        ("/account/orders", "/orders/"),
        ("/products/mien-dong-goi-qua-binh-lu-hai-ky", "/reviews/"),
    ],
    "producer@demo.test": [
        ("/producer/orders", "/producer/orders/2"),
        ("/producer/papers", "/producer/papers/GT"),
        ("/producer/reviews", "/producer/reviews/"),
        ("/producer/dossiers", "/producer/dossiers/HS"),
        ("/producer/demands", "/producer/demands/NC"),
        ("/producer/matches", "/producer/matches/NC"),
        ("/producer/campaigns", "/producer/campaigns/KN"),
        ("/producer/deals", "/producer/deals/"),
        ("/producer/fairs", "/producer/fairs/HC"),
    ],
    "distributor@demo.test": [
        ("/distributor/demands", "/distributor/demands/NC"),
        ("/distributor/matches", "/distributor/matches/NC"),
        ("/distributor/campaigns", "/distributor/campaigns/KN"),
        ("/distributor/quotes", "/distributor/deals/"),
    ],
    "commune@demo.test": [
        (f"/office/dossiers?state={state}", "/office/dossiers/HS") for state in ("idea_sent", "submitted", "returned")
    ],
    "council@demo.test": [("/council/", "/council/PH")],
    "producer3@demo.test": [("/producer/bookings/", "/producer/bookings/")],
    "province@demo.test": [
        ("/office/matchmaking", "/office/matchmaking/near/"),
        ("/office/matchmaking/campaigns", "/office/matchmaking/campaigns/KN"),
        ("/office/deals", "/office/deals/"),
        ("/office/reviews", "/office/reviews/"),
        ("/office/reviews?pile=reported", "/office/reviews/"),
        ("/office/certification", "/office/certification/products/"),
        ("/office/certification/decisions?page=2", "/office/certification/decisions/"),
        *((f"/office/dossiers?state={state}", "/office/dossiers/HS") for state in ("forwarded", "certified")),
        ("/office/rounds", "/office/rounds/2"),
        ("/office/distributors", "/office/distributors/"),
        ("/office/demands", "/office/demands/NC"),
        ("/office/councils", "/office/councils/HD"),
        ("/office/councils", "/office/sittings/PH"),
        ("/office/councils", "/office/appeals/KN"),
        ("/office/fairs", "/office/fairs/HC", *FAIR_ROOMS),
        ("/office/newsletter", "/office/newsletter/BT"),
    ],
    "admin@demo.test": [
        ("/office/councils", "/office/sittings/PH"),
    ],
}
LOOKS = [(1280, False), (360, True)]  # each width and each theme once: one does not change the other
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
    bad |= {path: found for path in _led_to(page, "") if (found := faults(page, path))}
    for deed in (_ordered, _asked, _registered):
        bad |= {path: found for path in deed(page, f"{width}{dark}", shop) if (found := faults(page, path))}
    page.context.close()
    for email, paths in DESKS.items():
        page = open_page(browser, shop, width, dark=dark)
        sign_in(page, email)
        bad |= {path: found for path in paths if (found := faults(page, path))}
        bad |= {path: found for path in _led_to(page, email) if (found := faults(page, path))}
        if email == "province@demo.test":
            bad |= {path: found for path in _sent(page) if (found := faults(page, path))}
        page.context.close()
    assert bad == {}


def _led_to(page: Page, email: str) -> Iterator[str]:
    """Pages that only a link leads to."""
    for start, way, *below in FOLLOWED.get(email, ()):
        page.goto(start)
        there = str(page.locator(f"main a[href^='{way}']").first.get_attribute("href"))
        yield there
        yield from (f"{there}/{room}" for room in below)


def _asked(page: Page, who: str, _shop: Shop) -> Iterator[str]:
    """A guest's question about a stay."""
    page.goto("/products/ngu-ban-sin-suoi-ho-mot-dem")
    for name, text in (
        ("name", "Nguyễn An"),
        ("phone", "0912 345 678"),
        ("email", f"hoi{who}@example.com"),
        ("message", "Còn chỗ không?"),
    ):
        page.fill(f"#{name}", text)
    page.click("text=Gửi cho nơi làm")
    page.wait_for_url("**/bookings/**")
    yield page.url


def _ordered(page: Page, who: str, _shop: Shop) -> Iterator[str]:
    """What stands between a guest's cart and the order."""
    page.goto("/products/mien-dong-binh-lu-soi-moc")
    press(page.locator("text=Thêm vào giỏ"))
    yield "/cart"
    yield "/checkout"
    page.goto("/cart")
    page.click("text=Tới phần giao hàng")
    for name, text in (("recipient", "Nguyễn An"), ("phone", "0912 345 678"), ("email", f"mua{who}@example.com")):
        page.fill(f"#{name}", text)
    page.select_option("#province_code", "01")
    page.select_option("#commune_code", "00004")
    page.fill("#street", "Ngõ 42")
    page.click("text=Tiếp tục, xem lại đơn")
    page.wait_for_url("**/checkout/review")
    yield "/checkout/extras"
    yield "/checkout/review"
    page.click("main form button:has-text('Đặt hàng')")
    page.wait_for_url("**/orders/**")
    yield page.url


def _registered(page: Page, who: str, shop: Shop) -> Iterator[str]:
    """The links of letters: confirming an address, and choosing a password anew."""
    address = f"moi{who}@example.com".lower()
    page.goto("/account/register")
    for name, text in (("name", "Nguyễn An"), ("email", address), ("password", "một câu dài dễ nhớ")):
        page.fill(f"#{name}", text)
    page.click("main form button")
    page.wait_for_url("**/account/registered")
    yield link_in(letter_to(shop, address))


def _sent(page: Page) -> Iterator[str]:
    """An officer's file with a fault in it; a certificate as anyone sees it, and about to be revoked."""
    page.goto("/office/imports/certificates")
    text = f"{HEAD}S1,,,,,9,,,,,,\n".encode()
    page.set_input_files("input[type=file]", {"name": "hong.csv", "mimeType": "text/csv", "buffer": text})
    page.click("main form button:has-text('Gửi và kiểm tra')")
    expect(page.locator("#import")).to_contain_text("stars", timeout=15_000)
    yield page.url
    page.goto("/office/certification?standing=in_force")
    press(page.locator("main a[href^='/office/certification/products/'] >> nth=0"))
    path = str(page.locator("main a[href^='/verify/']").first.get_attribute("href")).split("#")[0]
    yield path
    yield f"/office/certification/{path.rsplit('/', 1)[-1]}/revoke"


@pytest.mark.parametrize("path", ["/", "/products", "/products/mien-dong-binh-lu-soi-moc"])
def test_a_first_visit_is_light(browser: Browser, shop: Shop, path: str) -> None:
    page = open_page(browser, shop, 360)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    page.context.close()
    assert sum(sizes.values()) <= BUDGET, sizes
