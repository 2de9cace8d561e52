"""Writing a demand: new, changed, copied."""

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import func, select

from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.places.queries import find_unit, list_units
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import product_set
from marketplace.trade.demands.models import Criterion, Demand, DemandState
from marketplace.trade.demands.policies import KEEP_OWN_DEMANDS
from marketplace.trade.demands.queries import get_own
from marketplace.trade.demands.rules import known_papers
from marketplace.trade.demands.services.checking import DemandTerms, check_terms
from marketplace.trade.distributors.queries import get_own as get_own_distributor

MOST_DEMANDS = 100
PLAIN = (
    "note least_stars invoice barcode traceability volume_from volume_until price_ceiling order_size transit_days"
    " shelf_life_days shelf_life_left listing_fee discount payment_days consignment exclusive season wanted_from"
    " wanted_until"
)
LISTS = "sets packagings places storages"


class DemandClosed(Conflict):
    """A closed demand stays as it was; a copy of it may be changed."""

    code = "demand_closed"
    message = N_("Nhu cầu này đã đóng nên giữ nguyên. Hãy chép thành một nhu cầu mới.")


class TooManyDemands(Conflict):
    """A distributor keeps at most a hundred demands that are not closed."""

    code = "too_many_demands"
    message = N_("Bạn đang có 100 nhu cầu chưa đóng. Hãy đóng bớt những nhu cầu không còn cần.")


def save_demand(*, terms: DemandTerms, code: str = "", by: Actor, at: datetime) -> Demand:
    """Write what the acting distributor seeks: a new draft, or with `code` another text of an own demand.

    Raises Invalid beside every field that will not do. What is open stays open and changes at once.
    """
    if not KEEP_OWN_DEMANDS.held_by(by):
        raise Forbidden
    distributor = get_own_distributor(by)
    province = _check(terms, day_of(at))
    demand = get_own(code, by=by, hold=True) if code else _new(distributor.id, at)
    if demand.state is DemandState.CLOSED:
        raise DemandClosed
    for name in PLAIN.split():
        setattr(demand, name, getattr(terms, name))
    for name in LISTS.split():
        setattr(demand, name, list(dict.fromkeys(getattr(terms, name))))
    demand.title, demand.note = terms.title, terms.note.strip()
    demand.papers = known_papers(terms.papers)
    demand.insisted = [each.value for each in Criterion if each.value in terms.insisted]
    demand.delivery_province_id = province.id if province else None
    demand.unit = terms.unit or demand.unit  # checked to be said
    demand.folded, demand.changed_at = _folded(terms), at
    db.session.add(demand)
    db.session.flush()
    action = "demand.changed" if code else "demand.written"
    record(by=by, action=action, subject_type="demand", subject=demand.code, at=at, detail={"title": demand.title})
    return demand


def copy_demand(*, code: str, by: Actor, at: datetime) -> Demand:
    """A new draft that says what an own demand says; days that are over are left out."""
    if not KEEP_OWN_DEMANDS.held_by(by):
        raise Forbidden
    old, today = get_own(code, by=by), day_of(at)
    copy = _new(old.distributor_id, at)
    for name in f"{PLAIN} {LISTS} papers insisted unit title folded delivery_province_id".split():
        setattr(copy, name, getattr(old, name))
    copy.wanted_from = max(old.wanted_from, today)
    if copy.wanted_until is not None and copy.wanted_until < copy.wanted_from:
        copy.wanted_until = None
    db.session.add(copy)
    db.session.flush()
    record(by=by, action="demand.copied", subject_type="demand", subject=copy.code, at=at, detail={"of": old.code})
    return copy


def terms_of(demand: Demand) -> DemandTerms:
    """What a demand says, as it would be written."""
    same = {each.name: getattr(demand, each.name) for each in fields(DemandTerms) if hasattr(demand, each.name)}
    for name in f"{LISTS} papers".split():
        same[name] = tuple(same[name])
    province = demand.delivery_province
    same |= {"insisted": frozenset(demand.insisted), "delivery_province_code": province.code if province else ""}
    return DemandTerms(**same)


def _new(distributor_id: int, at: datetime) -> Demand:
    waiting = select(func.count(Demand.id)).where(
        Demand.distributor_id == distributor_id, Demand.state != DemandState.CLOSED
    )
    if (db.session.scalar(waiting) or 0) >= MOST_DEMANDS:
        raise TooManyDemands
    return Demand(
        code=f"NC{random_code(8)}",
        distributor_id=distributor_id,
        state=DemandState.DRAFT,
        created_at=at,
        changed_at=at,
        closed_reason="",
    )


def _check(terms: DemandTerms, today: date) -> AdministrativeUnit | None:
    """The province where goods go; raises Invalid with what the terms, the places and the province lack."""
    wrong: dict[str, str] = {}
    try:
        check_terms(terms, today=today)
    except Invalid as invalid:
        wrong |= invalid.fields
    if terms.places and len(list_units(terms.places)) != len(set(terms.places)):
        wrong["places"] = N_("Có nơi không có trong danh sách.")
    code = terms.delivery_province_code
    province = find_unit(code, Level.PROVINCE) if code else None
    if code and province is None:
        wrong["delivery_province_code"] = N_("Chọn tỉnh trong danh sách.")
    if wrong:
        raise Invalid(wrong)
    return province


def _folded(terms: DemandTerms) -> str:
    sets = [product_set(code) for code in terms.sets]
    names = [name for each in sets for name in (each.short, each.short_en)]
    return " " + fold(nfc(" ".join((terms.title, terms.note, *names))))  # each word begins after a space
