"""The register of certificates: narrowed, counted, taken away as a table."""

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from marketplace.people.places.queries import list_communes
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.language import language
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.registry.certification.policies import KEEP_REGISTER, SEE_REGISTER
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.certification.register import (
    STANDINGS,
    Asked,
    Entry,
    count_by_standing,
    count_register,
    list_register,
)

bp = Blueprint("office_register", __name__, url_prefix="/office/certification")
A_PAGE = 40


def _asked() -> Asked:
    """What the address asks for; what is none of the choices asks for nothing."""
    typed = request.args
    standing, stars = typed.get("standing", ""), typed.get("stars", "")
    return Asked(
        words=typed.get("q", "").strip()[:200],
        standing=standing if standing in STANDINGS else "",
        stars=int(stars) if stars in ("3", "4", "5") else None,
        set_code=typed.get("set", ""),
        commune=typed.get("commune", ""),
    )


def _query(asked: Asked) -> str:
    """The address's part that asks the same again."""
    said = {
        "q": asked.words,
        "standing": asked.standing,
        "stars": asked.stars or "",
        "set": asked.set_code,
        "commune": asked.commune,
    }
    return urlencode({name: value for name, value in said.items() if value})


@bp.get("")
@allow(SEE_REGISTER)
def everything() -> str:
    by, day, asked, page = current_actor(), day_of(now()), _asked(), read_page()
    total = count_register(by=by, on=day, asked=asked)
    return render_template(
        "office_desk/register.html",
        entries=list_register(by=by, on=day, asked=asked, page=page, per_page=A_PAGE),
        asked=asked,
        query=_query(asked),
        counts=count_by_standing(by=by, on=day),
        sets=all_sets(),
        communes=list_communes(current_app.config["SETTINGS"].province_code),
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        may_keep=KEEP_REGISTER.held_by(by),
    )


@bp.get("/export.<any(csv, xlsx):form>")
@allow(SEE_REGISTER)
def export(form: str) -> Response:
    """The rows that the list shows under the same filters, all of them."""
    day = day_of(now())
    entries = list_register(by=current_actor(), on=day, asked=_asked(), per_page=None)
    answer = {"csv": csv_answer, "xlsx": xlsx_answer}[form]
    return answer(f"register-{day.isoformat()}", _header(), _rows(entries))


def _header() -> list[str]:
    return [
        _("Mã sản phẩm"),
        _("Sản phẩm"),
        _("Nơi làm"),
        _("Xã, phường"),
        _("Bộ"),
        _("Sao"),
        _("Hôm nay"),
        _("Mã tra cứu"),
        _("Số in trên giấy"),
        _("Số quyết định"),
        _("Cơ quan ban hành"),
        _("Ngày cấp"),
        _("Hết hạn"),
        _("Bộ khi cấp"),
    ]


def _rows(entries: list[Entry]) -> Iterator[list[Cell]]:
    words = {
        "in_force": _("còn hiệu lực"),
        "lapsed": _("đã hết hạn"),
        "revoked": _("đã thu hồi"),
        "none": _("chưa có"),
    }
    for entry in entries:
        product, c = entry.product, entry.certificate
        producer = product.producer
        row: list[Cell] = [product.code, product.name, producer.name, producer.commune.name, product.set_code]
        if c is not None:
            granted = c.granted_as.name_en if language() == "en" else c.granted_as.name
            decision = c.decision
            row += [c.stars, words[entry.standing], c.code, c.printed_number, decision.number, decision.authority]
            row += [c.issued_on, c.expires_on, granted]
        else:
            row += [None, words[entry.standing]]
        yield row
