"""A guest's checkout over HTTP: put in the cart, address, review, place."""

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.servers import Server

ADDRESS = {
    "recipient": "Nguyễn Thị Hoàng Yến",
    "phone": "0912345678",
    "email": "yen@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Ngõ 42",
    "note": "",
}
FIELD = r'name="{}" value="([^"]+)"'


class Guest:
    """A visitor with a cookie jar on the server's kept-alive connection."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connection, self.cookies = connection, SimpleCookie()

    def ask(self, method: str, path: str, expected: int, **fields: str) -> str:
        """One request; AssertionError where the status is not the expected one."""
        headers = {"Cookie": "; ".join(f"{name}={c.value}" for name, c in self.cookies.items())}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        assert answer.status == expected, (method, path, answer.status)
        return text


def found(name: str, page: str) -> str:
    """The value of the page's hidden field."""
    match = re.search(FIELD.format(name), page)
    assert match is not None, name
    return match.group(1)


def checkouts(server: Server, slugs: list[str]) -> Iterator[None]:
    """Each step of the iteration is one whole order of one product: seven requests."""
    for slug in slugs:
        guest = Guest(server.connection)
        page = guest.ask("GET", f"/products/{slug}", 200)
        csrf, sku = found("csrf_token", page), re.search(r'name="sku"[^>]*value="([^"]+)"', page)
        assert sku is not None
        guest.ask("POST", "/cart/add", 302, csrf_token=csrf, sku=sku.group(1), quantity="1")
        guest.ask("GET", "/checkout", 200)
        guest.ask("POST", "/checkout", 302, csrf_token=csrf, **ADDRESS)
        review = guest.ask("GET", "/checkout/review", 200)
        facts = {name: found(name, review) for name in ("key", "fingerprint")}
        guest.ask("POST", "/checkout/place", 302, csrf_token=csrf, **facts)
        yield
