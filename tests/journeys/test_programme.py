"""The whole road in the browser: an idea to a page on the market, more stars, a renewal, a revocation."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from marketplace.platform.core.clock import day_of, now
from tests.journeys.conftest import Shop, journey, open_page, press, sign_in

pytestmark = journey
PDF = b"%PDF-1.7\n% %s\n%%%%EOF\n"


def today() -> str:
    return day_of(now()).isoformat()


class People(NamedTuple):
    """Everyone on the road, signed in."""

    maker: Page
    commune: Page
    province: Page
    member: Page
    guest: Page


@pytest.fixture
def people(browser: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[People]:
    width = getattr(request, "param", 1280)
    pages = [open_page(browser, shop, width) for _ in range(5)]
    for page, name in zip(pages, ("producer", "commune", "province", "council"), strict=False):
        sign_in(page, f"{name}@demo.test")
    yield People(*pages)
    for page in pages:
        page.context.close()


def hand_in(maker: Page, dossier: str) -> None:
    """Take what the vault has, send what it lacks, say the samples, hand in."""
    maker.goto(dossier)
    press(maker.locator("button:has-text('Lấy giấy có sẵn trong tủ')"))
    while wanted := _lacking(maker):
        piece = maker.locator(wanted)
        piece.locator("summary").click()
        content = PDF.replace(b"%s", wanted.encode())
        piece.locator("input[type=file]").set_input_files(
            {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        piece.locator("button:has-text('Gửi và ghi chi tiết')").click()
        maker.wait_for_url("**/producer/papers/**")
        expect(maker.locator("main")).to_contain_text("giay.pdf")
        maker.click("button:has-text('Lưu giấy')")
        maker.wait_for_url(f"**{dossier}*")
    maker.fill("#samples-units", "5")
    maker.click("#samples button")
    expect(maker.locator("main")).to_contain_text("6 trong 6 phần bắt buộc")
    maker.click("button:has-text('Nộp hồ sơ')")
    expect(maker.locator("main")).to_contain_text("Đã nộp, chờ đánh giá")


def _lacking(maker: Page) -> str:
    """The first paper that the page says is missing, as the address of its place on the page."""
    links = maker.locator("main ul a[href^='#']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next((str(link) for link in links if link != "#samples"), "")


def through_the_offices(people: People, dossier: str) -> None:
    """The commune assesses, the province admits."""
    office = dossier.replace("/producer/", "/office/")
    people.commune.goto(office)
    for topic in ("local_material", "local_labour", "origin_of_idea", "local_identity"):
        people.commune.check(f"input[name=met-{topic}][value=yes]", force=True)
        people.commune.fill(f"#{topic}", "Đúng như hồ sơ khai.")
    people.commune.fill("#conclusion", "Đề nghị tỉnh đánh giá.")
    people.commune.click("button:has-text('Ghi và chuyển lên tỉnh')")
    expect(people.commune.locator("main")).to_contain_text("Đã chuyển lên tỉnh")
    people.province.goto(office)
    people.province.click("button:has-text('Hồ sơ đủ, đưa ra hội đồng')")
    expect(people.province.locator("main")).to_contain_text("Chờ hội đồng")


def scored(people: People, name: str, points: tuple[str, str, str], number: str) -> None:
    """A sitting of a new council with one member, who scores on the spot; the decision grants."""
    office, member = people.province, people.member
    office.goto("/office/councils/new")
    office.fill("#name", f"Hội đồng chấm {name}")
    office.fill("#decision_number", f"{number}/QĐ-HĐ")
    office.fill("#established_on", today())
    office.click("main form button:has-text('Lập hội đồng')")
    office.fill("#name", "Bùi Thu Hằng")
    office.fill("#email", "council@demo.test")
    office.check("input[name=seat][value=chair]", force=True)
    office.click("button:has-text('Thêm người')")
    office.fill("#held_on", today())
    office.fill("#place", "Hội trường")
    office.select_option("#round", index=0)
    office.click("button:has-text('Xếp phiên')")
    office.wait_for_url("**/office/sittings/**")
    sitting = re.sub(r"^.*(/office/)", r"\1", office.url)
    for box in office.locator("input[name=dossier]").all():
        if name not in str(box.locator("xpath=..").text_content()):
            box.uncheck(force=True)
    office.click("button:has-text('Đưa lên bàn')")
    press(office.locator("button:has-text('Mở phiên')"))
    member.goto(sitting.replace("/office/sittings/", "/council/"))
    press(member.locator(f"main a:has-text('{name}')"))
    for code, given in zip("ABC", points, strict=True):
        member.fill(f"#p-{code}", given)
    expect(member.locator("[data-sum]")).to_have_text("75,5")
    for tick in member.locator("label:has(input[name=met])").all():
        tick.click()
    member.click("button:has-text('Ký phiếu')")
    expect(member.locator("main")).to_contain_text("Đã ký")
    office.goto(sitting)
    office.click("button:has-text('Khép phiên')")
    office.fill("#authority", "UBND tỉnh Lai Châu")
    office.fill("#number", f"{number}/QĐ-UBND")
    office.fill("#issued_on", today())
    office.click("button:has-text('Ghi quyết định')")
    expect(office.locator("main")).to_contain_text("Đã ghi quyết định: 1 giấy chứng nhận.")


POINTS = ("30", "20,5", "25")


@pytest.mark.parametrize("people", [1280, 360], indirect=True)
def test_from_an_idea_to_the_market_and_off_it(people: People, request: pytest.FixtureRequest) -> None:
    width = request.node.callspec.params["people"]
    name = f"Bánh dong hấp {width}"
    maker, commune, province, guest = people.maker, people.commune, people.province, people.guest
    maker.goto("/producer/dossiers/new")
    maker.fill("#name", name)
    maker.select_option("#set_code", "I.3.b")
    maker.fill("#idea", "Bánh hấp trong lá dong, mỗi nhà một cách.")
    maker.click("main form button:has-text('Lưu')")
    maker.wait_for_url("**/producer/dossiers/HS*")
    dossier = re.sub(r"^.*(/producer/)", r"\1", maker.url)
    press(maker.locator("button:has-text('Gửi ý tưởng')"))
    commune.goto("/office/dossiers?state=idea_sent")
    commune.click(f"main a:has-text('{name}')")
    press(commune.locator("button:has-text('Chấp nhận')"))
    hand_in(maker, dossier)
    through_the_offices(people, dossier)
    scored(people, name, POINTS, f"{width}1")
    maker.goto(dossier)
    expect(maker.locator("main")).to_contain_text("4 sao")
    certificate = str(maker.locator("main a[href^='/verify/']").first.get_attribute("href"))
    page = _listed(maker, province, name)
    guest.goto(page)
    expect(guest.locator("h1")).to_have_text(name)
    guest.goto(certificate)
    expect(guest.locator("main")).to_contain_text(re.compile("còn hiệu lực|còn hạn|đang có hiệu lực", re.IGNORECASE))
    _revoked(province, certificate, f"{width}2")
    guest.goto(page)
    expect(guest.locator("h1")).not_to_have_text(name)
    guest.goto(certificate)
    expect(guest.locator("main")).to_contain_text("thu hồi")


def _listed(maker: Page, officer: Page, name: str) -> str:
    """The product's page written, looked at and published; answers its public address."""
    maker.goto("/producer/listings/")
    row = maker.locator(f"form:has(button):has-text('{name}'), .task:has-text('{name}'), li:has-text('{name}')").last
    row.locator("button").click()
    maker.wait_for_url("**/producer/listings/*")
    desk = re.sub(r"^.*(/producer/)", r"\1", maker.url)
    maker.goto(f"{desk}/texts")
    maker.fill("#summary", "Thơm lá, dẻo mà không dính.")
    press(maker.locator("main form button:has-text('Lưu')"))
    maker.goto(f"{desk}/label")
    for field, text in (("ingredients", "Bột dong riềng, lá dong"), ("storage", "Nơi khô mát"), ("usage", "Hấp lại")):
        if maker.locator(f"#{field}").count():
            maker.fill(f"#{field}", text)
    maker.locator("label:has(#no_allergens)").click()
    maker.fill("#shelf_life_days", "5")
    press(maker.locator("main form button:has-text('Lưu')"))
    maker.goto(f"{desk}/variants/new")
    for field, text in (("net_quantity", "500"), ("price", "45000"), ("weight_g", "550")):
        maker.fill(f"#{field}", text)
    maker.select_option("#net_unit", "g")
    press(maker.locator("main form button:has-text('Lưu')"))
    maker.goto(desk)
    press(maker.locator("button:has-text('Gửi duyệt')"))
    office = desk.replace("/producer/", "/office/")
    officer.goto(office)
    press(officer.locator("main button:has-text('Đăng')"))
    return desk.replace("/producer/listings/", "/products/")


def _revoked(officer: Page, certificate: str, number: str) -> None:
    code = certificate.rpartition("/")[2].partition("?")[0]
    officer.goto(f"/office/certification/{code}/revoke")
    officer.fill("#authority", "UBND tỉnh Lai Châu")
    officer.fill("#number", f"{number}/QĐ-UBND")
    officer.fill("#issued_on", today())
    officer.fill("#reason", "Kiểm tra sau công nhận không đạt.")
    press(officer.locator("main form button.btn--bad, main form button:has-text('Thu hồi')"))


@pytest.mark.parametrize(
    ("product", "button", "number"),
    [
        ("Miến dong rong giấy Bình Lư cuộn tròn", "Làm hồ sơ nâng sao", "31"),
        ("Bánh dong riềng nướng than", "Làm hồ sơ công nhận lại", "32"),
    ],
)
def test_more_stars_and_a_renewal(people: People, product: str, button: str, number: str) -> None:
    maker, guest = people.maker, people.guest
    maker.goto("/producer/dossiers")
    maker.locator(f"tr:has-text('{product}')").locator(f"button:has-text('{button}')").click()
    maker.wait_for_url("**/producer/dossiers/HS*")
    dossier = re.sub(r"^.*(/producer/)", r"\1", maker.url)
    hand_in(maker, dossier)
    through_the_offices(people, dossier)
    scored(people, product, POINTS, number)
    maker.goto(dossier)
    expect(maker.locator("main")).to_contain_text("4 sao")
    guest.goto(str(maker.locator("main a[href^='/verify/']").first.get_attribute("href")))
    expect(guest.locator("main")).to_contain_text(re.compile("còn hiệu lực|còn hạn|đang có hiệu lực", re.IGNORECASE))
    expect(guest.locator("main")).to_contain_text("3 sao")  # the certificate before, in its history
