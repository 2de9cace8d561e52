"""The producer's part: the idea, the papers, the samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.people.papers.models import Paper
from marketplace.people.papers.queries import get_paper, usable_papers
from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.rules import Standing, standing
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierPaper, DossierState
from marketplace.registry.dossiers.policies import KEEP_OWN_DOSSIERS
from marketplace.registry.dossiers.queries import get_dossier, list_renewable, papers_of
from marketplace.registry.dossiers.services.steps import aim, note_step, own_dossier
from marketplace.registry.rulesets.queries import ruleset_on

MOST_OPEN = 50
LONGEST = 6000
TEXTS = ("idea", "materials", "labour", "market")


class Unfitting(Conflict):
    """This product cannot have a dossier of this kind now."""

    code = "dossier_unfitting"
    message = N_("Sản phẩm này chưa làm được hồ sơ loại ấy: đã có hồ sơ đang làm, hoặc giấy không còn hiệu lực.")


@dataclass(frozen=True)
class IdeaFacts:
    """What the producer says of its product: the registration form's matter (forms 01 and 02)."""

    name: str
    set_code: str
    name_en: str = ""
    exists_already: bool = False
    idea: str = ""
    materials: str = ""
    labour: str = ""
    market: str = ""
    wanted_stars: int = 3


def start_idea(*, facts: IdeaFacts, by: Actor, at: datetime) -> Dossier:
    """Begin with a product idea of the acting producer."""
    if not KEEP_OWN_DOSSIERS.held_by(by):
        raise Forbidden
    dossier = _new(DossierKind.NEW, DossierState.IDEA, by=by, at=at)
    _write(dossier, facts)
    return _begin(dossier, by=by, at=at)


def start_from_certificate(*, product_code: str, kind: DossierKind, by: Actor, at: datetime) -> Dossier:
    """Begin the renewal or upgrade of an own product with what is known: its name, its texts, the vault's papers.

    An upgrade needs a certificate in force below five stars; a renewal any certificate, lapsed ones too.
    """
    if not KEEP_OWN_DOSSIERS.held_by(by):
        raise Forbidden
    if kind is DossierKind.NEW:
        raise Unfitting
    today = day_of(at)
    found = next((each for each in list_renewable(by=by, on=today) if each.product.code == product_code), None)
    if found is None:
        raise Unfitting
    certificate = found.certificate
    if kind is DossierKind.UPGRADE and (
        standing(certificate, [certificate], today) is not Standing.IN_FORCE or certificate.stars == 5
    ):
        raise Unfitting
    dossier = _new(kind, DossierState.PREPARING, by=by, at=at)
    dossier.product_id, dossier.previous_certificate_id = found.product.id, certificate.id
    dossier.exists_already = True
    dossier.name, dossier.name_en, dossier.set_code = found.product.name, found.product.name_en, found.product.set_code
    dossier.wanted_stars = certificate.stars + (kind is DossierKind.UPGRADE)
    _take_over(dossier)
    aim(dossier, at=at)
    _begin(dossier, by=by, at=at)
    _fill(dossier, at)
    return dossier


def save_idea(*, code: str, facts: IdeaFacts, by: Actor, at: datetime) -> Dossier:
    """Change what the producer says of its product, while the dossier is in its hands."""
    dossier = own_dossier(code, by)
    if dossier.product_id is not None and facts.set_code != dossier.set_code:
        raise Invalid({"set_code": N_("Sản phẩm đã có trong sổ nên giữ nguyên bộ.")})
    _write(dossier, facts)
    note_step(dossier, "written", by=by, at=at)
    return dossier


def attach_paper(*, code: str, requirement: str, paper_code: str, by: Actor, at: datetime) -> None:
    """Have a paper of the own vault answer a requirement. Twice is once."""
    dossier = own_dossier(code, by)
    paper = get_paper(paper_code, by=by)
    asked = next((r for r in dossier.rules.procedure.requirements if r.code == requirement and not r.samples), None)
    if asked is None or paper.producer_id != dossier.producer_id:
        raise NotFound
    if db.session.get(DossierPaper, (dossier.id, requirement, paper.id)) is None:
        _attach(dossier, requirement, paper, at)
        _trace(dossier, "paper_attached", {requirement: paper.code}, by=by, at=at)


def detach_paper(*, code: str, requirement: str, paper_code: str, by: Actor, at: datetime) -> None:
    """Take a paper out of the dossier; in the vault it stays."""
    dossier = own_dossier(code, by)
    paper = get_paper(paper_code, by=by)
    row = db.session.get(DossierPaper, (dossier.id, requirement, paper.id))
    if row is None:
        raise NotFound
    db.session.delete(row)
    _trace(dossier, "paper_detached", {requirement: paper.code}, by=by, at=at)


def fill_from_vault(*, code: str, by: Actor, at: datetime) -> int:
    """Answer every requirement still open with the vault's best paper of its kind; answers how many were found."""
    dossier = own_dossier(code, by)
    found = _fill(dossier, at)
    if found:
        _trace(dossier, "filled", {"papers": found}, by=by, at=at)
    return found


def promise_samples(*, code: str, units: int, by: Actor, at: datetime) -> None:
    """Say how many units of the product are ready as samples."""
    dossier = own_dossier(code, by)
    if not 0 <= units <= 1000:
        raise Invalid({"samples": N_("Số mẫu từ 0 đến 1.000.")})
    dossier.samples_promised = units
    _trace(dossier, "samples_promised", {"units": units}, by=by, at=at)


def _new(kind: DossierKind, state: DossierState, *, by: Actor, at: datetime) -> Dossier:
    producer = get_own(by)
    return Dossier(
        code=f"HS{random_code(8)}",
        producer_id=producer.id,
        kind=kind,
        state=state,
        ruleset_code=ruleset_on(day_of(at)).code,
        created_at=at,
    )


def _begin(dossier: Dossier, *, by: Actor, at: datetime) -> Dossier:
    open_ones = select(Dossier.id).where(
        Dossier.producer_id == dossier.producer_id, Dossier.state.in_((DossierState.IDEA, DossierState.PREPARING))
    )
    if len(db.session.scalars(open_ones.limit(MOST_OPEN)).all()) >= MOST_OPEN:
        raise Unfitting
    db.session.add(dossier)
    db.session.flush()
    note_step(dossier, "started", by=by, at=at)
    return get_dossier(dossier.code, by=by)


def _take_over(dossier: Dossier) -> None:
    """What the product's last dossier said, where there is one."""
    last = db.session.scalar(
        select(Dossier)
        .where(Dossier.product_id == dossier.product_id, Dossier.state == DossierState.CERTIFIED)
        .order_by(Dossier.id.desc())
        .limit(1)
    )
    for name in TEXTS:
        setattr(dossier, name, getattr(last, name) if last else "")


def _fill(dossier: Dossier, at: datetime) -> int:
    there = papers_of(dossier.id)
    opened = {
        r.code: r.paper_kinds
        for r in dossier.rules.procedure.requirements
        if not any(p.usable and not p.lapsed(day_of(at)) for p in there.get(r.code, ()))
    }
    kinds = {kind for asked in opened.values() for kind in asked}
    best: Mapping[str, Paper] = usable_papers(dossier.producer_id, kinds=kinds, on=day_of(at))
    found = [(code, best[kind]) for code, asked in opened.items() for kind in asked if kind in best]
    for code, paper in found:
        _attach(dossier, code, paper, at)
    return len(found)


def _attach(dossier: Dossier, requirement: str, paper: Paper, at: datetime) -> None:
    db.session.add(DossierPaper(dossier_id=dossier.id, requirement=requirement, paper_id=paper.id, attached_at=at))


def _trace(dossier: Dossier, verb: str, detail: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """In the trail only: a step of the dossier's own story is more than a paper put in or out."""
    record(by=by, action=f"dossier.{verb}", subject_type="dossier", subject=dossier.code, at=at, detail=detail)


def _write(dossier: Dossier, facts: IdeaFacts) -> None:
    wrong = {}
    if not nfc(facts.name):
        wrong["name"] = N_("Nhập tên sản phẩm")
    if not 3 <= facts.wanted_stars <= 5:
        wrong["wanted_stars"] = N_("Chọn số sao muốn đạt.")
    wrong |= {
        name: N_("Viết ngắn hơn: nhiều nhất 6.000 ký tự.") for name in TEXTS if len(getattr(facts, name)) > LONGEST
    }
    if wrong:
        raise Invalid(wrong)
    dossier.set_code = product_set(facts.set_code).code
    dossier.name, dossier.name_en = nfc(facts.name), nfc(facts.name_en)
    dossier.exists_already, dossier.wanted_stars = facts.exists_already, facts.wanted_stars
    for name in TEXTS:
        setattr(dossier, name, getattr(facts, name).strip())
