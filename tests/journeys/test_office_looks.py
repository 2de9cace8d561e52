"""The office on a telephone: nothing runs out of its place, a label stands at its field."""

from playwright.sync_api import Browser

from tests.journeys.conftest import Shop, journey, open_page, sign_in

pytestmark = journey
OVERRUN = """all => all.filter(dt => [...dt.children].some(
  code => code.getBoundingClientRect().right > dt.getBoundingClientRect().right + 1)).map(dt => dt.textContent)"""


def test_nothing_runs_over(browser: Browser, shop: Shop) -> None:
    page = open_page(browser, shop, 360)
    sign_in(page, "admin@demo.test")
    page.goto("/office/settings")
    assert page.eval_on_selector_all("dl.facts dt", OVERRUN) == []
    page.goto("/office/audit")
    assert page.eval_on_selector_all("table td", OVERRUN) == []
    page.goto("/office/featured/preview")
    label, field = page.locator("label[for=on]").bounding_box(), page.locator("#on").bounding_box()
    assert label is not None
    assert field is not None
    gap, middles = field["x"] - label["x"] - label["width"], [box["y"] + box["height"] / 2 for box in (label, field)]
    assert (0 <= gap < 24, abs(middles[0] - middles[1]) < 6) == (True, True)
    page.context.close()
