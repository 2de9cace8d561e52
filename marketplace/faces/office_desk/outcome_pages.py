"""The office reads what came of matchmaking in a year, against its targets, and takes the table away."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import InputRequired, Length

from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.faces.storefront.deal_forms import LONGEST
from marketplace.faces.storefront.deal_words import STAGE_NAMES
from marketplace.faces.storefront.trade_words import set_name
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import Form, LineField, told_on
from marketplace.platform.web.spreadsheets import Cell, xlsx_answer
from marketplace.trade.deals.rules import WAY
from marketplace.trade.outcomes.policies import SEE_OUTCOMES
from marketplace.trade.outcomes.queries import YearOutcome, list_years, outcome_of_year
from marketplace.trade.outcomes.services import set_target

bp = Blueprint("office_outcomes", __name__, url_prefix="/office/matchmaking/outcomes")
NUMBER = [InputRequired(_l("Nhập một số."))]


class TargetForm(Form):
    """A year's targets."""

    meetings = IntegerField(_l("Cuộc gặp"), validators=NUMBER)
    producers = IntegerField(_l("Nơi làm được gặp"), validators=NUMBER)
    contracts = IntegerField(_l("Hợp đồng"), validators=NUMBER)
    contract_value = LineField(
        _l("Giá trị hợp đồng, đồng"), validators=[InputRequired(_l("Nhập số tiền.")), Length(max=20)]
    )

    def value(self) -> Money:
        """The amount as people type it, 95.000; below nothing what cannot be read, so that the service refuses it."""
        digits = ungroup(self.contract_value.data or "")
        return Money(int(digits) if digits and len(digits) <= LONGEST else -1)


@bp.route("", methods=["GET", "POST"])
@allow(SEE_OUTCOMES)
def outcomes() -> Any:
    found = outcome_of_year(_year(), on=day_of(now()))
    form = TargetForm(data=_said(found))
    if form.validate_on_submit():
        with told_on(form), transaction():
            set_target(
                year=found.year,
                meetings=form.meetings.data,
                producers=form.producers.data,
                contracts=form.contracts.data,
                contract_value=form.value(),
                by=current_actor(),
                at=now(),
            )
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("office_outcomes.outcomes", year=found.year))
    page = render_template(
        "office_desk/outcomes.html",
        outcome=found,
        years=list_years(on=day_of(now())),
        form=form,
        stages=[(_(STAGE_NAMES[stage]), found.came_to(stage)) for stage in WAY],
        **campaign_words(),
    )
    return page, 422 if form.errors else 200


@bp.get("/deals.xlsx")
@allow(SEE_OUTCOMES)
def download() -> Response:
    found = outcome_of_year(_year(), on=day_of(now()))
    header = [_("Mã"), _("Mở ngày"), _("Nơi phân phối"), _("Nơi làm"), _("Xã, phường"), _("Bộ sản phẩm")]
    header += [_("Đi tới"), _("Ghi nhớ, đồng"), _("Hợp đồng, đồng"), _("Đã giao, đồng")]
    answer: Response = xlsx_answer(f"ket-noi-{found.year}", header, _rows(found))
    return answer


def _rows(outcome: YearOutcome) -> Iterator[list[Cell]]:
    for row in outcome.rows:
        deal, values = row.deal, row.values
        yield [
            deal.code,
            day_of(deal.opened_at),
            deal.distributor.organisation.name,
            deal.producer.name,
            deal.producer.commune.name,
            set_name(row.set_code) if row.set_code else "",
            _(STAGE_NAMES[row.reached]),
            values.memoranda.amount,
            values.contracts.amount,
            values.delivered.amount,
        ]


def _year() -> int:
    asked = request.args.get("year", "")
    known = re.fullmatch("[0-9]{4}", asked) is not None and 2019 <= int(asked) <= 2100
    return int(asked) if known else day_of(now()).year


def _said(outcome: YearOutcome) -> dict[str, Any]:
    target = outcome.target
    if target is None:
        return {}
    value = target.contract_value.amount
    return {
        "meetings": target.meetings,
        "producers": target.producers,
        "contracts": target.contracts,
        "contract_value": f"{value:,}".replace(",", "."),
    }
