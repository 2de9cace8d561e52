"""`make bench`: pages and checkout on generated goods, beside a bare Flask page with the same cards; then the solvers.

`python -m bench timetables`, `python -m bench booths` and `python -m bench programme` ask for these alone.
"""

import gzip
import json
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bench import booths as booths_bench
from bench import programme as programme_bench
from bench.buying import checkouts
from bench.measuring import Measured, beside
from bench.servers import Server, cards_of, prepare, serving
from bench.timetables import keep
from bench.timetables import measure as measured
from config import ROOT
from marketplace.registry.certification.product_sets import product_set
from tests.databases import new_postgres_database

PAGES = {
    "home": "/",
    "list, 24 cards": "/products",
    "list, filtered": "/products?category=I.3.b&stars=4&sort=cheapest",
    "search, two words": "/search?q=mien+dong",
    "search, words and stars": "/search?q=mat+ong&stars=4",
    "search, one common word": "/search?q=muong",
    "API, 24 products": "/api/v1/products",
}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of the kind."""
    if kind == "postgresql":
        yield new_postgres_database("bench")
    else:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"


def measure(kind: str, products: int, seed: int) -> dict[str, Any]:
    """All figures on one kind of database."""
    with tempfile.TemporaryDirectory() as made, database(kind, Path(made)) as url:
        folder = Path(made)
        environment, seconds = prepare(folder, url, products, seed)
        with serving("wsgi:app", environment) as ours, serving("bench.bare:app", cards_of(ours, folder)) as bare:
            rows = [beside(name, ours, _getting(ours, path), bare) for name, path in _pages(ours).items()]
            orders = checkouts(ours, _slugs(ours))
            rows.append(beside("a whole checkout, 6 requests", ours, lambda: next(orders), bare))
            weights = {name: _weight(ours, path) for name, path in PAGES.items()}
    return {
        "database": kind,
        "products": products,
        "seed": seed,
        "prepared_in_seconds": round(seconds, 1),
        "python": platform.python_version(),
        "measured_on": datetime.now(UTC).date().isoformat(),
        "bytes_raw_and_gzipped": weights,
        "rows": [row.row() for row in rows],
        "table": _table(rows),
    }


def _pages(server: Server) -> dict[str, str]:
    return {**PAGES, "product": f"/products/{_slugs(server)[0]}"}


def _slugs(server: Server) -> list[str]:
    """Enough products that can be bought, cheapest first."""
    found: list[str] = []
    for page in range(1, 13):
        items = json.loads(server.get(f"/api/v1/products?sort=cheapest&page={page}")[1])["items"]
        found += [item["slug"] for item in items if item["available"] and _sold_here(item)]
    return found


def _sold_here(item: dict[str, dict[str, str]]) -> bool:
    """Services and alcohol have a page but no cart."""
    return product_set(item["category"]["code"]).cart


def _getting(server: Server, path: str) -> Callable[[], None]:
    def get() -> None:
        status, _ = server.get(path)
        assert status == 200, (path, status)

    return get


def _weight(server: Server, path: str) -> list[int]:
    _, body = server.get(path)
    return [len(body), len(gzip.compress(body, 6))]


def _table(rows: list[Measured]) -> list[str]:
    lines = ["| page | p50 ms | p95 ms | CPU ms | bare p50 | bare CPU | p50 ratio | CPU ratio |", "|---|" + "---:|" * 7]
    for row in rows:
        a, b = row.ours, row.bare
        figures = (a.p50, a.p95, a.cpu, b.p50, b.cpu, row.latency_ratio, row.cpu_ratio)
        lines.append("| " + " | ".join([row.page, *map(str, figures)]) + " |")
    return lines


@click.group(invoke_without_command=True)
@click.option("--products", default=20_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--database", "kinds", multiple=True, default=("sqlite", "postgresql"), show_default=True)
@click.pass_context
def main(context: click.Context, products: int, seed: int, kinds: tuple[str, ...]) -> None:
    """Print the tables and write bench/results/<database>-<products>.json; then the timetables and booths."""
    if context.invoked_subcommand:
        return
    for kind in kinds:
        result = measure(kind, products, seed)
        file = ROOT / "bench" / "results" / f"{kind}-{products}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        click.echo(f"\n{kind}, {products} products, prepared in {result['prepared_in_seconds']} s")
        click.echo("\n".join(result["table"]))
    context.invoke(timetables)
    context.invoke(booths)
    context.invoke(programme, products=products, kinds=kinds)


@main.command()
@click.option("--seed", "seeds", multiple=True, default=(7, 8, 9), show_default=True)
def timetables(seeds: tuple[int, ...]) -> None:
    """Print the timetables' tables and write bench/results/timetables.json."""
    result = measured(seeds)
    keep(result)
    for table in ("beside", "second_run"):
        click.echo("\n" + "\n".join(result[table]))


@main.command()
@click.option("--seed", "seeds", multiple=True, default=(7, 8), show_default=True)
def booths(seeds: tuple[int, ...]) -> None:
    """Print the table of booths beside taking turns and write bench/results/booths.json."""
    result = booths_bench.measure(seeds)
    booths_bench.keep(result)
    click.echo("\n" + "\n".join(result["lines"]))


@main.command()
@click.option("--products", default=20_000, show_default=True)
@click.option("--lines", default=500_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--database", "kinds", multiple=True, default=("sqlite", "postgresql"), show_default=True)
def programme(products: int, lines: int, seed: int, kinds: tuple[str, ...]) -> None:
    """Print how long the office's programme takes and write bench/results/programme-<database>.json."""
    for kind in kinds:
        with tempfile.TemporaryDirectory() as made, database(kind, Path(made)) as url:
            result = programme_bench.measure(kind, url, products, lines, seed)
        programme_bench.keep(result)
        click.echo("\n" + "\n".join(programme_bench.lines_of(result)))


if __name__ == "__main__":
    main()
