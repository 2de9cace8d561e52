"""The rows behind every figure of the programme: as a page, and as a table to take away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.faces.office_desk.programme_pages import year_asked
from marketplace.faces.office_desk.programme_words import EFFECTS, INDICATORS, LEADERS, REVIEWS, ROWS, home, unit_words
from marketplace.faces.storefront.trade_words import set_name
from marketplace.office.outreach.queries import Rows
from marketplace.office.programme.models import EffectKind, Indicator
from marketplace.office.programme.policies import SEE_PROGRAMME
from marketplace.office.programme.queries import Home, find_plan
from marketplace.office.programme.register import (
    Narrowed,
    certified_rows,
    count_rows,
    in_force_rows,
    lapsing_rows,
    review_rows,
)
from marketplace.office.programme.sales import SalesAsked, count_sales_rows, effect_rows, sales_rows
from marketplace.people.producers.models import ProducerKind
from marketplace.people.producers.views import KINDS
from marketplace.platform.core.access import Actor, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.platform.web.templates import dmy, in_vietnamese, money
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.dossiers.models import Dossier

bp = Blueprint("office_programme_rows", __name__, url_prefix=ROWS.rstrip("/"))
A_PAGE = 40
MOST_TAKEN = 50_000  # rows of one file
WHAT = "new_products, upgrades, priority_products, in_review, lapsing, in_force, sales, effects"


@dataclass(frozen=True)
class Shown:
    """One cell: its value, where it leads on the page, whether it is a name or a text kept in Vietnamese alone."""

    value: Cell | Money | datetime
    link: str = ""
    vietnamese: bool = False

    @property
    def words(self) -> str:
        """As a page says it."""
        if isinstance(self.value, Money):
            return money(self.value)
        return dmy(self.value) if isinstance(self.value, date) else str("" if self.value is None else self.value)

    @property
    def marked(self) -> str | Markup:
        """The same, marked where it is in another language than the page."""
        return in_vietnamese(self.words) if self.vietnamese else self.words

    @property
    def cell(self) -> Cell:
        """As a spreadsheet holds it."""
        if isinstance(self.value, datetime):
            return day_of(self.value)
        return self.value.amount if isinstance(self.value, Money) else self.value

    @property
    def number(self) -> bool:
        """Whether it stands at the right."""
        return isinstance(self.value, int | Money)


@dataclass(frozen=True)
class Listed:
    """A list: what it is, its columns, its rows, how a row reads."""

    title: str
    said: str
    heads: tuple[str, ...]
    query: Rows
    cells: Callable[[Any], list[Shown]]
    count: Callable[[], int] | None = None  # where it can be told for less than by the query

    def total(self) -> int:
        """How many rows there are in all."""
        return self.count() if self.count else count_rows(self.query)


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    year: int
    indicator: Indicator
    narrowed: Narrowed
    month: int
    kind: ProducerKind | None
    led: str
    effect: EffectKind


def _asked() -> Asked:
    said = request.args
    month = said.get("month", "")
    return Asked(
        year_asked(),
        next((each for each in Indicator if each.value == said.get("indicator")), Indicator.NEW_PRODUCTS),
        Narrowed(said.get("district", "")[:8], said.get("commune", "")[:8], said.get("set", "")[:8]),
        int(month) if month in [str(n) for n in range(1, 13)] else 0,
        next((each for each in ProducerKind if each.value == said.get("kind")), None),
        said["led"] if said.get("led") in LEADERS else "",
        next((each for each in EffectKind if each.value == said.get("effect")), EffectKind.CERTIFICATION),
    )


def listed(what: str, asked: Asked, *, by: Actor, on: date) -> Listed:
    """The list behind a figure."""
    place = home(by)
    said = _said(asked, place)
    if what == "sales":
        return _sales(asked, by, said)
    if what == "effects":
        return _effects(asked, by)
    if what == "lapsing":
        query = lapsing_rows(by=by, on=on, narrowed=asked.narrowed)
        return Listed(_("Giấy hết hạn trong sáu tháng tới"), said, _certificate_heads(), query, _certificate)
    if what == "in_force":
        query = in_force_rows(by=by, on=on, narrowed=asked.narrowed)
        return Listed(_("Sản phẩm có giấy còn hiệu lực"), said, _certificate_heads(), query, _certificate)
    plan = find_plan(asked.year, province_id=place.province.id)
    sets = frozenset(plan.priority_sets) if plan else frozenset()
    said = Markup(" · ").join([_("Năm %(year)d", year=asked.year), *([said] if said else [])])
    if what == "in_review":
        query = review_rows(asked.indicator, asked.year, by=by, priority=sets, narrowed=asked.narrowed)
        title = _("Hồ sơ đang xét: %(name)s", name=INDICATORS[asked.indicator])
        heads = (_("Hồ sơ"), _("Sản phẩm"), _("Nơi làm"), _("Xã, phường"), _("Đợt"), _("Trạng thái"))
        return Listed(title, said, heads, query, _dossier)
    indicator = Indicator(what)
    query = certified_rows(indicator, asked.year, by=by, on=on, priority=sets, narrowed=asked.narrowed)
    heads = (*_certificate_heads(), _("Sao trước đó"))
    return Listed(str(INDICATORS[indicator]), said, heads, query, lambda row: [*_certificate(row[0]), Shown(row[1])])


def _said(asked: Asked, place: Home) -> str:
    """What the list is narrowed to, in words."""
    narrowed = asked.narrowed
    found = [unit_words(unit) for unit in place.districts if unit.code == narrowed.district]
    if narrowed.commune:
        found.append(_("xã, phường mã %(code)s", code=narrowed.commune))
    if narrowed.set_code in {each.code for each in all_sets()}:
        found.append(set_name(narrowed.set_code))
    return Markup(" · ").join(found)


def _certificate_heads() -> tuple[str, ...]:
    return (
        _("Sản phẩm"),
        _("Bộ sản phẩm"),
        _("Nơi làm"),
        _("Xã, phường"),
        _("Sao"),
        _("Cấp ngày"),
        _("Hết hạn"),
        _("Quyết định"),
    )


def _certificate(row: Certificate) -> list[Shown]:
    product, producer = row.product, row.product.producer
    return [
        Shown(product.name, f"/office/certification/products/{product.code}", vietnamese=True),
        Shown(set_name(product.set_code)),
        Shown(producer.name, f"/office/producers/{producer.slug}", vietnamese=True),
        Shown(producer.commune.name, vietnamese=True),
        Shown(row.stars),
        Shown(row.issued_on),
        Shown(row.expires_on),
        Shown(row.decision.number, vietnamese=True),
    ]


def _dossier(row: Dossier) -> list[Shown]:
    return [
        Shown(row.code, f"/office/dossiers/{row.code}"),
        Shown(row.name, vietnamese=True),
        Shown(row.producer.name, f"/office/producers/{row.producer.slug}", vietnamese=True),
        Shown(row.producer.commune.name, vietnamese=True),
        Shown(row.round.code if row.round else ""),
        Shown(str(REVIEWS[row.state])),
    ]


def _sales(asked: Asked, by: Actor, said: str) -> Listed:
    sales = SalesAsked(asked.year, asked.month, asked.narrowed, asked.kind, asked.led)
    query, count = sales_rows(sales, by=by), partial(count_sales_rows, sales, by=by)
    words = [_("Tháng %(month)d/%(year)d", month=asked.month, year=asked.year)] if asked.month else []
    words = words or [_("Năm %(year)d", year=asked.year)]
    words += [said] if said else []
    words += [str(KINDS[asked.kind])] if asked.kind else []
    words += [str(LEADERS[asked.led])] if asked.led else []
    heads = (_("Đơn"), _("Ngày đặt"), _("Sản phẩm"), _("Nơi làm"), _("Xã, phường"), _("Số lượng"), _("Tiền hàng"))
    return Listed(_("Hàng đã tới tay người mua"), Markup(" · ").join(words), heads, query, _line, count)


def _line(row: Any) -> list[Shown]:
    placed_at, order, code, product, producer, slug, commune, quantity, amount = row
    return [
        Shown(order),
        Shown(day_of(placed_at)),
        Shown(product, f"/office/certification/products/{code}", vietnamese=True),
        Shown(producer, f"/office/producers/{slug}", vietnamese=True),
        Shown(commune, vietnamese=True),
        Shown(quantity),
        Shown(amount),
    ]


def _effects(asked: Asked, by: Actor) -> Listed:
    query = effect_rows(asked.effect, by=by, narrowed=asked.narrowed)
    heads = (
        _("Sản phẩm"),
        _("Nơi làm"),
        _("Sao"),
        _("Cấp ngày"),
        _("Số tháng so được"),
        _("Trước, mỗi tháng"),
        _("Sau, mỗi tháng"),
    )
    said = _("Dưới ba tháng so được thì không tính vào trung bình.")
    return Listed(_("Trước và sau: %(what)s", what=EFFECTS[asked.effect]), said, heads, query, _effect)


def _effect(row: Any) -> list[Shown]:
    certificate = row.certificate
    product = certificate.product
    return [
        Shown(product.name, f"/office/certification/products/{product.code}", vietnamese=True),
        Shown(product.producer.name, f"/office/producers/{product.producer.slug}", vietnamese=True),
        Shown(certificate.stars),
        Shown(certificate.issued_on),
        Shown(row.pairs),
        Shown(row.before if row.pairs else None),
        Shown(row.after if row.pairs else None),
    ]


def _single(found: Listed, query: Rows) -> Iterator[list[Shown]]:
    """The rows; a query of one entity gives the entity itself."""
    one = len(query.column_descriptions) == 1
    for row in db.session.execute(query):
        yield found.cells(row[0] if one else row)


@bp.get(f"/<any({WHAT}):what>")
@allow(SEE_PROGRAMME)
def rows(what: str) -> str:
    page = read_page()
    found = listed(what, _asked(), by=current_actor(), on=day_of(now()))
    total = found.total()
    query = found.query.limit(A_PAGE).offset((page - 1) * A_PAGE)
    asked = {name: value for name, value in request.args.items() if name != "page"}
    return render_template(
        "office_desk/programme_rows.html",
        found=found,
        rows=list(_single(found, query)),
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        path=f"{ROWS}{what}",
        asked=urlencode(asked),
    )


@bp.get(f"/<any({WHAT}):what>.<any(xlsx, csv):form>")
@allow(SEE_PROGRAMME)
def table(what: str, form: str) -> Response:
    found = listed(what, _asked(), by=current_actor(), on=day_of(now()))
    cells = ([each.cell for each in row] for row in _single(found, found.query.limit(MOST_TAKEN)))
    answer = xlsx_answer if form == "xlsx" else csv_answer
    made: Response = answer(f"{what.replace('_', '-')}-{year_asked()}", found.heads, cells)
    return made
