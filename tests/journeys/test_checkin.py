"""The gate in the browser with the network cut: two phones, both offline, let one ticket in; the office is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from marketplace.platform.core.clock import VIETNAM, day_of, now
from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey
READ_QR = """async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 520, height: 520 });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, 520, 520);
  return jsQR(pen.getImageData(0, 0, 520, 520).data, 520, 520)?.data;
}"""


class Gate(NamedTuple):
    """The office, a visitor, two stewards' phones, and the fair's addresses."""

    office: Page
    visitor: Page
    phones: tuple[Page, Page]
    code: str
    slug: str


def plan_fair(office: Page) -> tuple[str, str]:
    """A fair that begins tomorrow, open to applications; answers its code and its page's address."""
    first = day_of(now()) + timedelta(days=2)
    office.goto("/office/fairs/new")
    typed = {
        "title": f"Hội chợ soát vé {now():%H%M%S}",
        "venue": "Quảng trường",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=2)).isoformat(),
        "applications_from": day_of(now()).isoformat(),
        "applications_until": (first - timedelta(days=1)).isoformat(),
    }
    for name, value in typed.items():
        office.fill(f"[name={name}]", value)
    office.click("main form button:has-text('Lưu')")
    office.wait_for_url(lambda url: "/office/fairs/HC" in url)
    code = office.url.rsplit("/", 1)[1]
    office.click("button:has-text('Mở nhận đăng ký')")
    expect(office.locator("main")).to_contain_text("Đã mở nhận đăng ký")
    href = office.get_attribute("a:has-text('Trang công khai')", "href") or ""
    return code, href.rsplit("/", 1)[1]


def open_door(office: Page, code: str) -> list[str]:
    """A door that is open now, and two devices for it; answers their links."""
    office.goto(f"/office/fairs/{code}/checkin")
    here = now().astimezone(VIETNAM)
    office.fill("#name", "Cổng thử")
    office.fill("#starts_at", f"{here - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    office.fill("#ends_at", f"{here + timedelta(hours=5):%Y-%m-%dT%H:%M}")
    office.click("button:has-text('Thêm cửa')")
    expect(office.locator("main")).to_contain_text("Đã thêm cửa.")
    links = []
    for name in ("Máy A", "Máy B"):
        office.goto(f"/office/fairs/{code}/checkin")
        office.select_option("#list-device", label="Cổng thử")
        office.fill("#device", name)
        office.click("button:has-text('Tạo máy')")
        links.append(office.get_attribute("#new-device a", "href") or "")
    return links


@pytest.fixture
def gate(browser: Browser, shop: Shop) -> Iterator[Gate]:
    office, visitor, *phones = [open_page(browser, shop, width) for width in (1280, 390, 360, 360)]
    sign_in(office, "province@demo.test")
    code, slug = plan_fair(office)
    get_tickets(visitor, slug, 1)
    for phone, link in zip(phones, open_door(office, code), strict=True):
        phone.goto(link)
    yield Gate(office, visitor, (phones[0], phones[1]), code, slug)
    for page in (office, visitor, *phones):
        page.context.close()


def get_tickets(visitor: Page, slug: str, people: int) -> list[tuple[str, str]]:
    """So many tickets; answers the code and what the QR code says, as a camera reads it, of each."""
    visitor.goto(f"/fairs/{slug}/ticket")
    visitor.fill("#name", "Vàng An")
    visitor.fill("#phone", "0912 345 678")
    visitor.fill("#people", str(people))
    visitor.click("button:has-text('Nhận vé')")
    visitor.wait_for_url(lambda url: "/tickets/" in url)
    links = visitor.locator(".entry-more a.tab").evaluate_all("links => links.map(link => link.href)")
    found = []
    for link in [visitor.url, *links]:
        visitor.goto(link)
        visitor.add_script_tag(url="/static/vendor/jsqr.js")
        text = visitor.evaluate(READ_QR, visitor.get_attribute(".entry__qr", "src"))
        found.append((link.split("/tickets/")[1].split("?")[0], str(text)))
    return found


def ready(phone: Page) -> None:
    """The page, the tickets and the worker are on the phone."""
    expect(phone.locator("#gate[data-ready='1'][data-kept='1']")).to_be_attached(timeout=20_000)


def scan(phone: Page, text: str, result: str) -> None:
    """Type it as a scanner gun does; the answer is as expected."""
    phone.evaluate("document.getElementById('answer').replaceChildren()")
    phone.fill("#text", text)
    phone.press("#text", "Enter")
    expect(phone.locator(f"#answer [data-result='{result}']")).to_be_visible(timeout=10_000)


def cut(*phones: Page, off: bool = True) -> None:
    for phone in phones:
        phone.context.set_offline(off)


def test_two_phones_without_a_network(gate: Gate) -> None:
    a, b = gate.phones
    one, two, three = get_tickets(gate.visitor, gate.slug, 3)
    assert two[1].startswith(f"T1.{two[0]}.")
    for phone in (a, b):
        phone.reload()
        ready(phone)

    scan(a, one[1], "ok")  # with a network the other gate knows at once
    scan(b, one[0], "double")
    expect(a.locator("#inside")).to_have_text("1")

    cut(a, b)
    scan(a, two[1], "ok")
    scan(a, two[0], "double")  # refused at once on the same phone
    scan(b, two[1], "ok")  # the other cannot know
    altered = two[1][:-6] + ("AAAAAA" if not two[1].endswith("AAAAAA") else "BBBBBB")
    scan(b, altered, "forged")
    scan(b, "VE0000000000", "unknown")
    scan(b, one[1], "double")
    expect(a.locator("#waiting")).to_have_text("2")
    expect(b.locator("#waiting")).to_have_text("4")

    late = get_tickets(gate.visitor, gate.slug, 1)[0]  # given after the phones lost the network
    scan(a, late[1], "ok")  # known by its signature alone
    scan(a, "T1." + late[0] + "." + three[1].rsplit(".", 1)[1], "forged")

    a.reload()  # the page opens without a network, and has forgotten nothing
    expect(a.locator("#waiting")).to_have_text("4")
    scan(a, two[1], "double")

    cut(a, b, off=False)
    for phone in (a, b):
        expect(phone.locator("#waiting")).to_have_text("0", timeout=30_000)
    expect(b.locator("#inside")).to_have_text("3", timeout=30_000)
    scan(b, late[0], "double")
    scan(b, three[1], "ok")

    gate.office.goto(f"/office/fairs/{gate.code}/checkin")
    twice = gate.office.locator("section", has=gate.office.locator("h2:text-is('Vào hai lần khi mất mạng')"))
    expect(twice.locator("tbody tr")).to_have_count(1)
    for words in (two[0], "Máy A", "Máy B"):
        expect(twice.locator("tbody tr")).to_contain_text(words)


def test_the_gate_without_javascript(browser: Browser, shop: Shop, gate: Gate) -> None:
    plain = open_page(browser, shop, 360, scripts=False)
    plain.goto(gate.phones[0].url)
    (ticket,) = get_tickets(gate.visitor, gate.slug, 1)
    for words in ("Mời vào", "Vé này đã vào rồi"):
        plain.fill("#text", ticket[0])
        plain.click("button:has-text('Soát vé')")
        expect(plain.locator("#answer")).to_contain_text(words)
    plain.context.close()
