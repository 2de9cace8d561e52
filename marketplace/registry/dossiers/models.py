"""Dossiers, the papers they hold, the steps they took, and the first level's assessment."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.folding import fold
from marketplace.platform.core.types import choice, folded_name
from marketplace.platform.media.models import KeptFile
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.product_sets import ProductSet, product_set
from marketplace.registry.dossiers.rules import Late, late
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rulesets.queries import ruleset
from marketplace.registry.rulesets.rules import RuleSet


class DossierKind(StrEnum):
    """Why it is made: a product not certified before, more stars, or the same product after its certificate."""

    NEW = "new"
    UPGRADE = "upgrade"
    RENEWAL = "renewal"


class DossierState(StrEnum):
    IDEA = "idea"  # the producer is writing its idea
    IDEA_SENT = "idea_sent"
    PREPARING = "preparing"  # papers are gathered
    SUBMITTED = "submitted"  # at the first level
    RETURNED = "returned"  # to be mended, with remarks
    FORWARDED = "forwarded"  # assessed by the first level, at the province
    ADMITTED = "admitted"  # complete: the council scores it
    SCORED = "scored"
    CERTIFIED = "certified"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[DossierState, frozenset[DossierState]] = {
    DossierState.IDEA: frozenset({DossierState.IDEA_SENT, DossierState.WITHDRAWN}),
    DossierState.IDEA_SENT: frozenset({DossierState.IDEA, DossierState.PREPARING, DossierState.WITHDRAWN}),
    DossierState.PREPARING: frozenset({DossierState.SUBMITTED, DossierState.WITHDRAWN}),
    DossierState.SUBMITTED: frozenset({DossierState.RETURNED, DossierState.FORWARDED, DossierState.WITHDRAWN}),
    DossierState.RETURNED: frozenset({DossierState.SUBMITTED, DossierState.WITHDRAWN}),
    DossierState.FORWARDED: frozenset({DossierState.RETURNED, DossierState.ADMITTED, DossierState.WITHDRAWN}),
    DossierState.ADMITTED: frozenset({DossierState.RETURNED, DossierState.SCORED, DossierState.WITHDRAWN}),
    DossierState.SCORED: frozenset({DossierState.ADMITTED, DossierState.CERTIFIED, DossierState.REFUSED}),
    DossierState.CERTIFIED: frozenset(),
    DossierState.REFUSED: frozenset({DossierState.ADMITTED}),  # an appeal that was upheld: scored once more
    DossierState.WITHDRAWN: frozenset(),
}
ENDED = frozenset({DossierState.CERTIFIED, DossierState.REFUSED, DossierState.WITHDRAWN})
OPEN = frozenset(DossierState) - ENDED
WITH_PRODUCER = frozenset({DossierState.IDEA, DossierState.PREPARING, DossierState.RETURNED})
WITH_OFFICE = frozenset({DossierState.IDEA_SENT, DossierState.SUBMITTED, DossierState.FORWARDED})
IN_A_ROUND = ("submitted", "returned", "forwarded", "admitted", "scored", "certified", "refused")


class Dossier(Model):
    """One product's way through one evaluation."""

    __tablename__ = "dossiers"
    __table_args__ = (
        CheckConstraint("(kind = 'new') = (previous_certificate_id IS NULL)", name="previous_by_kind"),
        CheckConstraint("kind = 'new' OR product_id IS NOT NULL", name="product_by_kind"),
        CheckConstraint("(state = 'certified') = (certificate_id IS NOT NULL)", name="certified_by_certificate"),
        CheckConstraint("state <> 'refused' OR refusal_reason <> ''", name="refused_with_reason"),
        CheckConstraint(
            f"state NOT IN ({', '.join(repr(s) for s in IN_A_ROUND)}) OR round_id IS NOT NULL", name="in_a_round"
        ),
        CheckConstraint("state NOT IN ('scored', 'certified') OR score IS NOT NULL", name="scored"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 100)", name="score"),
        CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("wanted_stars BETWEEN 3 AND 5", name="wanted_stars"),
        CheckConstraint("samples_promised >= 0 AND samples_received >= 0", name="samples"),
        Index(
            "uq_dossiers_open_product",
            "product_id",
            unique=True,
            sqlite_where=text("state NOT IN ('certified', 'refused', 'withdrawn')"),
            postgresql_where=text("state NOT IN ('certified', 'refused', 'withdrawn')"),
        ),
        Index("ix_dossiers_producer_id", "producer_id"),
        Index("ix_dossiers_round_id_state", "round_id", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))  # None: not in the register yet
    round_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_rounds.id"))
    kind: Mapped[DossierKind] = mapped_column(choice(DossierKind, "kind"))
    state: Mapped[DossierState] = mapped_column(choice(DossierState, "state"))
    ruleset_code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400), default=folded_name)
    name_en: Mapped[str] = mapped_column(String(200), default="")
    set_code: Mapped[str] = mapped_column(String(8))  # of today's classification
    exists_already: Mapped[bool] = mapped_column(default=False)  # made and sold before (form 02), or new (form 01)
    idea: Mapped[str] = mapped_column(Text, default="")
    materials: Mapped[str] = mapped_column(Text, default="")
    labour: Mapped[str] = mapped_column(Text, default="")
    market: Mapped[str] = mapped_column(Text, default="")
    wanted_stars: Mapped[int] = mapped_column(default=3)
    previous_certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    samples_promised: Mapped[int] = mapped_column(default=0)  # units the producer has ready
    samples_received: Mapped[int] = mapped_column(default=0)
    remark: Mapped[str] = mapped_column(Text, default="")  # what an officer last asked to mend
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # the last time
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))  # the council's average
    stars: Mapped[int | None]  # what score and minimum criteria came to
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    refusal_reason: Mapped[str] = mapped_column(Text, default="")

    producer: Mapped[Producer] = related()
    product: Mapped[Product | None] = related()
    round: Mapped[EvaluationRound | None] = related()
    previous: Mapped[Certificate | None] = related(foreign_keys=[previous_certificate_id])
    certificate: Mapped[Certificate | None] = related(foreign_keys=[certificate_id])

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.folded = fold(name)
        return name

    @property
    def rules(self) -> RuleSet:
        return ruleset(self.ruleset_code)

    def late(self, on: date) -> Late | None:
        """What stands too long about it on a day; its round is loaded."""
        if self.round is None or self.round.closed_at is not None:
            return None
        return late(self.state.value, self.round.first_deadline, self.round.province_deadline, on)

    @property
    def of_set(self) -> ProductSet:
        return product_set(self.set_code)


class DossierPaper(Model):
    """A paper of the vault that answers a requirement of the rule set."""

    __tablename__ = "dossier_papers"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    requirement: Mapped[str] = mapped_column(String(32), primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    attached_at: Mapped[datetime]

    paper: Mapped[Paper] = related()


class DossierStep(Model):
    """Who did what with a dossier, when. Append-only; shown to its producer and to the officers."""

    __tablename__ = "dossier_steps"
    __table_args__ = (Index("ix_dossier_steps_dossier_id", "dossier_id"),)

    id: Mapped[RowId]
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(32))
    state: Mapped[DossierState] = mapped_column(choice(DossierState, "state"))  # where it came to
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[str] = mapped_column(String(32))
    behalf: Mapped[str] = mapped_column(String(200), default="")  # for whom, where the actor is not of it
    remark: Mapped[str] = mapped_column(Text, default="")


class PreAssessment(Model):
    """What the first level found, at each hand-in anew: topic by topic as the rule set asks, and a conclusion."""

    __tablename__ = "pre_assessments"
    __table_args__ = (
        CheckConstraint("conclusion <> ''", name="conclusion"),
        Index("ix_pre_assessments_dossier_id", "dossier_id"),
    )

    id: Mapped[RowId]
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    held_on: Mapped[date]  # the meeting's day
    findings: Mapped[dict[str, Any]] = mapped_column(JSON)  # by topic: {"met": bool, "text": str}
    conclusion: Mapped[str] = mapped_column(Text)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("kept_files.id"))  # the signed report
    assessed_at: Mapped[datetime]
    assessed_by: Mapped[str] = mapped_column(String(120))

    report: Mapped[KeptFile | None] = related()
