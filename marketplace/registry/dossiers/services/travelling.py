"""A dossier's way: the idea's answer, handing in, the first level, the province."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.people.accounts.models import Role
from marketplace.people.papers.services import hand_in
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.services import note_file
from marketplace.registry.certification.services import create_product
from marketplace.registry.dossiers import mails
from marketplace.registry.dossiers.models import Dossier, DossierState, PreAssessment
from marketplace.registry.dossiers.policies import ADMIT_DOSSIERS, FIRST_LEVELS, KEEP_OWN_DOSSIERS, may_assess
from marketplace.registry.dossiers.queries import completeness_of, get_dossier, papers_of
from marketplace.registry.dossiers.services.steps import NotNow, aim, move, note_step, own_dossier
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.queries import get_round

MOST_REMARK = 4000
LACKING = N_("Còn thiếu giấy bắt buộc này.")


class Incomplete(Invalid):
    """A mandatory piece is missing, lapsed or unfinished; `fields` names it by requirement."""

    code = "dossier_incomplete"
    message = N_("Hồ sơ còn thiếu giấy bắt buộc nên chưa nộp được.")


class RoundOver(Conflict):
    """The round takes no dossiers on this day."""

    code = "round_over"
    message = N_("Đợt này không nhận hồ sơ hôm nay: chưa mở, đã quá hạn nộp hoặc đã khép. Hãy chọn đợt khác.")


@dataclass(frozen=True)
class AssessmentFacts:
    """What the first level found. `findings` by topic of the rule set: whether it is met, and in words."""

    held_on: date
    conclusion: str
    findings: Mapping[str, tuple[bool, str]] = field(default_factory=dict)


def send_idea(*, code: str, by: Actor, at: datetime) -> None:
    """Register the idea with the first level, which answers it."""
    dossier = own_dossier(code, by)
    if not dossier.idea:
        raise Invalid({"idea": N_("Kể vài dòng về ý tưởng trước khi gửi.")})
    dossier.remark = ""
    move(dossier, DossierState.IDEA_SENT, "idea_sent", by=by, at=at, told=False)
    mails.waiting(dossier, role=FIRST_LEVELS[dossier.rules.procedure.first_level], at=at)


def answer_idea(*, code: str, accepted: bool, remark: str, by: Actor, at: datetime) -> None:
    """The first level's word on an idea: the dossier may be made, or the idea goes back with a remark."""
    dossier = _assessed(code, by)
    remark = _remark(remark, needed=not accepted)
    dossier.remark = remark
    if accepted:
        aim(dossier, at=at)
        move(dossier, DossierState.PREPARING, "idea_accepted", by=by, at=at, remark=remark)
    elif dossier.state is DossierState.IDEA_SENT:
        move(dossier, DossierState.IDEA, "idea_returned", by=by, at=at, remark=remark)
    else:
        raise NotNow


def hand_in_dossier(*, code: str, round_code: str, by: Actor, at: datetime) -> None:
    """Hand a complete dossier in to a round that takes it today; its papers stay as they are from now on.

    Until the round's first deadline, or, when it was returned to be mended, until the province's.
    """
    dossier = own_dossier(code, by)
    row = get_round(round_code)
    today = day_of(at)
    mended = dossier.state is DossierState.RETURNED and dossier.round_id == row.id
    if not (row.takes_mended(today) if mended else row.takes_new(today)):
        raise RoundOver
    _put_into(dossier, row)
    lacking = completeness_of(dossier, on=today).lacking
    if lacking:
        raise Incomplete({item.requirement.code: LACKING for item in lacking})
    for papers in papers_of(dossier.id).values():
        for paper in papers:
            hand_in(paper=paper, at=at)
    dossier.submitted_at, dossier.remark = at, ""
    move(dossier, DossierState.SUBMITTED, "handed_in", by=by, at=at)
    mails.waiting(dossier, role=FIRST_LEVELS[row.rules.procedure.first_level], at=at)


def return_dossier(*, code: str, remark: str, by: Actor, at: datetime) -> None:
    """Give a dossier back to be mended, saying what; the first level what it has, the province at every step."""
    dossier = _assessed(code, by)
    if dossier.state is not DossierState.SUBMITTED and not ADMIT_DOSSIERS.held_by(by):
        raise NotNow
    dossier.remark = _remark(remark, needed=True)
    move(dossier, DossierState.RETURNED, "returned", by=by, at=at, remark=dossier.remark)


def assess_dossier(
    *, code: str, facts: AssessmentFacts, by: Actor, at: datetime, report: Document | None = None
) -> PreAssessment:
    """Write the first level's assessment down and pass the dossier on to the province.

    `report`, the signed one as a file that lies in the store already, is kept with it.
    """
    dossier = _assessed(code, by)
    _check_assessment(dossier, facts, day_of(at))
    row = PreAssessment(
        dossier_id=dossier.id,
        held_on=facts.held_on,
        findings={topic: {"met": met, "text": said.strip()} for topic, (met, said) in facts.findings.items()},
        conclusion=facts.conclusion.strip(),
        report_id=note_file(report, by=by, at=at).id if report else None,
        assessed_at=at,
        assessed_by=by.name,
    )
    db.session.add(row)
    move(dossier, DossierState.FORWARDED, "forwarded", by=by, at=at)
    mails.waiting(dossier, role=Role.PROVINCE_OFFICER, at=at)
    return row


def admit_dossier(*, code: str, by: Actor, at: datetime) -> None:
    """The province has found it complete: the council scores it. A new product enters the register."""
    if not ADMIT_DOSSIERS.held_by(by):
        raise Forbidden
    dossier = get_dossier(code, by=by, hold=True)
    if dossier.state is not DossierState.FORWARDED:
        raise NotNow
    if dossier.product_id is None:
        product = create_product(
            producer_id=dossier.producer_id,
            name=dossier.name,
            name_en=dossier.name_en,
            set_code=dossier.set_code,
            by=by,
            at=at,
        )
        dossier.product_id = product.id
    move(dossier, DossierState.ADMITTED, "admitted", by=by, at=at)


def receive_samples(*, code: str, units: int, by: Actor, at: datetime) -> None:
    """Note how many units of the product have arrived as samples, in all."""
    dossier = _assessed(code, by)
    if dossier.state not in (DossierState.SUBMITTED, DossierState.FORWARDED, DossierState.ADMITTED):
        raise NotNow
    if not 0 <= units <= 1000:
        raise Invalid({"units": N_("Số mẫu từ 0 đến 1.000.")})
    dossier.samples_received = units
    note_step(dossier, "samples_received", by=by, at=at, remark=str(units))


def withdraw_dossier(*, code: str, by: Actor, at: datetime) -> None:
    """The producer gives a dossier up before the council scores it."""
    if not KEEP_OWN_DOSSIERS.held_by(by):
        raise Forbidden
    move(get_dossier(code, by=by, hold=True), DossierState.WITHDRAWN, "withdrawn", by=by, at=at, told=False)


def _assessed(code: str, by: Actor) -> Dossier:
    dossier = get_dossier(code, by=by, hold=True)
    if not may_assess(by, dossier.rules.procedure.first_level):
        raise Forbidden
    return dossier


def _put_into(dossier: Dossier, row: EvaluationRound) -> None:
    dossier.round_id, dossier.ruleset_code = row.id, row.ruleset_code
    db.session.flush()
    db.session.refresh(dossier, ["round"])


def _remark(remark: str, *, needed: bool) -> str:
    remark = remark.strip()
    if (needed and not remark) or len(remark) > MOST_REMARK:
        raise Invalid({"remark": N_("Ghi điều cần sửa, nhiều nhất 4.000 ký tự.")})
    return remark


def _check_assessment(dossier: Dossier, facts: AssessmentFacts, today: date) -> None:
    wrong = {}
    if facts.held_on > today:
        wrong["held_on"] = N_("Ngày họp không thể ở tương lai.")
    if not facts.conclusion.strip():
        wrong["conclusion"] = N_("Ghi kết luận của cuộc họp.")
    for topic in dossier.rules.procedure.pre_assessment:
        if not facts.findings.get(topic.code, (False, ""))[1].strip():
            wrong[topic.code] = N_("Ghi nhận xét về mục này.")
    if wrong:
        raise Invalid(wrong)
