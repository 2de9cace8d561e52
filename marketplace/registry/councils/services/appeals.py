"""Appeals: a producer objects to an outcome, the office answers; upheld, the dossier is scored once more."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from marketplace.people.producers.queries import people_of
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.mail.services import post
from marketplace.platform.web.letters import compose
from marketplace.registry.councils.models import Appeal, AppealState
from marketplace.registry.councils.policies import APPEAL
from marketplace.registry.councils.queries import ScoringAgain, get_appeal, list_appeals_of, scoring_again
from marketplace.registry.councils.services.seats import may_keep
from marketplace.registry.dossiers.models import Dossier, DossierState, DossierStep
from marketplace.registry.dossiers.queries import get_dossier, hold_dossier
from marketplace.registry.dossiers.services import look_again, reopen_dossier
from marketplace.registry.dossiers.services.steps import note_step

APPEAL_DAYS = 90  # Luật Khiếu nại 02/2011/QH13, art. 9: ninety days from learning of the decision
LONGEST = 6000


class NotAppealable(Conflict):
    """Only an outcome is appealed, within ninety days."""

    code = "not_appealable"
    message = N_("Chỉ khiếu nại được kết quả đã có quyết định, trong 90 ngày.")


class AlreadyAppealed(Conflict):
    """One appeal at a time."""

    code = "already_appealed"
    message = N_("Hồ sơ này đang có khiếu nại chờ trả lời.")


class NoRoundOpen(Conflict):
    """A closed round is not opened again, and none that follows it is there."""

    code = "no_round_open"
    message = N_("Đợt của hồ sơ này đã khép và chưa có đợt nào khác đang mở. Mở đợt mới rồi chấp nhận khiếu nại.")


class AppealAnswered(Conflict):
    """An appeal is answered once."""

    code = "appeal_answered"
    message = N_("Khiếu nại này đã được trả lời.")


def make_appeal(*, dossier_code: str, words: str, by: Actor, at: datetime) -> Appeal:
    """Object to the outcome of an own dossier: refused, or certified with fewer stars than hoped for."""
    if not APPEAL.held_by(by):
        raise Forbidden
    dossier = get_dossier(dossier_code, by=by, hold=True)
    if not appealable(dossier, at):
        raise NotAppealable
    if not words.strip() or len(words) > LONGEST:
        raise Invalid({"words": N_("Viết vì sao bạn không đồng ý, nhiều nhất 6.000 ký tự.")})
    if any(appeal.state is AppealState.OPEN for appeal in list_appeals_of(dossier.id)):
        raise AlreadyAppealed
    appeal = Appeal(
        code=f"KN{random_code(8)}",
        dossier_id=dossier.id,
        words=words.strip(),
        state=AppealState.OPEN,
        made_at=at,
        made_by=by.name,
    )
    db.session.add(appeal)
    note_step(dossier, "appealed", by=by, at=at, remark=appeal.words)
    db.session.flush()
    return appeal


def appealable(dossier: Dossier, at: datetime) -> bool:
    """Whether the outcome may still be appealed on this day."""
    if dossier.state not in (DossierState.REFUSED, DossierState.CERTIFIED):
        return False
    decided = db.session.scalar(
        select(func.max(DossierStep.at)).where(
            DossierStep.dossier_id == dossier.id, DossierStep.verb.in_(("refused", "certified"))
        )
    )
    return decided is not None and at <= decided + timedelta(days=APPEAL_DAYS)


def answer_appeal(*, code: str, upheld: bool, answer: str, by: Actor, at: datetime) -> ScoringAgain | None:
    """The office's answer, with its reason. Upheld, the council scores again: the refused dossier itself, or, where a
    certificate was granted, which stands until another decision, a dossier for more stars made from it. It does so in
    the dossier's round, or in the next one open. Answers where; None where the appeal was dismissed.
    """
    may_keep(by)
    appeal = get_appeal(code, by=by, hold=True)
    if not answer.strip() or len(answer) > LONGEST:
        raise Invalid({"answer": N_("Ghi câu trả lời và lý do, nhiều nhất 6.000 ký tự.")})
    _still_open(appeal)
    appeal.state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    appeal.answer, appeal.answered_at, appeal.answered_by = answer.strip(), at, by.name
    dossier = hold_dossier(appeal.dossier_id)
    again = _score_again(dossier, appeal.answer, by=by, at=at) if upheld else None
    for user in people_of(dossier.producer_id):
        letter = compose("appeal-answered", user.language, appeal=appeal, dossier=dossier, again=again)
        post(key=f"appeal-answered:{appeal.code}:{user.code}", to=user.email, letter=letter, at=at)
    detail = {"upheld": upheld} | ({"round": again.round.code} if again and again.round else {})
    record(by=by, action="appeal.answered", subject_type="appeal", subject=code, at=at, detail=detail)
    return again


def _score_again(dossier: Dossier, remark: str, *, by: Actor, at: datetime) -> ScoringAgain:
    again = scoring_again(dossier, by=by, on=day_of(at))
    if again.round is None:
        raise NoRoundOpen
    if dossier.state is DossierState.REFUSED:
        reopen_dossier(dossier_id=dossier.id, row=again.round, remark=remark, by=by, at=at)
    else:
        look_again(dossier_id=dossier.id, row=again.round, by=by, at=at)
    return again


def _still_open(appeal: Appeal) -> None:
    if appeal.state is not AppealState.OPEN:
        raise AppealAnswered
