"""The shop as `make run` starts it, and a browser to visit it with."""

import email
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from config import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
HEAD = (  # of a file of certificates
    "certificate_number,authority,decision_number,issued_on,expires_on,stars,score,product_name,producer_name,"
    "producer_kind,commune_code,category_code\n"
)
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
journey = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here, and no right to install one: journeys NOT RUN"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Shop(NamedTuple):
    """A running shop: its address, its folder of files."""

    url: str
    folder: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, command: list[str], **environment: str) -> Iterator[Shop]:
    """The demonstration province, served by `command` (with `{port}` in it) while the block runs."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
        "SEARCH_URL": f"whoosh:{folder / 'search'}",
        "MAIL_URL": f"file:{folder / 'outbox'}",
        "QUEUE_PATH": str(folder / "queue.sqlite3"),
        "MEDIA_URL": str(folder / "media"),
        "SITE_URL": url,
        **environment,
    }
    for step in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run([*FLASK, *step], cwd=ROOT, env=settings, check=True, capture_output=True)
    filled = [part.format(port=port) for part in command]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(filled, cwd=ROOT, env=settings, stdout=log, stderr=log)
        for _ in range(450):  # a busy machine takes its time
            try:
                urllib.request.urlopen(f"{url}/readyz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield Shop(url, folder)
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The web server and the worker, as `make run` starts them."""
    with running(tmp_path_factory.mktemp("shop"), [*FLASK, "serve", "--port", "{port}"]) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, shop: Shop, width: int = 1280, scripts: bool = True, dark: bool = False) -> Page:
    """A new visitor's page."""
    context = browser.new_context(
        base_url=shop.url,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
    )
    return context.new_page()


def press(control: Locator) -> None:
    """Press what leads to another page, and be there: on a slow machine a click alone returns before it has left."""
    with control.page.expect_navigation():
        control.first.click()


SIGNED_IN: dict[tuple[str, str], str] = {}  # by shop and address: the cookie that a sign-in gave


def sign_in(page: Page, address: str) -> None:
    """Sign in by the real form; the next time the same person's cookie is enough (ten sign-ins in five minutes are)."""
    page.goto("/account/sign-in")
    shop = page.url.removesuffix("/account/sign-in")
    kept = SIGNED_IN.get((shop, address))
    if kept is not None:
        page.context.add_cookies([{"name": "session", "value": kept, "url": shop}])
        page.goto("/account/sign-in")
        return
    page.fill("input[name=email]", address)
    page.fill("input[name=password]", "ocop-demo")
    press(page.locator("main form button"))
    page.wait_for_url(lambda url: "/account/sign-in" not in url)
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie.get("name") == "session"]
    SIGNED_IN[shop, address] = cookie.get("value", "")


def letter_to(shop: Shop, address: str) -> str:
    """The text of the letter that the worker has delivered to this address."""
    for _ in range(100):
        for file in (shop.folder / "outbox").glob("*.eml"):
            letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            body = letter.get_body(("plain",))
            if letter["To"] == address and body is not None:
                return str(body.get_content())
        time.sleep(0.2)
    raise AssertionError("no letter came")


def link_in(text: str) -> str:
    """The address of an account's page in a letter."""
    found = re.search(r"http\S+/account/\S+", text)
    assert found is not None
    return found.group()
