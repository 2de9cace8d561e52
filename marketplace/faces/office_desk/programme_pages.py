"""The office reads how the year stands, and the province writes its plan."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.plan_forms import aims_in, aims_said, differing, heads_in
from marketplace.faces.office_desk.programme_map import drawn
from marketplace.faces.office_desk.programme_words import bars_of, home, lapse_month_words, programme_words
from marketplace.faces.storefront.trade_words import set_name
from marketplace.office.programme.models import FIRST_YEAR, LAST_YEAR, Indicator
from marketplace.office.programme.policies import KEEP_PLAN, SEE_PROGRAMME
from marketplace.office.programme.queries import Home, find_plan, list_plan_years, progress_of
from marketplace.office.programme.register import LAPSE_DAYS, by_month, count_in_force, places_of
from marketplace.office.programme.rules import growth, month_number, month_of, urgency
from marketplace.office.programme.sales import NOTHING, as_of, effects_of, sales_of, women_and_minority
from marketplace.office.programme.services import PlanFacts, write_plan
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import together, whole_number
from marketplace.platform.web.templates import money, my
from marketplace.platform.web.verbs import perform
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.certification.queries import list_lapsing

bp = Blueprint("office_programme", __name__, url_prefix="/office/programme")
FIRST_LAPSING = 6


def year_asked() -> int:
    """The year that the address asks for; this one where it says none."""
    asked = request.values.get("year", "")
    known = re.fullmatch("[0-9]{4}", asked) is not None and FIRST_YEAR <= int(asked) <= LAST_YEAR
    return int(asked) if known else day_of(now()).year


@bp.get("")
@allow(SEE_PROGRAMME)
def programme() -> str:
    by, on, year = current_actor(), day_of(now()), year_asked()
    place = home(by)
    found = progress_of(year, by=by, home=place, on=on, with_last=True)
    standing = count_in_force(by=by, on=on)
    places = places_of(standing.by_commune, by=by, province_id=place.province.id)
    return render_template(
        "office_desk/programme.html",
        found=found,
        years=list_plan_years(province_id=place.province.id, on=on),
        bars=bars_of(found.own),
        behind=sorted((row for row in found.own.rows if row.behind), key=urgency),
        places=places,
        drawing=drawn(places),
        lapsing=_lapsing(standing.lapsing_by_day, on),
        may_plan=KEEP_PLAN.held_by(by),
        today=on,
        **_sales(year, on, place),
        **programme_words(),
    )


def _lapsing(days: Mapping[date, int], on: date) -> dict[str, Any]:
    """The months up to the last day looked at: how many end in each, and the first of them."""
    months, last = by_month(days), on + timedelta(days=LAPSE_DAYS)
    every = [month_of(number) for number in range(month_number(on), month_number(last) + 1)]
    return {
        "total": sum(days.values()),
        "months": [
            {"label": lapse_month_words(day, on), "done": months.get(day, 0), "more": 0, "goal": None} for day in every
        ],
        "first": list_lapsing(days, by=current_actor(), on=on, limit=FIRST_LAPSING),
    }


def _sales(year: int, on: date, place: Home) -> dict[str, Any]:
    """What sells: the year's sums told apart, its months, and what came after certification and upgrade."""
    by = current_actor()
    sales = sales_of(year, by=by, on=on)
    names = {str(unit.id): (unit.code, unit.name) for unit in place.districts}
    ordered = {name: sorted(keys.items(), key=lambda each: -each[1].amount.amount) for name, keys in sales.by.items()}
    last = on.month if year == on.year else 12
    months = [date(year, n, 1) for n in range(1, last + 1)]
    return {
        "sales": sales,
        "sales_by": ordered | {"led": list(women_and_minority(sales.by["led"]).items())},
        "district_names": names,
        "set_name": set_name,
        "growth": growth,
        "columns_of_year": [
            {"label": _month_words(day, on), "value": amount.amount, "shown": money(amount)}
            for day in months
            for amount in (sales.months.get(day, NOTHING),)
        ],
        "as_of": as_of(),
        "effects": effects_of(by=by),
    }


def _month_words(day: date, on: date) -> str:
    return str(_("%(month)s, chưa hết tháng", month=my(day))) if day == on.replace(day=1) else my(day)


@bp.get("/plan")
@allow(KEEP_PLAN)
def plan() -> str:
    return _plan({})


def _plan(errors: dict[str, str], *, moved: bool = False) -> str:
    """The plan's page with what was typed; `moved`: the plan is another now, and what it says stands beside."""
    year, place = year_asked(), home(current_actor())
    found = find_plan(year, province_id=place.province.id)
    units = (place.province, *place.districts)
    unit = next((each for each in units if each.code == request.values.get("unit")), place.province)
    return render_template(
        "office_desk/programme_plan.html",
        year=year,
        plan=found,
        units=units,
        unit=unit,
        province=place.province,
        years=list_plan_years(province_id=place.province.id, on=date(day_of(now()).year + 1, 1, 1)),
        said=aims_said(found, unit, request.form),
        heads=heads_in(found, request.form) | ({"seen": str(found.version if found else 0)} if moved else {}),
        there=differing(found, unit, request.form) if moved else {},
        all_indicators=list(Indicator),
        sets=[(each.code, set_name(each.code)) for each in all_sets()],
        errors=errors,
        **programme_words(),
    )


@bp.post("/plan")
@allow(KEEP_PLAN)
def keep_plan() -> Any:
    year, form = year_asked(), request.form
    aims, decided_on, unread = aims_in(form)
    sets = form.getlist("priority_sets") if form.get("with_sets") else None
    facts = PlanFacts(form.get("decision_number", ""), decided_on, form.get("unit", ""), aims, sets)
    seen = whole_number(form.get("seen", ""))

    def act() -> None:
        with together(unread):
            write_plan(
                year=year,
                facts=facts,
                seen=-1 if seen is None else seen,
                province_code=home(current_actor()).province.code,
                by=current_actor(),
                at=now(),
            )

    done = perform(act, _("Đã lưu kế hoạch."))
    if done.made:
        return redirect(url_for("office_programme.plan", year=year, unit=facts.unit_code))
    return (_plan(done.errors), 422) if done.errors else (_plan({}, moved=True), 409)
