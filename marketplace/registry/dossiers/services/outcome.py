"""What council and decision came to: called by the council's room, in its block and after its policy."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.registry.certification.models import Certificate
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierPaper, DossierState
from marketplace.registry.dossiers.queries import find_other_open, hold_dossier
from marketplace.registry.dossiers.services.steps import NotNow, move, note_step
from marketplace.registry.rounds.models import EvaluationRound

MOST_STARS = 5


class AnotherOpen(Conflict):
    """A product has one open dossier at a time."""

    code = "another_dossier_open"
    message = N_(
        "Sản phẩm này đang có hồ sơ %(dossier)s chưa xong nên chưa đưa ra chấm lại được; mỗi sản phẩm chỉ có một hồ sơ"
        " đang mở. Khi hồ sơ ấy xong hoặc được rút thì làm lại."
    )


def score_dossier(*, dossier_id: int, score: Decimal, stars: int, by: Actor, at: datetime) -> Dossier:
    """Note the council's average, to two decimals, and the star that it came to; no certificate yet."""
    dossier = hold_dossier(dossier_id)
    dossier.score, dossier.stars = score, stars
    move(dossier, DossierState.SCORED, "scored", by=by, at=at)
    return dossier


def certify_dossier(*, dossier_id: int, certificate: Certificate, by: Actor, at: datetime) -> Dossier:
    """Note the certificate that a decision granted the scored product: there is no other way to be certified."""
    dossier = hold_dossier(dossier_id)
    if certificate.product_id != dossier.product_id:
        raise NotNow
    dossier.certificate_id = certificate.id
    move(dossier, DossierState.CERTIFIED, "certified", by=by, at=at)
    return dossier


def refuse_dossier(*, dossier_id: int, reason: str, by: Actor, at: datetime) -> Dossier:
    """Note that the scored product is not certified, and why; it may be appealed."""
    dossier = hold_dossier(dossier_id)
    if not reason.strip():
        raise Invalid({"reason": N_("Ghi lý do không công nhận.")})
    dossier.refusal_reason = reason.strip()
    move(dossier, DossierState.REFUSED, "refused", by=by, at=at, remark=dossier.refusal_reason)
    return dossier


def reopen_dossier(*, dossier_id: int, row: EvaluationRound, remark: str, by: Actor, at: datetime) -> Dossier:
    """Back to the council's table, in this round: an appeal that was upheld. Another one open: AnotherOpen."""
    dossier = hold_dossier(dossier_id)
    _alone(dossier)
    dossier.round_id, dossier.ruleset_code = row.id, row.ruleset_code
    dossier.score, dossier.stars = None, None
    move(dossier, DossierState.ADMITTED, "reopened", by=by, at=at, remark=remark)
    return dossier


def look_again(*, dossier_id: int, row: EvaluationRound, by: Actor, at: datetime) -> Dossier:
    """A dossier for more stars, made from a certified one whose appeal was upheld, at once on the council's way.

    It is scored in this round. Another dossier of the product open: AnotherOpen.
    """
    before = hold_dossier(dossier_id)
    _alone(before)
    if before.certificate is None or before.certificate.stars == MOST_STARS:
        raise NotNow
    same = (
        "producer_id", "product_id", "name", "name_en", "set_code", "exists_already",
        "idea", "materials", "labour", "market", "samples_promised", "samples_received", "submitted_at",
    )  # fmt: skip
    dossier = Dossier(
        code=f"HS{random_code(8)}",
        kind=DossierKind.UPGRADE,
        state=DossierState.ADMITTED,
        previous_certificate_id=before.certificate_id,
        round_id=row.id,
        ruleset_code=row.ruleset_code,
        wanted_stars=before.certificate.stars + 1,
        created_at=at,
        **{name: getattr(before, name) for name in same},
    )
    db.session.add(dossier)
    db.session.flush()
    rows = select(DossierPaper.requirement, DossierPaper.paper_id).where(DossierPaper.dossier_id == before.id)
    for requirement, paper_id in db.session.execute(rows).all():
        db.session.add(DossierPaper(dossier_id=dossier.id, requirement=requirement, paper_id=paper_id, attached_at=at))
    note_step(dossier, "reopened", by=by, at=at, remark=before.code)
    return dossier


def _alone(dossier: Dossier) -> None:
    other = find_other_open(dossier)
    if other is not None:
        raise AnotherOpen(dossier=other.code)
