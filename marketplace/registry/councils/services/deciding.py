"""The decision after the council: many certificates at once, and refusals with their reasons, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.words import N_
from marketplace.registry.certification.services import DecisionFacts, certify
from marketplace.registry.councils.models import Sitting, SittingState, TableEntry
from marketplace.registry.councils.queries import get_sitting, list_table
from marketplace.registry.councils.services.seats import may_keep
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.services import certify_dossier, refuse_dossier
from marketplace.registry.rulesets.rules import AuthorityLevel

LEAST_STARS = 3


class NothingToDecide(Conflict):
    """A decision needs a closed sitting and dossiers that were scored and not decided."""

    code = "nothing_to_decide"
    message = N_("Không có hồ sơ nào đã chấm và chờ quyết định trong số đã chọn.")


@dataclass(frozen=True)
class Ruling:
    """What the decision says of one dossier: granted as scored, or refused for a reason."""

    dossier_code: str
    granted: bool
    reason: str = ""
    printed_number: str = ""


def decide(*, sitting_code: str, decision: DecisionFacts, rulings: Sequence[Ruling], by: Actor, at: datetime) -> int:
    """Carry out the decision that follows a sitting; answers how many certificates it grants.

    Stars are those that score and minimum criteria came to, whether above or below the certificate before. A dossier
    below three stars can only be refused; one of five at the province is granted four, with its potential noted.
    A decision of another level (3 stars by districts until July 2025) grants what that level may.
    """
    may_keep(by)
    sitting = get_sitting(sitting_code, by=by, hold=True)
    entries = {entry.dossier.code: entry for entry in list_table(sitting.id)}
    if sitting.state is not SittingState.CLOSED or not rulings or any(r.dossier_code not in entries for r in rulings):
        raise NothingToDecide
    if any(entries[r.dossier_code].dossier.state is not DossierState.SCORED for r in rulings):
        raise NothingToDecide
    _check_day(sitting, decision.issued_on, day_of(at))
    _check(rulings, entries, decision)
    for ruling in rulings:
        entry = entries[ruling.dossier_code]
        if ruling.granted:
            _grant(entry, decision, ruling, by=by, at=at)
        else:
            refuse_dossier(dossier_id=entry.dossier_id, reason=ruling.reason, by=by, at=at)
    return sum(ruling.granted for ruling in rulings)


def _check_day(sitting: Sitting, issued_on: date, today: date) -> None:
    """A decision follows the sitting it rests on: from its day (or the day it was closed, if earlier) until today."""
    assert sitting.closed_at is not None
    if issued_on > today:
        raise Invalid({"issued_on": N_("Ngày ban hành không thể ở tương lai.")})
    if issued_on < min(sitting.held_on, day_of(sitting.closed_at)):
        raise Invalid({"issued_on": N_("Quyết định dựa vào phiên họp này nên ngày ban hành phải từ ngày họp trở đi.")})


def _check(rulings: Sequence[Ruling], entries: dict[str, TableEntry], decision: DecisionFacts) -> None:
    wrong = {}
    for ruling in rulings:
        entry = entries[ruling.dossier_code]
        if ruling.granted and (entry.stars or 0) < LEAST_STARS:
            wrong[ruling.dossier_code] = N_("Dưới 3 sao thì không cấp giấy được; hãy ghi lý do không công nhận.")
        elif ruling.granted and not _may_grant(entry, decision.level):
            wrong[ruling.dossier_code] = N_("Cấp này không có quyền công nhận số sao này vào ngày ban hành.")
        elif not ruling.granted and not ruling.reason.strip():
            wrong[ruling.dossier_code] = N_("Ghi lý do không công nhận.")
    if wrong:
        raise Invalid(wrong)


def _may_grant(entry: TableEntry, level: AuthorityLevel) -> bool:
    return entry.dossier.rules.may_grant(level, entry.stars or 0)


def _grant(entry: TableEntry, decision: DecisionFacts, ruling: Ruling, *, by: Actor, at: datetime) -> None:
    dossier = entry.dossier
    assert dossier.product is not None
    certificate = certify(
        product_code=dossier.product.code,
        decision=decision,
        stars=entry.stars or 0,
        score=entry.average,
        potential_five=entry.potential_five,
        printed_number=ruling.printed_number or None,
        by=by,
        at=at,
    )
    certify_dossier(dossier_id=dossier.id, certificate=certificate, by=by, at=at)
