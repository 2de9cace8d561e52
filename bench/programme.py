"""The programme's pages on generated goods and half a million order lines: what pages take, what counting takes."""

import json
import os
import random
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, insert, select, update

from bench.buying import Guest, found
from bench.servers import Server, prepare, serving
from config import ROOT, Settings
from marketplace.app import create_app
from marketplace.office.programme.jobs import count_sales
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartState, PaymentMethod

PAGES = {
    "the programme": "/office/programme",
    "the office's first page": "/office/",
    "rows: new products": "/office/programme/rows/new_products",
    "rows: sales of the year": "/office/programme/rows/sales",
    "rows: sales of a set in a month": "/office/programme/rows/sales?set=I.3.b&month=3",
    "all figures as XLSX": "/office/programme/figures.xlsx",
}
AN_ORDER, A_BLOCK, DAYS = 4, 5_000, 700
ENDED = (*[PartState.COMPLETED] * 9, PartState.CANCELLED)
ROUNDS = 30


def measure(kind: str, url: str, products: int, lines: int, seed: int) -> dict[str, Any]:
    """All figures on one database."""
    with tempfile.TemporaryDirectory() as made:
        environment, prepared = prepare(Path(made), url, products, seed)
        app = create_app(Settings.from_environment(os.environ | environment | {"QUEUE_PATH": ""}))
        with app.app_context():
            filled = _timed(lambda: _fill(lines, random.Random(seed)))
            counted = _timed(lambda: count_sales(now()))
        with serving("wsgi:app", environment) as server:
            guest = Guest(server.connection)
            page = guest.ask("GET", "/account/sign-in", 200)
            typed = {"email": "province@demo.test", "password": "ocop-demo"}
            guest.ask("POST", "/account/sign-in", 302, csrf_token=found("csrf_token", page), **typed)
            rows = {name: _cost(server, guest, path) for name, path in PAGES.items()}
    return {
        "database": kind,
        "products": products,
        "lines": lines,
        "prepared_in_seconds": round(prepared + filled, 1),
        "sums_counted_in_seconds": round(counted, 2),
        "measured_on": datetime.now(UTC).date().isoformat(),
        "milliseconds": rows,
    }


def _timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _cost(server: Server, guest: Guest, path: str) -> dict[str, float]:
    for _ in range(3):
        guest_get(guest, path)
    before = server.cpu_seconds()
    took = [_timed(lambda: guest_get(guest, path)) * 1000 for _ in range(ROUNDS)]
    cpu = (server.cpu_seconds() - before) * 1000 / ROUNDS
    return {"p50": round(median(took), 1), "p95": round(quantiles(took, n=20)[18], 1), "cpu": round(cpu, 1)}


def guest_get(guest: Guest, path: str) -> None:
    """One page, whole, be it words or a workbook."""
    headers = {"Cookie": "; ".join(f"{name}={c.value}" for name, c in guest.cookies.items())}
    guest.connection.request("GET", path, headers=headers)
    answer = guest.connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)


def _fill(lines: int, chance: random.Random) -> None:
    """Orders of four lines each of one producer over two years, past the services; nine parts in ten completed."""
    at = now()
    _open_early(at)
    goods: dict[int, list[tuple[Any, ...]]] = {}
    query = select(Product.producer_id, Variant.id, Variant.sku, Variant.price, Listing.slug, Listing.name)
    query = query.select_from(Variant).join(Variant.listing).join(Listing.product).order_by(Variant.id)
    for producer, *variant in db.session.execute(query):
        goods.setdefault(producer, []).append(tuple(variant))
    sellers = [producer for producer, variants in goods.items() if len(variants) >= AN_ORDER]
    first = [(db.session.scalar(select(func.max(model.id))) or 0) + 1 for model in (Order, OrderPart)]
    for start in range(0, lines // AN_ORDER, A_BLOCK):
        with transaction():
            numbers = range(start, min(start + A_BLOCK, lines // AN_ORDER))
            made = list(_orders(numbers, first, sellers, goods, at, chance))
            for model, rows in zip((Order, OrderPart, OrderLine), zip(*made, strict=True), strict=True):
                flat = [row for each in rows for row in each]
                db.session.execute(insert(model), flat)


def _open_early(at: datetime) -> None:
    """Every page was opened two years ago, so that months can be compared."""
    with transaction():
        db.session.execute(update(Listing).values(published_at=at - timedelta(days=DAYS + 60)))


def _orders(
    numbers: range,
    first: list[int],
    sellers: list[int],
    goods: Mapping[int, list[tuple[Any, ...]]],
    at: datetime,
    chance: random.Random,
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]]:
    for n in numbers:
        producer = chance.choice(sellers)
        chosen = [(*each, chance.randint(1, 3)) for each in chance.sample(goods[producer], AN_ORDER)]
        worth = Money(sum(price.amount * units for _id, _sku, price, _slug, _name, units in chosen))
        placed = at - timedelta(hours=chance.randrange(24, 24 * DAYS))
        order, part = first[0] + n, first[1] + n
        yield (
            [_order(order, worth, placed)],
            [_part(part, order, producer, worth, placed, chance)],
            [_line(part, position, *each) for position, each in enumerate(chosen)],
        )


def _order(order: int, worth: Money, placed: datetime) -> dict[str, Any]:
    said = {"email": "a@example.com", "phone": "+84912345678", "recipient": "Mẫu", "street": "Số 1", "language": "vi"}
    place = {"province_code": "01", "province_name": "Hà Nội", "commune_code": "00004", "commune_name": "Ba Đình"}
    paid = {"payment_method": PaymentMethod.CASH_ON_DELIVERY, "pay_until": None, "paid_at": None}
    sums = {"goods_total": worth, "shipping_total": Money(0), "total": worth}
    named = {"id": order, "number": f"B{order}", "checkout_key": f"b{order}", "fingerprint": "x", "placed_at": placed}
    return {**named, **said, **place, **paid, **sums}


def _part(
    part: int, order: int, producer: int, worth: Money, placed: datetime, chance: random.Random
) -> dict[str, Any]:
    sums = {"goods_total": worth, "shipping_total": Money(0), "total": worth, "weight_g": 500}
    state = {"state": chance.choice(ENDED), "state_since": placed}
    return {
        "id": part, "order_id": order, "position": 1, "producer_id": producer, "producer_name": "Mẫu", **sums, **state
    }  # fmt: skip


def _line(
    part: int, position: int, variant: int, sku: str, price: Money, slug: str, name: str, units: int
) -> dict[str, Any]:
    said = {
        "sku": sku,
        "listing_slug": slug,
        "image_path": "x",
        "name": name,
        "name_en": "",
        "label": "",
        "label_en": "",
    }
    sums = {"unit_price": price, "quantity": units, "line_total": price * units, "stars": 3}
    return {
        "part_id": part, "position": position, "variant_id": variant, **said, **sums,
        "certificate_code": "CN", "certificate_expires_on": datetime(2030, 1, 1, tzinfo=UTC).date(),
    }  # fmt: skip


def lines_of(result: dict[str, Any]) -> list[str]:
    """The figures as a table."""
    head = f"{result['database']}: {result['products']} products, {result['lines']} lines; "
    head += f"sums counted in {result['sums_counted_in_seconds']} s"
    costs = result["milliseconds"].items()
    rows = [f"| {name} | {cost['p50']} | {cost['p95']} | {cost['cpu']} |" for name, cost in costs]
    return [head, "| page | p50 ms | p95 ms | CPU ms |", "|---|---:|---:|---:|", *rows]


def keep(result: dict[str, Any]) -> None:
    """Write the figures beside the others."""
    file = ROOT / "bench" / "results" / f"programme-{result['database']}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
